using Kilde.Definitions.Model;

namespace Kilde.Definitions.Rules;

/// <summary>
/// Finds what a path in a rule means in the columns of a record type, and remembers what is asked for, so that a batch
/// is laid out no further than that.
/// </summary>
internal sealed class RecordPaths
{
    private readonly List<Shape> _shapes = [];
    private readonly List<Item> _items = [];
    private readonly Dictionary<string, Shape> _shapeOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Item> _itemOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonColumn> _json = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<(string Path, int Column, Shape Home)> _arrays = [];

    private RecordPaths()
    {
        Record = new Shape(parent: null, "", 0);
        _shapes.Add(Record);
    }

    public Shape Record { get; }

    public IReadOnlyList<Shape> Shapes => _shapes;

    public IReadOnlyList<Item> Items => _items;

    /// <summary>True when the message's reporting units are looked at, and no record.</summary>
    public bool IsOfUnits { get; private init; }

    /// <summary>True when the record may name its person by a number, and not by a patient number alone.</summary>
    public bool HasNumbers { get; private init; }

    /// <summary>What decides the data year; null when it stands outside the record.</summary>
    public Operand? Event { get; private set; }

    /// <summary>Columns with one value for each row, by path.</summary>
    public IReadOnlyDictionary<string, int> Columns => _columns;

    /// <summary>Columns that are arrays.</summary>
    public IReadOnlyList<(string Path, int Column, Shape Home)> Arrays => _arrays;

    /// <summary>Columns kept as Json, by the path of their elements.</summary>
    public IEnumerable<(string Path, int Column)> Json => _json.Select(json => (json.Key, json.Value.Column));

    /// <summary>Paths that may stand in a rule, for advice to who misspells one.</summary>
    public IEnumerable<string> All => [
        .. IsOfUnits || _shapes.Count > 1 || _columns.Count > 0 ? new[] { "unit" } : [],
        .. MessagePaths.All, .. _columns.Keys, .. _arrays.Select(array => array.Path),
        .. _json.SelectMany(json => json.Value.Content.Paths(json.Key))];

    /// <summary>Paths of the repeated elements.</summary>
    public IEnumerable<string> AllShapes =>
        _arrays.Select(array => array.Home.Path).Distinct()
            .Concat(_json.SelectMany(json => json.Value.Content.Elements(json.Key)));

    /// <summary>The message's own items alone, for rules that look at no record.</summary>
    public static RecordPaths OfMessage() => new();

    /// <summary>The reporting units that the message names, for rules that look at them where they are named.</summary>
    public static RecordPaths OfUnits() => new() { IsOfUnits = true };

    public static RecordPaths Of(RecordType record)
    {
        var paths = new RecordPaths
        {
            HasNumbers = record.Xml is { } message
                ? message.Person?.Value is not null
                : record.Fields.Any(field => field.Type == FieldType.Person),
        };
        for (var i = 0; i < record.Columns.Count; i++)
        {
            var column = record.Columns[i];
            if (record.Xml is { } xml) paths.Add(i, column.Kind, xml.Columns[i], xml.Node);
            else paths.Add(i, column);
        }

        var at = record.Xml is { } own
            ? own.Columns.ToList().FindIndex(column => column is { Group: null, Source: { } item } && item == own.Event)
            : record.Columns.ToList().FindIndex(column => column.Field == record.Event);
        if (at >= 0)
        {
            var item = new ColumnItem("event", paths.Record, paths._items.Count, at, isTime: true);
            paths._items.Add(item);
            paths.Event = new Operand(item, IsRepeated: false);
        }

        return paths;
    }

    /// <summary>Null when the path leads nowhere.</summary>
    public Item? Find(string path)
    {
        if (_itemOf.TryGetValue(path, out var known)) return known;
        if (path == "unit" && (IsOfUnits || _columns.Count > 0)) return Added(new UnitItem(path, Record, _items.Count));
        if (MessagePaths.Find(path, Record, _items.Count) is { } message) return Added(message);
        if (JsonOf(path) is not var (json, top)) return null;

        // The elements' own value, or a property of them or of those below.
        var parts = path == top.Path ? [] : path[(top.Path.Length + 1)..].Split('/');
        if (!json.Content.HasItem(parts)) return null;
        var home = parts.Length > 0 ? Within(top, json.Content, parts.AsSpan()[..^1]) : top;
        if (home is null) return null;
        var item = new JsonItem(path, home, _items.Count);
        home.JsonItems.Add((parts.Length == 0 ? "" : parts[^1].TrimStart('@'), item.Slot));
        return Added(item);
    }

