namespace Kilde.Testing;

/// <summary>
/// Chance that is the same for the same seed, on every machine (SplitMix64). A seed is mixed before it is used: what it
/// steps by is added at each roll, so seeds taken as they are would give the same rolls, one step apart.
/// </summary>
public sealed class Dice(int seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15UL;

    private ulong _state = Mix(unchecked((ulong)seed * Step));

    /// <summary>From 0 up to, and not with, the bound.</summary>
    public int Next(int bound) => (int)(Roll() % (ulong)bound);

    public int Next(int least, int bound) => least + Next(bound - least);

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Roll());
        BitConverter.TryWriteBytes(bytes[sizeof(ulong)..], Roll());
        return new Guid(bytes);
    }

    private ulong Roll()
    {
        unchecked
        {
            _state += Step;
            return Mix(_state);
        }
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
