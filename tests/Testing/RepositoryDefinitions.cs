using Kilde.Definitions;

namespace Kilde.Testing;

/// <summary>All that the repository defines, read once in a test process.</summary>
public static class RepositoryDefinitions
{
    public static string Folder { get; } = Repository.At("definitions");

    public static DefinitionCatalogue Catalogue { get; } = DefinitionCatalogue.Load(Folder);
}