    /// <summary>The repeated element; null when none stands there.</summary>
    public Shape? FindShape(string path)
    {
        if (_shapeOf.TryGetValue(path, out var known)) return known;
        if (JsonOf(path) is not var (json, top)) return null;
        return path == top.Path ? top : Within(top, json.Content, path[(top.Path.Length + 1)..].Split('/'));
    }

    private void Add(int column, ColumnKind kind, XmlColumn source, XmlNode record)
    {
        if (source is { Group: null, Source: { } item })
            AddColumn(column, kind, XmlPaths.Of(item, record), !XmlPaths.IsWithin(item.Node, record));
        else if (source is { Group: { } repeated, Source: { } part })
            AddArray(column, XmlPaths.Of(part, record), XmlPaths.Below(repeated, record), HasRepeated(repeated));
        else if (source.Group is { } group)
            _json.TryAdd(XmlPaths.Below(group, record), new JsonColumn(column, new XmlContent(group)));
    }

    private void Add(int index, RecordColumn column)
    {
        var path = column.WirePath.TrimStart('/');
        if (column.Kind == ColumnKind.Json) _json.TryAdd(path, new JsonColumn(index, new FieldContent(column.Field)));
        else if (column.Kind is ColumnKind.TextArray or ColumnKind.IntegerArray)
            AddArray(index, path, path.Contains('/') ? path[..path.LastIndexOf('/')] : path, isFlattened: false);
        else AddColumn(index, column.Kind, path, isApart: false);
    }

    private void AddColumn(int column, ColumnKind kind, string path, bool isApart)
    {
        if (!_columns.TryAdd(path, column)) return;
        var isTime = kind is ColumnKind.Date or ColumnKind.Instant;
        Added(new ColumnItem(path, Record, _items.Count, column, isTime) { IsApart = isApart });
    }

    private static bool HasRepeated(XmlNode node) =>
        node.Children.Any(child => child.IsRepeated || HasRepeated(child));

    private void AddArray(int column, string path, string group, bool isFlattened)
    {
        if (!_shapeOf.TryGetValue(group, out var home))
        {
            home = Added(new Shape(Record, group, _shapes.Count)
            {
                Column = column, IsRepeated = !isFlattened, IsFlattened = isFlattened,
            });
        }

        _arrays.Add((path, column, home));
        Added(new ArrayItem(path, home, _items.Count, column));
    }

    private (JsonColumn Column, Shape Top)? JsonOf(string path)
    {
        foreach (var (key, json) in _json)
        {
            if (path != key && !path.StartsWith($"{key}/", StringComparison.Ordinal)) continue;
            if (!_shapeOf.TryGetValue(key, out var top))
            {
                top = Added(new Shape(Record, key, _shapes.Count)
                {
                    Column = json.Column, IsJson = true, IsRepeated = json.Content.IsRepeated,
                });
            }

            return (json, top);
        }

        return null;
    }

    private Shape? Within(Shape top, JsonContent content, ReadOnlySpan<string> steps)
    {
        var shape = top;
        foreach (var step in steps)
        {
            if (content.Child(step) is not { } below) return null;
            content = below;
            var path = $"{shape.Path}/{step}";
            if (!_shapeOf.TryGetValue(path, out var next))
            {
                next = Added(new Shape(shape, path, _shapes.Count)
                {
                    Column = top.Column, IsJson = true, IsRepeated = content.IsRepeated, Name = step,
                });
                shape.Children.Add(next);
            }

            shape = next;
        }

        return shape;
    }

    private Shape Added(Shape shape)
    {
        _shapes.Add(shape);
        _shapeOf.Add(shape.Path, shape);
        return shape;
    }

    private Item Added(Item item)
    {
        _items.Add(item);
        _itemOf.TryAdd(item.Path, item);
        return item;
    }

    private sealed record JsonColumn(int Column, JsonContent Content);
}
