using System.Security.Cryptography;

namespace Kilde.Definitions;

/// <summary>Tells whether messages are read as they were: by the same definitions and the same program.</summary>
internal static class DefinitionFingerprint
{
    private static readonly string[] Folders = ["messages", "code-lists", "code-systems", "rules"];

    public static byte[] Of(string folder)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(typeof(DefinitionFingerprint).Module.ModuleVersionId.ToByteArray());
        var read = Folders.Select(part => Path.Combine(folder, part)).Where(Directory.Exists);
        foreach (var file in read.SelectMany(part => Directory.EnumerateFiles(part, "*.yaml"))
            .Order(StringComparer.Ordinal))
        {
            all.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return all.GetHashAndReset();
    }
}
