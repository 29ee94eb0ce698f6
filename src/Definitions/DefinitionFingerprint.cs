using System.Security.Cryptography;

namespace Kilde.Definitions;

/// <summary>Tells whether messages are read as they were: by the same definitions and the same program.</summary>
internal static class DefinitionFingerprint
{
    private static readonly string[] Folders = ["messages", "code-lists", "code-systems", "sensitive", "rules"];

    /// <param name="codes">The folder with the codes of medical code systems; null or missing for none.</param>
    public static byte[] Of(string folder, string? codes)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(typeof(DefinitionFingerprint).Module.ModuleVersionId.ToByteArray());
        var read = Folders.SelectMany(part => FilesOf(Path.Combine(folder, part), "*.yaml"));
        foreach (var file in read.Concat(FilesOf(codes, "*")))
        {
            using var content = File.OpenRead(file);
            all.AppendData(SHA256.HashData(content));
        }

        return all.GetHashAndReset();
    }

    private static IEnumerable<string> FilesOf(string? folder, string names) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, names).Order(StringComparer.Ordinal)
            : [];
}
