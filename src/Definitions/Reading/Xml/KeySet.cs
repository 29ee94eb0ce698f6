using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// The values of one identity constraint within its owner: 16 bytes each. Short plain values are kept as they are;
/// longer ones as a hash of 128 bits, which never meets another by accident.
/// </summary>
internal sealed class KeySet
{
    private const int CapacityFirst = 16;
    private const int CapacityKept = 1024;
    private const int PlainMax = 15;

    // The highest byte tells what a key was made of: a short value has its length there, a hash has FF.
    private const ulong NumberMark = 0xFE00000000000000UL;

    private static readonly ulong SeedHigh = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private static readonly ulong SeedLow = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private UInt128[] _slots = new UInt128[CapacityFirst];

    public int Count { get; private set; }

    /// <summary>False when the value stands there already.</summary>
    public bool Add(UInt128 key)
    {
        if ((Count + 1) * 4 > _slots.Length * 3) Grow();
        if (!Place(_slots, key)) return false;
        Count++;
        return true;
    }

    public bool Contains(UInt128 key)
    {
        for (var at = Hash(key) & (_slots.Length - 1); ; at = (at + 1) & (_slots.Length - 1))
        {
            if (_slots[at] == key) return true;
            if (_slots[at] == UInt128.Zero) return false;
        }
    }

    public void Clear()
    {
        if (Count == 0) return;
        if (_slots.Length > CapacityKept) _slots = new UInt128[CapacityFirst];
        else Array.Clear(_slots);
        Count = 0;
    }

    /// <summary>Never zero.</summary>
    public static UInt128 Of(ReadOnlySpan<char> value)
    {
        if (value.Length <= PlainMax && !value.ContainsAnyExceptInRange('\u0001', '\u00FF'))
        {
            ulong high = (ulong)(value.Length + 1) << 56, low = 0;
            for (var i = 0; i < value.Length; i++)
            {
                if (i < 8) low |= (ulong)value[i] << (8 * i);
                else high |= (ulong)value[i] << (8 * (i - 8));
            }

            return new UInt128(high, low);
        }

        return OfHash(MemoryMarshal.AsBytes(value));
    }

    /// <summary>A whole number, however it was written.</summary>
    public static UInt128 Of(long number) => new(NumberMark, unchecked((ulong)number));

    /// <summary>Several fields as one value.</summary>
    public static UInt128 Join(UInt128 first, UInt128 second)
    {
        ReadOnlySpan<UInt128> both = [first, second];
        return OfHash(MemoryMarshal.AsBytes(both));
    }

    private static UInt128 OfHash(ReadOnlySpan<byte> bytes)
    {
        var (a, b) = (0x9E3779B97F4A7C15UL, 0xC2B2AE3D27D4EB4FUL ^ (ulong)bytes.Length);
        foreach (var unit in bytes)
        {
            a = unchecked((a ^ unit) * 0x100000001B3UL);
            b = unchecked((ulong.RotateLeft(b, 7) ^ unit) * 0xFF51AFD7ED558CCDUL);
        }

        return new UInt128(Mixed(a) | 0xFF00000000000000UL, Mixed(b));
    }

    private void Grow()
    {
        var slots = new UInt128[_slots.Length * 2];
        foreach (var key in _slots)
        {
            if (key != UInt128.Zero) Place(slots, key);
        }

        _slots = slots;
    }

    private static bool Place(UInt128[] slots, UInt128 key)
    {
        for (var at = Hash(key) & (slots.Length - 1); ; at = (at + 1) & (slots.Length - 1))
        {
            if (slots[at] == key) return false;
            if (slots[at] != UInt128.Zero) continue;
            slots[at] = key;
            return true;
        }
    }

    // Nobody can know which values meet in a slot, and so nobody can send a million that do.
    private static int Hash(UInt128 key)
    {
        var high = Math.BigMul((ulong)(key >> 64) ^ SeedHigh, (ulong)(key & ulong.MaxValue) ^ SeedLow, out var low);
        return (int)((high ^ low) & int.MaxValue);
    }

    private static ulong Mixed(ulong value)
    {
        value = unchecked((value ^ (value >> 33)) * 0xFF51AFD7ED558CCDUL);
        return value ^ (value >> 29);
    }
}
