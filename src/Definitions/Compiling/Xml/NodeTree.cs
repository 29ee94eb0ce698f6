using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>
/// The places elements can stand: one node for each way down from the root. Messages do not nest in themselves, so the
/// tree is finite, and every path of the definition can be resolved before anything is read.
/// </summary>
internal sealed class NodeTree
{
    private const int DepthMax = 24;
    private const int NodesMax = 2000;

    private readonly IReadOnlyDictionary<string, ElementShape> _shapes;
    private readonly MistakeLog _log;
    private readonly List<XmlNode> _nodes = [];
    private readonly Dictionary<XmlNode, ElementShape> _shapeOf = [];
    private readonly Dictionary<XmlItem, ItemShape> _itemShapes = [];

    public NodeTree(IReadOnlyDictionary<string, ElementShape> shapes, MistakeLog log) =>
        (_shapes, _log) = (shapes, log);

    public IReadOnlyList<XmlNode> Nodes => _nodes;

    public XmlNode? Grow(string root, YamlNode at)
    {
        if (!_shapes.TryGetValue(root, out var shape))
        {
            _log.Add("DEF-025", at, $"Rotelementet «{root}» er ikke beskrevet.", "Beskriv det under elements.");
            return null;
        }

        var node = Place(shape, null, 0);
        foreach (var one in _nodes) one.Constraints = Constraints(one);
        foreach (var one in _nodes) one.IsRepeated = MaxOf(one) != 1;
        foreach (var one in _nodes) ResolveRanges(one);
        foreach (var unused in _shapes.Values.Except(_shapeOf.Values))
        {
            _log.Add("DEF-025", unused.At, $"Elementet «{unused.Key}» står ikke i noe innhold.",
                "Nevn det i content, eller ta det bort.");
        }

        return node;
    }

    public ElementShape ShapeOf(XmlNode node) => _shapeOf[node];

    public ItemShape ShapeOf(XmlItem item) => _itemShapes[item];

    /// <summary>Nodes of the element with the key, or at the path from the root.</summary>
    public IReadOnlyList<XmlNode> Find(string keyOrPath) =>
    [
        .. _nodes.Where(node => _shapeOf[node].Key == keyOrPath
            || node.Path[1..] == keyOrPath || node.Path.EndsWith($"/{keyOrPath}", StringComparison.Ordinal)),
    ];

    /// <summary>
    /// What a path means where it is written: <c>@x</c> the node's own; <c>Episode/@x</c> the nearest of that name
    /// among the node and those above, then below the node, then below those above. Without @ it is an element's text.
    /// </summary>
    public XmlItemRef? Resolve(XmlNode from, string path)
    {
        var steps = path.Split('/');
        for (var node = from; node is not null; node = node.Parent)
        {
            if (steps.Length > 1 && node.Name == steps[0] && ItemBelow(node, steps.AsSpan(1)) is { } named)
                return named;
            if (steps.Length == 1 && node == from && ItemBelow(node, steps) is { } own) return own;
        }

        for (var node = from; node is not null; node = node.Parent)
        {
            if (ItemBelow(node, steps) is { } below && (steps.Length > 1 || steps[0][0] != '@')) return below;
        }

        return null;
    }

    /// <summary>As <see cref="Resolve"/>; a path to nothing is a mistake.</summary>
    public XmlItemRef? Require(XmlNode from, string? path, YamlNode at)
    {
        if (path is null) return null;
        var item = Resolve(from, path);
        if (item is null)
        {
            _log.Add("DEF-025", at, $"«{path}» finnes ikke sett fra {from.Path}.",
                "Skriv @attributt, Element/@attributt eller Element/tekstelement.");
        }

        return item;
    }

    /// <summary>How many times the child may stand in its parent; null is unbounded.</summary>
    public static int? MaxOf(XmlNode child) =>
        child.Parent?.Content is { } content ? Max(content, IndexOf(child)) : 1;

