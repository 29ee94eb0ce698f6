using System.Xml.Linq;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>
/// Where we answer otherwise than an official schema, on purpose. Each is as narrow as it can be: it covers a message
/// only when nothing but the named thing sets the two apart.
/// </summary>
/// <param name="Reason">The defect of the schema, or why we chose otherwise.</param>
internal sealed record KnownDifference(string Name, string Reason, Func<MessageType, XElement, XElement?> WithoutIt)
{
    private static readonly XNamespace Schema = "http://www.w3.org/2001/XMLSchema-instance";

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new("any element is a root",
            "The schemas declare every element globally, and XML Schema lets any global element be the root. "
            + "A lone Kontaktperson is no message.",
            (type, message) =>
                message.Name.LocalName != type.Xml!.Root.Name && message.Name.NamespaceName == type.Xml.Namespace
                    && type.Xml.Nodes.Any(node => node.Name == message.Name.LocalName)
                    ? new XElement("gone")
                    : null),
        new("xsi:type",
            "XML Schema lets a message name the type of an element itself. No definition has derived types, so it can "
            + "only repeat what is known; we refuse it rather than read types that the sender chooses.",
            (_, message) =>
            {
                var named = message.DescendantsAndSelf().Attributes(Schema + "type").ToArray();
                foreach (var one in named) one.Remove();
                return named.Length > 0 ? message : null;
            }),
    ];

    /// <summary>What makes an element name its own type.</summary>
    public static XAttribute TypeOf(string name) => new(Schema + "type", name);

    /// <param name="isSame">Whether both answer alike to a message.</param>
    public bool Covers(MessageType type, string xml, Func<string, bool> isSame) =>
        WithoutIt(type, XElement.Parse(xml, LoadOptions.PreserveWhitespace)) is { } rest
            && isSame(rest.ToString(SaveOptions.DisableFormatting));
}
