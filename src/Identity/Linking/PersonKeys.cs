using System.Security.Cryptography;

namespace Kilde.Identity.Linking;

/// <summary>Random keys: they tell nothing about the person, not even when the person was first seen.</summary>
internal static class PersonKeys
{
    /// <summary>1 – 2⁶³−1.</summary>
    public static long New()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        long key;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            key = BitConverter.ToInt64(bytes) & long.MaxValue;
        }
        while (key == 0);
        return key;
    }
}
