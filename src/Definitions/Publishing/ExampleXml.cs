using System.Text;
using System.Xml;
using System.Xml.Linq;
using Kilde.Definitions.Model;
using XmlNode = Kilde.Definitions.Model.XmlNode;

namespace Kilde.Definitions.Publishing;

/// <summary>
/// A small XML message that shows every element and attribute of a type and is accepted by it in a test environment.
/// Where one of several elements may stand, the first is shown.
/// </summary>
public static class ExampleXml
{
    public static string Of(MessageType type)
    {
        var xml = type.Xml ?? throw new ArgumentException("Not an XML message type.", nameof(type));
        var root = new Writer(xml.Namespace, new ExampleValues(type)).Element(xml.Root);
        var text = new StringBuilder();
        var settings = new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n" };
        using (var writer = XmlWriter.Create(text, settings)) root.Save(writer);
        return $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{text}\n";
    }

    private sealed class Writer(XNamespace space, ExampleValues values)
    {
        public XElement Element(XmlNode node)
        {
            var element = new XElement(space + node.Name);
            foreach (var item in node.Attributes)
            {
                if (values.Of(item) is { } value) element.SetAttributeValue(item.Name, value);
            }

            if (node.Text is { } text) element.Value = values.Of(text) ?? "";
            if (node.Content is { } content) Add(element, node, content);
            return element;
        }

        private void Add(XElement parent, XmlNode node, XmlParticle particle)
        {
            for (var i = 0; i < Math.Max(1, particle.Min); i++)
            {
                switch (particle.Kind)
                {
                    case ParticleKind.Element: parent.Add(Element(node.Children[particle.Child])); break;
                    case ParticleKind.Choice: Add(parent, node, particle.Items[0]); break;
                    default:
                        foreach (var item in particle.Items) Add(parent, node, item);
                        break;
                }
            }
        }
    }
}
