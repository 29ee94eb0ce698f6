using System.Collections.Frozen;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions;

/// <summary>All message types of the folder <c>definitions/</c>, with a reader for each.</summary>
public sealed class DefinitionCatalogue
{
    private readonly FrozenDictionary<(string Name, string Version), MessageReader> _readers;

    private DefinitionCatalogue(DefinitionCheck check)
    {
        MessageTypes = check.MessageTypes;
        CodeLists = check.CodeLists;
        _readers = MessageTypes.Where(type => type.Format == WireFormat.Json)
            .ToFrozenDictionary(type => (type.Name, type.Version), type => new MessageReader(type));
    }

    public IReadOnlyList<MessageType> MessageTypes { get; }

    public IReadOnlyList<CodeList> CodeLists { get; }

    public MessageType? Find(string name, string version) =>
        MessageTypes.FirstOrDefault(type => type.Name == name && type.Version == version);

    /// <summary>Null when there is no such type, or it is not JSON.</summary>
    public MessageReader? FindReader(string name, string version) => _readers.GetValueOrDefault((name, version));

    public MessageReader ReaderOf(MessageType type) => _readers[(type.Name, type.Version)];

    /// <summary>
    /// Reads and compiles every definition. Throws <see cref="DefinitionException"/> with all mistakes when there
    /// are any.
    /// </summary>
    /// <param name="folder">The folder that holds <c>messages/</c> and <c>code-lists/</c>.</param>
    public static DefinitionCatalogue Load(string folder)
    {
        var check = DefinitionChecker.Check(folder);
        return check.IsSound ? new DefinitionCatalogue(check) : throw new DefinitionException(check.Mistakes);
    }
}
