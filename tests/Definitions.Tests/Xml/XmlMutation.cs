using Kilde.Testing;
using System.Xml.Linq;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>What was done to a message.</summary>
internal enum MutationKind
{
    Added = 1,
    Removed,
    Renamed,
    Reordered,

    /// <summary>A value of another type, most often.</summary>
    Retyped,

    /// <summary>A value at the bounds of its own type, or just outside them.</summary>
    AtBounds,

    RepeatedId,
    BrokenReference,

    /// <summary>A value that stands elsewhere in the message.</summary>
    Copied,

    Moved,

    /// <summary>Text, CDATA, comments and instructions.</summary>
    Text,

    /// <summary>Prefixes, and names that belong to others.</summary>
    Foreign,

    /// <summary>Letters changed with no thought of elements.</summary>
    Letters,

    /// <summary>Two at once.</summary>
    Several,
}

/// <summary>A message that was changed, or not: some changes come to nothing.</summary>
internal sealed record Mutant(string Xml, MutationKind Kind);

/// <summary>Changes one thing in a message, as senders' programs do when they are wrong.</summary>
internal sealed class XmlMutation(MessageType type, Dice dice)
{
    private const int TriesMax = 20;

    private static readonly string[] Values =
    [
        "", " ", "x", "-1", "+1", "0", "01", "1.0", "1.", ".5", "-0", "1e3", "INF", "NaN", "12345678901234567890",
        "99999999999999999999999999999999", "2147483648", "32768", "-9223372036854775809", "true", "TRUE",
        "2019-02-28", "2019-02-29", "2020-02-29", "2019-13-01", "2019-1-1", "2019-02-28Z", "2019-02-28+01:00",
        " 2019-02-28 ", "-0001-01-01", "0000-01-01", "12019-01-01", "2019-02-28T10:00:00", "2019-02-28T24:00:00",
        "2019-02-28T25:00:00", "2019-02-28T10:00:00.123", "2019-02-28T10:00:00.12345678901", "2019-02-28T10:00:00Z",
        "2019-02-28T10:00:00+14:00", "2019-02-28T10:00:00+14:01", "2019-02-28T10:00", "2019-02-28 10:00:00",
        "2019-02-28T10:00:00.", "2019-03-31T02:30:00", "0001-01-01T00:00:00+05:00", "2019", "19", "0000", "2019Z",
        "20190228", "20190229", "99991231", "20191301", "2019022", "123456", "1234", "12345", "a b", "æøå", "😀",
        "00000000-0000-0000-0000-000000000000", "{00000000-0000-0000-0000-000000000000}",
        "{00000000-0000-0000-0000-000000000000", "0000000-00000-0000-0000-000000000000",
        "G0000000-0000-0000-0000-000000000000", "999.99", "1000.00", "99.999", "7.50", "7.500", "\t1\n", "1\u00a0",
        "0.00000000000000000000000000001", "79228162514264337593543950335", "79228162514264337593543950336", "1,5", "+",
        "2019-02-28T23:59:60", "9999-12-31T23:59:59-14:00", "2019-02-28t10:00:00", "2019-02-28T10:00:00z", "2019+14:00",
    ];

    private static readonly string[] Scraps =
    [
        "<", ">", "&", "&amp;", "&#65;", "&#0;", "&nbsp;", "\"", " ", "\n", "\0", "<!-- x -->", "<x/>",
        "<![CDATA[ ]]>",
    ];

    /// <param name="form">How the message is written; the same for all that are made of it.</param>
    public Mutant Apply(XElement message, SaveOptions form)
    {
        var copy = Copy(message);
        var wanted = dice.Next(8) == 0 ? 2 : 1;
        var kinds = new List<MutationKind>();
        for (var tries = 0; kinds.Count < wanted && tries < TriesMax; tries++)
        {
            if (Change(copy) is { } kind) kinds.Add(kind);
        }

        var xml = copy.ToString(form);
        if (dice.Next(30) == 0) return new Mutant(ChangeText(xml), MutationKind.Letters);
        return new Mutant(xml, kinds is [var only] ? only : MutationKind.Several);
    }

    // Annotations are not copied by the platform, and are wanted.
    private static XElement Copy(XElement element)
    {
        var copy = new XElement(element.Name, element.Attributes());
        if (element.Annotation<XmlNode>() is { } node) copy.AddAnnotation(node);
        foreach (var child in element.Nodes()) copy.Add(child is XElement below ? Copy(below) : child);
        return copy;
    }

