using System.Collections.Frozen;
using System.Xml;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Reading.Xml;
using Kilde.Kernel;

namespace Kilde.Definitions;

/// <summary>All message types of the folder <c>definitions/</c>, with a reader for each.</summary>
public sealed class DefinitionCatalogue
{
    private readonly FrozenDictionary<(string Name, string Version), MessageReader> _readers;
    private readonly FrozenDictionary<(string Namespace, string Root), XmlMessageReader> _xmlReaders;

    private DefinitionCatalogue(DefinitionCheck check, byte[] fingerprint)
    {
        MessageTypes = check.MessageTypes;
        CodeLists = check.CodeLists;
        _readers = MessageTypes.Where(type => type.Format == WireFormat.Json)
            .ToFrozenDictionary(type => (type.Name, type.Version), type => new MessageReader(type));
        _xmlReaders = MessageTypes.Where(type => type.Xml is not null)
            .ToFrozenDictionary(
                type => (type.Xml!.Namespace, type.Xml.Root.Name), type => new XmlMessageReader(type, fingerprint));
    }

    public IReadOnlyList<MessageType> MessageTypes { get; }

    public IReadOnlyList<CodeList> CodeLists { get; }

    public MessageType? Find(string name, string version) =>
        MessageTypes.FirstOrDefault(type => type.Name == name && type.Version == version);

    /// <summary>Null when there is no such type, or it is not JSON.</summary>
    public MessageReader? FindReader(string name, string version) => _readers.GetValueOrDefault((name, version));

    /// <summary>Null when there is no such type, or it is not XML.</summary>
    public XmlMessageReader? FindXmlReader(string name, string version) =>
        _xmlReaders.Values.FirstOrDefault(reader => reader.Type.Name == name && reader.Type.Version == version);

    /// <summary>A hardened reader for whoever unwraps an envelope before giving the message to
    /// <see cref="OpenXml(XmlReader, ReadOptions)"/>.</summary>
    public static XmlReader ReadXml(Stream content) => XmlInput.Reader(content);

    /// <summary>Finds the type by the root's name and namespace, and begins to read.</summary>
    /// <param name="content">Read forward only, and not closed.</param>
    public XmlOpening OpenXml(Stream content, ReadOptions options)
    {
        var input = XmlInput.Of(content);
        return input.MoveToRoot() is { } refusal ? new XmlOpening(null, refusal) : Open(input, options);
    }

    /// <summary>As above, for a reader that stands on the message's root.</summary>
    /// <param name="reader">Made by <see cref="ReadXml"/>. Stands after the message when it is read.</param>
    public XmlOpening OpenXml(XmlReader reader, ReadOptions options) => Open(XmlInput.Of(reader), options);

    private XmlOpening Open(XmlInput input, ReadOptions options)
    {
        if (_xmlReaders.TryGetValue((input.Xml.NamespaceURI, input.Xml.LocalName), out var reader))
            return new XmlOpening(reader.Open(input, options), null);
        var rule = ReadingRules.UnknownMessage;
        var text = string.Format(rule.Text, "", "").TrimEnd();
        return new XmlOpening(null, new Finding(rule.Id, rule.Severity, "", text));
    }

    public MessageReader ReaderOf(MessageType type) => _readers[(type.Name, type.Version)];

    /// <summary>
    /// Reads and compiles every definition. Throws <see cref="DefinitionException"/> with all mistakes when there
    /// are any.
    /// </summary>
    /// <param name="folder">The folder that holds <c>messages/</c> and <c>code-lists/</c>.</param>
    public static DefinitionCatalogue Load(string folder)
    {
        var check = DefinitionChecker.Check(folder);
        return check.IsSound
            ? new DefinitionCatalogue(check, DefinitionFingerprint.Of(folder))
            : throw new DefinitionException(check.Mistakes);
    }
}
