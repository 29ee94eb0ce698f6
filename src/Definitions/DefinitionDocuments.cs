using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;

namespace Kilde.Definitions;

/// <summary>Writes what is published about message types to files.</summary>
public static class DefinitionDocuments
{
    /// <summary>
    /// Writes <c>NAME-VERSION.md</c>, <c>.schema.json</c> and <c>.example.json</c>. Returns their paths.
    /// </summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        MessageType type, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var page = DocumentationPage.Of(type);
        var stem = Path.Combine(folder, $"{type.Name}-{type.Version}");
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{stem}.md"] = MarkdownPage.Of(page),
            [$"{stem}.schema.json"] = page.Schema,
            [$"{stem}.example.json"] = page.Example,
        };
        foreach (var (path, text) in files) await File.WriteAllTextAsync(path, text, cancellation);
        return [.. files.Keys];
    }
}
