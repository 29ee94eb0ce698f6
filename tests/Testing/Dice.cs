namespace Kilde.Testing;

/// <summary>Chance that is the same for the same seed, on every machine (SplitMix64).</summary>
public sealed class Dice(int seed)
{
    private ulong _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);

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
            var value = _state += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
