namespace Kilde.Definitions.Reading;

/// <summary>
/// Where the known parts of a message are told of, by digest. It takes 24 bytes a part and is made in one piece: a
/// gigabyte has a quarter of a million parts, and all who know some of them hold it while the message is read.
/// </summary>
public sealed class PartIndex
{
    private readonly UInt128[] _digests;
    private readonly long[] _places;
    private readonly int _count;

    /// <param name="partsMax">At least as many as there are in <paramref name="parts"/>.</param>
    /// <param name="parts">
    /// Those without a digest are left out. Of two with the same digest either is found: their bytes are the same.
    /// </param>
    public PartIndex(int partsMax, IEnumerable<(UInt128 Digest, long Place)> parts)
    {
        (_digests, _places) = (new UInt128[partsMax], new long[partsMax]);
        foreach (var (digest, place) in parts)
        {
            if (digest == MessageParts.NoDigest) continue;
            (_digests[_count], _places[_count]) = (digest, place);
            _count++;
        }

        Array.Sort(_digests, _places, 0, _count);
    }

    /// <summary>Knows no part.</summary>
    public static PartIndex Empty { get; } = new(0, []);

    /// <summary>All parts that are known, with the place that was told of each, in the order of digests.</summary>
    public IEnumerable<(UInt128 Digest, long Place)> All
    {
        get
        {
            for (var at = 0; at < _count; at++) yield return (_digests[at], _places[at]);
        }
    }

    /// <summary>The place that was told with the digest; null for a part that is not known.</summary>
    public long? PlaceOf(UInt128 digest) =>
        Array.BinarySearch(_digests, 0, _count, digest) is >= 0 and var found ? _places[found] : null;
}
