using Kilde.Definitions.Model;
using Kilde.Definitions.Publishing;

namespace Kilde.Definitions;

/// <summary>Writes what is published about message types to files.</summary>
public static class DefinitionDocuments
{
    /// <summary>
    /// Writes <c>NAME-VERSION.md</c> and an example, <c>.example.json</c> or <c>.example.xml</c>; for JSON also
    /// <c>.schema.json</c>. Returns their paths.
    /// </summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        MessageType type, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var page = DocumentationPage.Of(type);
        var stem = Path.Combine(folder, $"{type.Name}-{type.Version}");
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { [$"{stem}.md"] = MarkdownPage.Of(page) };
        if (page.Schema is { } schema) files.Add($"{stem}.schema.json", schema);
        files.Add($"{stem}.example.{type.Format.ToString().ToLowerInvariant()}", page.Example);
        foreach (var (path, text) in files) await File.WriteAllTextAsync(path, text, cancellation);
        return [.. files.Keys];
    }
}