    private XmlNode Place(ElementShape shape, XmlNode? parent, int depth)
    {
        var path = $"{parent?.Path}/{shape.Name}";
        var attributes = shape.Attributes.Where(item => !item.IsProhibited).Select(item => Keep(item, path)).ToArray();
        var node = new XmlNode
        {
            Name = shape.Name,
            Parent = parent,
            Ordinal = _nodes.Count,
            Titles = shape.Titles.Nb.Length > 0 ? shape.Titles : new LocalizedText(shape.Name),
            Attributes = attributes,
            FindBy = FindBy(shape, attributes),
            IsContactPerson = shape.IsContactPerson,
        };
        _nodes.Add(node);
        _shapeOf[node] = shape;
        if (shape.Text is { } text) node.Text = Keep(text, path);
        if (shape.Content is not null && depth < DepthMax && _nodes.Count < NodesMax)
        {
            var children = new List<XmlNode>();
            var content = Particle(shape.Content, node, children, depth);
            if (children.Count > 0) (node.Children, node.Content) = (children, content);
        }
        else if (shape.Content is not null)
        {
            _log.Add("DEF-023", shape.At, $"«{shape.Key}» står i seg selv, eller nestingen er for dyp.",
                $"En melding har høyst {DepthMax} nivåer.");
        }

        ResolveDays(node, shape);
        return node;
    }

    private XmlItem Keep(ItemShape shape, string path)
    {
        var item = shape.Place(path);
        _itemShapes[item] = shape;
        return item;
    }

    private XmlItem? FindBy(ElementShape shape, XmlItem[] attributes)
    {
        if (shape.FindBy is null) return null;
        var item = attributes.FirstOrDefault(attribute => attribute.Name == shape.FindBy);
        if (item is not null && !item.IsIdentifier) return item;
        _log.Add("DEF-025", shape.At, $"findBy: «{shape.FindBy}» er ikke et attributt som kan vises.",
            "Bruk elementets egen lokale id, aldri en personidentifikator.");
        return null;
    }

    private XmlParticle Particle(ContentShape content, XmlNode parent, List<XmlNode> children, int depth)
    {
        if (content.Kind != ParticleKind.Element)
        {
            return new XmlParticle(content.Kind, content.Min, content.Max, -1,
                [.. content.Items.Select(item => Particle(item, parent, children, depth))]);
        }

        if (!_shapes.TryGetValue(content.Element, out var shape))
        {
            _log.Add("DEF-025", content.At, $"Elementet «{content.Element}» er ikke beskrevet.",
                CloseMatch.Advise(content.Element, _shapes.Keys));
            return new XmlParticle(ParticleKind.Sequence, 1, 1, -1, []);
        }

        var known = children.FindIndex(child => child.Name == shape.Name);
        if (known < 0)
        {
            known = children.Count;
            children.Add(null!);
            children[known] = Place(shape, parent, depth + 1);
        }

        return new XmlParticle(ParticleKind.Element, content.Min, content.Max, known, []);
    }

    private void ResolveDays(XmlNode node, ElementShape shape)
    {
        foreach (var item in node.Attributes.Concat(node.Text is null ? [] : [node.Text]))
        {
            if (item.Field.CodeList is not { IsDated: true }) continue;
            var own = _itemShapes[item].CodeValidOn;
            foreach (var (text, at) in own.Count > 0 ? own : shape.CodeValidOn)
            {
                item.CodeValidOn ??= Day(node, text);
                if (item.CodeValidOn is null && own.Count + shape.CodeValidOn.Count == 1)
                {
                    _log.Add("DEF-025", at, $"codeValidOn: «{text}» finnes ikke sett fra {node.Path}.",
                        "Skriv @attributt, Forelder/@attributt eller en dato.");
                }
            }

            item.CodeValidOn ??= _defaultDay is { } day ? Day(node, day) : null;
        }
    }

