namespace Kilde.Register.Comparing;

/// <summary>Where a record is looked for: its unit and its month.</summary>
/// <param name="Unit">Organisation number of the unit the record stands under in the message.</param>
public readonly record struct DigestPlace(string Unit, RecordMonth Month);

/// <summary>A record boiled down to what two sides compare: which it is, and what it says.</summary>
/// <param name="Id">Of the sender's local id. Spread evenly, so that its first bits divide records into parts.</param>
/// <param name="Content">Of the local id and all it says.</param>
public readonly record struct RecordDigest(ulong Id, ulong Content);

/// <summary>Some records as one: their number, and the sum of their content digests modulo 2^64.</summary>
public readonly record struct DigestSum(int Count, ulong Sum)
{
    public static DigestSum operator +(DigestSum sum, RecordDigest one) =>
        new(sum.Count + 1, unchecked(sum.Sum + one.Content));
}

/// <summary>The records of a place whose id digests begin with the same bits.</summary>
/// <param name="Prefix">The first bits of the id digests, as a number.</param>
/// <param name="Bits">How many bits, from 0 (all of the place) to <see cref="BitsMax"/>.</param>
public readonly record struct DigestNode(DigestPlace Place, ulong Prefix, int Bits)
{
    public const int BitsMax = 48;

    /// <summary>A part divides into 2 to this many in one step.</summary>
    public const int SplitMax = 8;

    /// <summary>The lowest id digest that may be in it.</summary>
    public ulong Low => Bits == 0 ? 0 : Prefix << (64 - Bits);

    /// <summary>The highest.</summary>
    public ulong High => Low | (Bits == 0 ? ulong.MaxValue : ulong.MaxValue >> Bits);

    public DigestNode Child(int split, int child) => new(Place, (Prefix << split) | (uint)child, Bits + split);

    /// <summary>Which of its children an id digest is in.</summary>
    public int ChildOf(ulong id, int split) => (int)(id >> (64 - Bits - split)) & ((1 << split) - 1);
}
