using System.Security.Cryptography;

namespace Kilde.Definitions;

/// <summary>Tells whether messages are read as they were: by the same definitions and the same program.</summary>
internal static class DefinitionFingerprint
{
    public static byte[] Of(string folder)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(typeof(DefinitionFingerprint).Module.ModuleVersionId.ToByteArray());
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            all.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return all.GetHashAndReset();
    }
}