    // When all of the tree stands: the days of a message are told before and beside what they bound.
    private void ResolveRanges(XmlNode node)
    {
        foreach (var item in node.Attributes.Concat(node.Text is null ? [] : [node.Text]))
        {
            if (_itemShapes[item].Days is { } days)
                item.Days = new XmlDays(End(node, days.From, days.Node), End(node, days.To, days.Node));
        }
    }

    private XmlDay? End(XmlNode node, string text, YamlNode at)
    {
        if (text.Length == 0) return null;
        if (Day(node, text) is { } day) return day;
        _log.Add("DEF-025", at, $"range: «{text}» finnes ikke sett fra {node.Path}.",
            "Skriv en dato, @attributt, Forelder/@attributt eller Forelder/tekstelement.");
        return null;
    }

    private string? _defaultDay;

    /// <summary>The day codes are held against where nothing nearer is said.</summary>
    public NodeTree WithDefaultDay(string? path)
    {
        _defaultDay = path;
        return this;
    }

    private XmlDay? Day(XmlNode node, string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day)) return new XmlDay(null, day);
        return Resolve(node, text) is { Item.Field.Type: FieldType.Date or FieldType.DateTime } item
            ? new XmlDay(item, null)
            : null;
    }

    private List<XmlConstraint> Constraints(XmlNode owner)
    {
        var constraints = new List<XmlConstraint>();
        foreach (var shape in _shapeOf[owner].Constraints.OrderBy(shape => shape.Kind))
        {
            var refers = constraints.Find(other => other.Name == shape.To && other.Kind != ConstraintKind.Reference);
            var target = Descend(owner, shape.Of.Split('/'));
            var fields = target is null
                ? []
                : shape.Fields
                    .Select(field => target.Attributes.FirstOrDefault(item => $"@{item.Name}" == field)).ToArray();
            var isBroken = target is null != shape.NeverMatches || fields.Contains(null)
                || (shape.Kind == ConstraintKind.Reference && refers is null);
            if (isBroken)
            {
                _log.Add("DEF-025", shape.At, $"«{shape.Name}» viser til noe som ikke finnes sett fra {owner.Path}.",
                    "Sjekk of, fields (@attributt) og to; skriv neverMatches: true når skjemaets regel aldri treffer.");
                continue;
            }

            ConstraintTarget[] targets =
                target is null ? [] : [new ConstraintTarget(target, [.. fields.OfType<XmlItem>()])];
            constraints.Add(new XmlConstraint(shape.Name, shape.Kind, targets, refers));
        }

        return constraints;
    }

    private static XmlNode? Descend(XmlNode from, ReadOnlySpan<string> steps)
    {
        var node = from;
        foreach (var step in steps)
        {
            node = node.Children.FirstOrDefault(child => child.Name == step);
            if (node is null) return null;
        }

        return node;
    }

    private static XmlItemRef? ItemBelow(XmlNode from, ReadOnlySpan<string> steps)
    {
        var isAttribute = steps[^1].StartsWith('@');
        if (Descend(from, isAttribute ? steps[..^1] : steps) is not { } node) return null;
        var name = steps[^1];
        var item = isAttribute ? node.Attributes.FirstOrDefault(item => item.Name == name[1..]) : node.Text;
        return item is null ? null : new XmlItemRef(node, item);
    }

    private static int IndexOf(XmlNode child)
    {
        var siblings = child.Parent!.Children;
        for (var i = 0; i < siblings.Count; i++)
        {
            if (siblings[i] == child) return i;
        }

        return -1;
    }

    private static int? Max(XmlParticle particle, int child)
    {
        var inside = particle.Kind switch
        {
            ParticleKind.Element => particle.Child == child ? 1 : 0,
            ParticleKind.Sequence => particle.Items.Select(item => Max(item, child))
                .Aggregate((int?)0, (a, b) => a + b),
            _ => particle.Items.Select(item => Max(item, child)).Aggregate(
                (int?)0, (a, b) => a is null || b is null ? null : Math.Max(a.Value, b.Value)),
        };
        return inside == 0 ? 0 : inside * particle.Max;
    }
}