    // Null when there was nothing to do it to.
    private MutationKind? Change(XElement root)
    {
        var all = root.DescendantsAndSelf().ToArray();
        var element = all[dice.Next(all.Length)];
        var attributes = element.Attributes().Where(one => !one.IsNamespaceDeclaration).ToArray();
        var attribute = attributes.Length > 0 ? attributes[dice.Next(attributes.Length)] : null;
        return dice.Next(28) switch
        {
            0 when attribute is not null => Do(MutationKind.Removed, attribute.Remove),
            1 => Do(MutationKind.Added, () => Set(element, "ukjent", "1")),
            2 when attribute is not null => Do(MutationKind.Renamed, () => Rename(element, attribute)),
            3 or 4 or 5 => SetValue(element, attribute),
            6 or 7 or 8 => SetBound(element, attribute),
            9 when element != root => Do(MutationKind.Removed, element.Remove),
            10 or 11 when element != root => Do(MutationKind.Added, () => element.AddAfterSelf(Copy(element))),
            12 or 13 when element != root => Do(MutationKind.Reordered, () => Swap(element)),
            14 when element != root => Do(MutationKind.Renamed, () => element.Name = all[dice.Next(all.Length)].Name),
            15 when element != root => Do(MutationKind.Renamed, () => element.Name = element.Name.Namespace + "Ukjent"),
            16 when element != root => Do(MutationKind.Moved, () => Move(element, all)),
            17 => Do(MutationKind.Text, () => AddText(element)),
            18 when element != root =>
                Do(MutationKind.Foreign, () => element.Name = (XNamespace)"urn:annet" + element.Name.LocalName),
            19 => CopyValue(element, attribute, all),
            20 => Do(MutationKind.Foreign, () => AddForeign(element)),
            21 => Do(MutationKind.Text, () => AddAside(element)),
            22 => Do(MutationKind.Added, () => AddKnown(element)),
            23 => Do(MutationKind.Foreign, () => Set(root, XNamespace.Xmlns + "n", type.Xml!.Namespace)),
            24 when dice.Next(4) == 0 => Do(MutationKind.Renamed, () => RenameRoot(root, all)),
            25 or 26 => RepeatId(root),
            27 => BreakReference(root),
            _ => null,
        };
    }

    private static MutationKind Do(MutationKind kind, Action change)
    {
        change();
        return kind;
    }

    // What must differ stands twice within the element that it must differ in.
    private MutationKind? RepeatId(XElement root)
    {
        var sets = ConstraintsIn(root).Where(one => one.Constraint.Kind != ConstraintKind.Reference)
            .Select(one => RandomXml.ValuesOf(one.Owner, one.Constraint).ToArray())
            .Where(values => values.Length > 1).ToArray();
        if (sets.Length == 0) return null;
        var ids = sets[dice.Next(sets.Length)];
        var (from, to) = (dice.Next(ids.Length), dice.Next(ids.Length - 1));
        ids[to < from ? to : to + 1].Value = ids[from].Value;
        return MutationKind.RepeatedId;
    }

    // A value of the right type, which nothing has.
    private MutationKind? BreakReference(XElement root)
    {
        var references = ConstraintsIn(root).Where(one => one.Constraint.Kind == ConstraintKind.Reference)
            .SelectMany(one => RandomXml.ValuesOf(one.Owner, one.Constraint)).ToArray();
        if (references.Length == 0) return null;
        var broken = references[dice.Next(references.Length)];
        broken.Value = Guid.TryParse(broken.Value, out _) ? $"{dice.NextGuid()}"
            : broken.Value is [>= '0' and <= '9', ..] ? "999999" : "K999999";
        return MutationKind.BrokenReference;
    }

    private static IEnumerable<(XElement Owner, XmlConstraint Constraint)> ConstraintsIn(XElement root) =>
        root.DescendantsAndSelf()
            .SelectMany(owner => owner.Annotation<XmlNode>()!.Constraints.Select(one => (owner, one)));

    private void RenameRoot(XElement root, XElement[] all) => root.Name = dice.Next(3) switch
    {
        0 => (XNamespace)"urn:annet" + root.Name.LocalName,
        1 => root.Name.Namespace + "Ukjent",
        _ => all[dice.Next(all.Length)].Name,
    };

    // What a reader of elements never sees; it may stand between two halves of a text.
    private void AddAside(XElement element)
    {
        XNode aside = dice.Next(2) == 0 ? new XComment("x") : new XProcessingInstruction("x", "y");
        var text = element.Nodes().OfType<XText>().FirstOrDefault();
        if (text is null || dice.Next(2) == 0)
        {
            element.Add(aside);
            return;
        }

        var middle = text.Value.Length / 2;
        text.AddAfterSelf(aside, new XText(text.Value[middle..]));
        text.Value = text.Value[..middle];
    }

