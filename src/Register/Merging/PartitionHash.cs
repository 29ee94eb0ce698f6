using System.Numerics;

namespace Kilde.Register.Merging;

/// <summary>
/// The number PostgreSQL divides to find the hash partition of a person (<c>hashint8extended</c> with the seed of
/// partitions, and <c>hash_combine64</c>). Rows are written partition by partition by it: COPY keeps some rows until it
/// writes them together, and writes together only those of one partition.
/// </summary>
/// <remarks>Only an order hangs on it. Were it wrong, rows would be written in more and smaller pieces.</remarks>
internal static class PartitionHash
{
    private const ulong Seed = 0x7A5B22367996DCFD;
    private const ulong Combined = 0x49A0F4DD15E5A8E3;
    private const uint Initial = 0x9E3779B9 + sizeof(uint) + 3923095;

    public static ulong Of(long person)
    {
        unchecked
        {
            var high = (uint)(person >> 32);
            return Hash((uint)person ^ (person >= 0 ? high : ~high)) + Combined;
        }
    }

    // Bob Jenkins' lookup3, as hash_bytes_uint32_extended has it.
    private static ulong Hash(uint key)
    {
        unchecked
        {
            var a = Initial + (uint)(Seed >> 32);
            var b = Initial + (uint)Seed;
            var c = Initial;
            (a, c) = ((a - c) ^ Rotate(c, 4), c + b);
            (b, a) = ((b - a) ^ Rotate(a, 6), a + c);
            (c, b) = ((c - b) ^ Rotate(b, 8), b + a);
            (a, c) = ((a - c) ^ Rotate(c, 16), c + b);
            (b, a) = ((b - a) ^ Rotate(a, 19), a + c);
            (c, b) = ((c - b) ^ Rotate(b, 4), b + a);
            a += key;
            c = (c ^ b) - Rotate(b, 14);
            a = (a ^ c) - Rotate(c, 11);
            b = (b ^ a) - Rotate(a, 25);
            c = (c ^ b) - Rotate(b, 16);
            a = (a ^ c) - Rotate(c, 4);
            b = (b ^ a) - Rotate(a, 14);
            c = (c ^ b) - Rotate(b, 24);
            return ((ulong)b << 32) | c;
        }
    }

    private static uint Rotate(uint value, int bits) => BitOperations.RotateLeft(value, bits);
}
