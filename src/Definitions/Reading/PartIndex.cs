namespace Kilde.Definitions.Reading;

/// <summary>
/// Where the known parts of a message are told of, by digest. It takes 24 bytes a part and is made in one piece: a
/// gigabyte has a quarter of a million parts, and all who know some of them hold it while the message is read.
/// </summary>
public sealed class PartIndex
{
    private const int FirstStep = 8;

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
    public long? PlaceOf(UInt128 digest)
    {
        if (_count == 0) return null;

        // Digests lie evenly, so its size tells nearly where one is, and its distance to what is there more nearly.
        // Were they made so as not to, it would be found by doubling steps all the same.
        var near = (int)Math.BigMul(Upper(digest), (ulong)_count, out _);
        near = Math.Clamp(near + DistanceOf(Upper(digest), Upper(_digests[near])), 0, _count - 1);
        var (from, to) = (near, near);
        for (var step = FirstStep; from > 0 && _digests[from] > digest; step *= 2) from = Math.Max(from - step, 0);
        for (var step = FirstStep; to < _count && _digests[to] <= digest; step *= 2) to = Math.Min(to + step, _count);
        return Array.BinarySearch(_digests, from, to - from, digest) is >= 0 and var found ? _places[found] : null;
    }

    private static ulong Upper(UInt128 digest) => (ulong)(digest >> 64);

    // In parts, from there to the digest.
    private int DistanceOf(ulong digest, ulong there) => digest > there
        ? (int)Math.BigMul(digest - there, (ulong)_count, out _)
        : -(int)Math.BigMul(there - digest, (ulong)_count, out _);
}