    // Letters changed with no thought of elements: most often what comes out is no XML.
    private string ChangeText(string xml)
    {
        var at = dice.Next(xml.Length);
        return dice.Next(6) switch
        {
            0 => xml[..at],
            1 => xml.Remove(at, 1),
            2 => xml.Insert(at, xml.Substring(at, 1)),
            3 => xml.Insert(at, Scraps[dice.Next(Scraps.Length)]),
            4 => xml + Scraps[dice.Next(Scraps.Length)],
            _ => xml.Replace(">", "\r\n>", StringComparison.Ordinal),
        };
    }

    private static void Set(XElement element, XName name, string value) => element.SetAttributeValue(name, value);

    private static void Rename(XElement element, XAttribute attribute)
    {
        attribute.Remove();
        Set(element, attribute.Name.LocalName + "X", attribute.Value);
    }

    private MutationKind? SetValue(XElement element, XAttribute? attribute)
    {
        var value = dice.Next(10) == 0 ? new string('9', dice.Next(1, 200)) : Values[dice.Next(Values.Length)];
        if (attribute is not null) attribute.Value = value;
        else if (!element.HasElements) element.Value = value;
        else return null;
        return MutationKind.Retyped;
    }

    private MutationKind? SetBound(XElement element, XAttribute? attribute)
    {
        var node = element.Annotation<XmlNode>()!;
        var item = attribute is null
            ? node.Text
            : node.Attributes.FirstOrDefault(one => one.Name == attribute.Name.LocalName);
        if (item is null) return null;
        var bounds = BoundaryValues.Of(item.Type);
        var value = bounds[dice.Next(bounds.Count)];
        if (attribute is null) element.Value = value;
        else attribute.Value = value;
        return MutationKind.AtBounds;
    }

    private void Swap(XElement element)
    {
        var siblings = element.Parent!.Elements().ToArray();
        var other = siblings[dice.Next(siblings.Length)];
        if (other == element) return;
        element.Remove();
        if (dice.Next(2) == 0) other.AddBeforeSelf(element);
        else other.AddAfterSelf(element);
    }

    private void Move(XElement element, XElement[] all)
    {
        var to = all[dice.Next(all.Length)];
        if (to.AncestorsAndSelf().Contains(element)) return;
        element.Remove();
        to.Add(element);
    }

    private void AddText(XElement element)
    {
        switch (dice.Next(6))
        {
            case 0: element.Add(" \n "); break;
            case 1: element.AddFirst("tekst"); break;
            case 2: element.Add(new XCData("x")); break;
            case 3: element.Add(new XCData("")); break;
            case 4: element.Add(new XCData("\u00a0")); break;
            default: element.Add(new XCData(" ")); break;
        }
    }

    // A value that stands elsewhere: an id twice, or a reference to another kind of thing.
    private MutationKind? CopyValue(XElement element, XAttribute? attribute, XElement[] all)
    {
        var same = all.Where(one => one != element && one.Name == element.Name).ToArray();
        var isSame = same.Length > 0 && dice.Next(3) > 0;
        var from = isSame ? same[dice.Next(same.Length)] : all[dice.Next(all.Length)];
        if (attribute is null)
        {
            if (element.HasElements || from.HasElements) return null;
            element.Value = from.Value;
            return MutationKind.Copied;
        }

        var value = isSame ? from.Attribute(attribute.Name) : from.FirstAttribute;
        if (value is not { IsNamespaceDeclaration: false }) return null;
        attribute.Value = value.Value;
        return MutationKind.Copied;
    }

    private void AddForeign(XElement element)
    {
        XNamespace schema = "http://www.w3.org/2001/XMLSchema-instance";
        switch (dice.Next(6))
        {
            case 5: Set(element, schema + "type", "x"); break;
            case 0: Set(element, schema + "schemaLocation", "urn:x x.xsd"); break;
            case 1: Set(element, schema + "nil", "true"); break;
            case 2: Set(element, XNamespace.Xml + "lang", "nb"); break;
            case 3: Set(element, schema + "noNamespaceSchemaLocation", "x.xsd"); break;
            default: Set(element, (XNamespace)type.Xml!.Namespace + "egen", "1"); break;
        }
    }

    // An attribute of another element of the same definition, which may be prohibited here.
    private void AddKnown(XElement element)
    {
        var nodes = type.Xml!.Nodes;
        var node = dice.Next(2) == 0 ? element.Annotation<XmlNode>()! : nodes[dice.Next(nodes.Count)];
        if (node.Attributes.Count == 0) return;
        var item = node.Attributes[dice.Next(node.Attributes.Count)];
        Set(element, item.Name, Values[dice.Next(Values.Length)]);
    }
}
