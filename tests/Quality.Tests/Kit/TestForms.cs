using Kilde.Definitions;
using Kilde.Quality.Activity;
using Kilde.Testing;

namespace Kilde.Quality.Tests.Kit;

/// <summary>The definitions and forms as they are delivered, read once.</summary>
internal static class TestForms
{
    public static string Folder { get; } = Repository.At("definitions", "activity");

    public static DefinitionCatalogue Catalogue { get; } = RepositoryDefinitions.Catalogue;

    public static ActivityForms All { get; } = ActivityFormFiles.Load(Folder, Catalogue);

    public static ActivityForm Of(string message) =>
        All.Find(message) ?? throw new ArgumentException("There is no such form.", nameof(message));
}
