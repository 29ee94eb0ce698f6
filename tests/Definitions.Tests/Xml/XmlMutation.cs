using Kilde.Testing;
using System.Xml.Linq;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>Changes one thing in a message, as senders' programs do when they are wrong.</summary>
internal sealed class XmlMutation(MessageType type, Dice dice)
{
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

    public string Apply(XElement message)
    {
        var copy = Copy(message);
        var times = dice.Next(8) == 0 ? 2 : 1;
        for (var i = 0; i < times; i++) Change(copy);
        var xml = dice.Next(12) == 0 ? copy.ToString() : copy.ToString(SaveOptions.DisableFormatting);
        return dice.Next(30) == 0 ? ChangeText(xml) : xml;
    }

    // Annotations are not copied by the platform, and are wanted.
    private static XElement Copy(XElement element)
    {
        var copy = new XElement(element.Name, element.Attributes());
        if (element.Annotation<XmlNode>() is { } node) copy.AddAnnotation(node);
        foreach (var child in element.Nodes()) copy.Add(child is XElement below ? Copy(below) : child);
        return copy;
    }

    private void Change(XElement root)
    {
        var all = root.DescendantsAndSelf().ToArray();
        var element = all[dice.Next(all.Length)];
        var attributes = element.Attributes().Where(one => !one.IsNamespaceDeclaration).ToArray();
        var attribute = attributes.Length > 0 ? attributes[dice.Next(attributes.Length)] : null;
        switch (dice.Next(22))
        {
            case 0 when attribute is not null: attribute.Remove(); break;
            case 1: Set(element, "ukjent", "1"); break;
            case 2 when attribute is not null: Rename(element, attribute); break;
            case 3 or 4 or 5 or 6: SetValue(element, attribute); break;
            case 7 when element != root: element.Remove(); break;
            case 8 or 9 when element != root: element.AddAfterSelf(Copy(element)); break;
            case 10 when element != root: Swap(element); break;
            case 11 when element != root: element.Name = all[dice.Next(all.Length)].Name; break;
            case 12 when element != root: element.Name = element.Name.Namespace + "Ukjent"; break;
            case 13 when element != root: Move(element, all); break;
            case 14: AddText(element); break;
            case 15 when element != root: element.Name = (XNamespace)"urn:annet" + element.Name.LocalName; break;
            case 16: CopyValue(element, attribute, all); break;
            case 17: AddForeign(element); break;
            case 18: AddAside(element); break;
            case 19: AddKnown(element); break;
            case 20: Set(root, XNamespace.Xmlns + "n", type.Xml!.Namespace); break;
            case 21 when dice.Next(4) == 0: RenameRoot(root, all); break;
        }
    }

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

    private void SetValue(XElement element, XAttribute? attribute)
    {
        var value = dice.Next(10) == 0 ? new string('9', dice.Next(1, 200)) : Values[dice.Next(Values.Length)];
        if (attribute is not null) attribute.Value = value;
        else if (!element.HasElements) element.Value = value;
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
    private void CopyValue(XElement element, XAttribute? attribute, XElement[] all)
    {
        if (attribute is null) return;
        var same = all.Where(one => one != element && one.Name == element.Name).ToArray();
        var from = same.Length > 0 && dice.Next(3) > 0
            ? same[dice.Next(same.Length)].Attribute(attribute.Name)
            : all[dice.Next(all.Length)].FirstAttribute;
        if (from is { IsNamespaceDeclaration: false }) attribute.Value = from.Value;
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
