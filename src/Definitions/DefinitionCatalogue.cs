using Kilde.Definitions.Model;

namespace Kilde.Definitions;

/// <summary>All message types of the folder <c>definitions/</c>.</summary>
public sealed class DefinitionCatalogue
{
    public IReadOnlyList<MessageType> MessageTypes => throw new NotSupportedException();

    public MessageType? Find(string name, string version) => throw new NotSupportedException();

    /// <summary>Reads and compiles every definition. Throws when one of them has a mistake.</summary>
    public static DefinitionCatalogue Load(string folder) => throw new NotSupportedException();
}
