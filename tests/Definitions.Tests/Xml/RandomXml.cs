using Kilde.Testing;
using System.Xml.Linq;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>Makes valid messages of a definition, small enough to be many.</summary>
internal sealed class RandomXml(MessageType type, Dice dice)
{
    private const int DepthOfPlenty = 9;
    private const int PlentyOfElements = 70;

    private static readonly string[] Candidates =
    [
        "1", "12", "123", "1234", "12345678", "123456789", "A", "AB", "ABC12", "2019-W20", "1.5", "12.50",
        "+4790000000",
    ];

    private readonly XNamespace _namespace = type.Xml!.Namespace;
    private int _next;
    private int _elements;

    public XElement Message()
    {
        _elements = 0;
        var root = Element(type.Xml!.Root, 0);
        foreach (var owner in root.DescendantsAndSelf().ToArray()) MakeUnique(owner);
        foreach (var owner in root.DescendantsAndSelf().ToArray()) MakeReferences(owner);
        return root;
    }

    private static XmlNode NodeOf(XElement element) => element.Annotation<XmlNode>()!;

    private XElement Element(XmlNode node, int depth)
    {
        _elements++;
        var element = new XElement(_namespace + node.Name);
        element.AddAnnotation(node);
        foreach (var item in node.Attributes)
        {
            if (item.IsRequired || dice.Next(3) == 0) element.SetAttributeValue(item.Name, Value(item));
        }

        if (node.Text is { } text) element.Value = Value(text);
        if (node.Content is { } content) Fill(element, node, content, depth);
        return element;
    }

    private void Fill(XElement parent, XmlNode node, XmlParticle particle, int depth)
    {
        var extra = _elements > PlentyOfElements ? 0 : dice.Next(depth < DepthOfPlenty ? 3 : 2);
        var times = Math.Min(particle.Min + extra, particle.Max ?? int.MaxValue);
        for (var i = 0; i < times; i++)
        {
            switch (particle.Kind)
            {
                case ParticleKind.Element:
                    parent.Add(Element(node.Children[particle.Child], depth + 1));
                    break;
                case ParticleKind.Choice:
                    Fill(parent, node, particle.Items[dice.Next(particle.Items.Count)], depth);
                    break;
                default:
                    foreach (var item in particle.Items) Fill(parent, node, item, depth);
                    break;
            }
        }
    }

    private string Value(XmlItem item)
    {
        if (item.Fixed is { } value) return value;
        if (item.Type.Values is { } values) return values[dice.Next(values.Count)];
        if (item.Field.CodeList is { } list) return list.Codes[dice.Next(list.Codes.Count)].Value.Value;
        if (item.IsCompactDate || item.Type.Pattern is not null) return Day().ToString("yyyyMMdd");
        return item.Type.Base switch
        {
            XmlBase.Guid => Guid(),
            XmlBase.Date => Day().ToString("yyyy-MM-dd"),
            XmlBase.DateTime => Day().ToString("yyyy-MM-dd") + $"T{dice.Next(24):00}:{dice.Next(60):00}:00",
            XmlBase.GYear => $"{dice.Next(1920, 2020)}",
            XmlBase.Boolean => dice.Next(2) == 0 ? "true" : "0",
            XmlBase.Decimal or XmlBase.Double => $"{dice.Next(999)}.{dice.Next(99):00}",
            _ when item.Type.IsWhole => $"{dice.Next(1, 99)}",
            _ => Text(item),
        };
    }

    private string Text(XmlItem item)
    {
        if (item.Field.Pattern is { } pattern)
            return Candidates.FirstOrDefault(text => Fits(item, text) && pattern.IsMatch(text)) ?? "1";
        var text = new string('7', Math.Max(1, item.Type.LengthMin));
        return item.Type.LengthMax < 5 ? text : $"T{dice.Next(100)}";
    }

    private static bool Fits(XmlItem item, string text) =>
        text.Length >= item.Type.LengthMin && text.Length <= item.Type.LengthMax;

    private DateOnly Day() => new DateOnly(type.FirstDataYear, 1, 1).AddDays(dice.Next(365));

    private string Guid() => dice.NextGuid().ToString(dice.Next(2) == 0 ? "D" : "B");

    private void MakeUnique(XElement owner)
    {
        foreach (var constraint in NodeOf(owner).Constraints.Where(one => one.Kind != ConstraintKind.Reference))
        {
            foreach (var target in constraint.Targets)
            {
                foreach (var element in Below(owner, target.Node))
                {
                    var item = target.Fields[0];
                    element.SetAttributeValue(item.Name, Fresh(item));
                }
            }
        }
    }

    private string Fresh(XmlItem item) => item.Type.Base switch
    {
        XmlBase.Guid => Guid(),
        _ when item.Type.IsWhole => $"{++_next}",
        _ => $"K{++_next}",
    };

    private void MakeReferences(XElement owner)
    {
        if (owner.Document is null && owner.Parent is null && NodeOf(owner).Parent is not null) return;
        foreach (var constraint in NodeOf(owner).Constraints.Where(one => one.Kind == ConstraintKind.Reference))
        {
            string[] keys = [.. ValuesOf(owner, constraint.Refers!).Select(one => one.Value)];
            foreach (var target in constraint.Targets)
            {
                foreach (var element in Below(owner, target.Node).ToArray())
                {
                    var item = target.Fields[0];
                    if (keys.Length > 0)
                    {
                        if (element.Attribute(item.Name) is not null)
                            element.SetAttributeValue(item.Name, keys[dice.Next(keys.Length)]);
                    }
                    else if (item.IsRequired) element.Remove();
                    else element.SetAttributeValue(item.Name, null);
                }
            }
        }
    }

    /// <summary>The values in an element that a constraint of it is about.</summary>
    public static IEnumerable<XAttribute> ValuesOf(XElement owner, XmlConstraint constraint) =>
        constraint.Targets.SelectMany(target => Below(owner, target.Node)
            .Select(element => element.Attribute(target.Fields[0].Name))).OfType<XAttribute>();

    private static IEnumerable<XElement> Below(XElement owner, XmlNode node) =>
        owner.Descendants().Where(element => NodeOf(element) == node);
}
