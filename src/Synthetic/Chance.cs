using System.Buffers.Binary;

namespace Kilde.Synthetic;

/// <summary>
/// Chance that can be repeated: everything synthetic is a pure function of the seed and of what it is asked for, so any
/// day can be made without the days before it.
/// </summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood 2014). Fine for making data up, useless for keys.</remarks>
internal struct Chance
{
    private ulong _state;

    private Chance(ulong state) => _state = state;

    public static Chance Of(ulong seed, Topic topic, long first = 0, long second = 0, long third = 0)
    {
        var chance = new Chance(seed);
        chance.Absorb((ulong)topic);
        chance.Absorb(unchecked((ulong)first));
        chance.Absorb(unchecked((ulong)second));
        chance.Absorb(unchecked((ulong)third));
        return chance;
    }

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            return Mix(_state);
        }
    }

    /// <summary>A whole number from 0 up to, and not with, <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)((UInt128)Next() * (uint)limit >> 64);

    /// <summary>A whole number between both ends, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    /// <summary>True in the given share of cases, 0–1.</summary>
    public bool Happens(double share) => Fraction() < share;

    /// <summary>0 up to, and not with, 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Near the normal distribution, mean 0 and deviation 1; never beyond ±6.</summary>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += Fraction();
        return sum;
    }

    /// <summary>A GUID of version 4 by its look.</summary>
    public Guid Guid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Next());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Next());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public T Pick<T>(ReadOnlySpan<T> items) => items[Below(items.Length)];

    private void Absorb(ulong value)
    {
        unchecked
        {
            _state = Mix(_state ^ Mix(value + 0x9E3779B97F4A7C15));
        }
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>What chance is asked for, so that two questions about the same person do not get the same answer.</summary>
internal enum Topic
{
    Unit = 1,
    Person,
    Visit,
    Measurement,
    Message,
    Staff,
    Inhabitant,
    Course,
    Mental,
    Care,
    Revision,
    Fault,
    Cost,
    Envelope,
    Pathway,
    Service,
}
