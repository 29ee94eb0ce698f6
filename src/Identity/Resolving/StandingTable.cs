using System.Numerics;
using System.Runtime.InteropServices;

namespace Kilde.Identity.Resolving;

/// <summary>
/// What blind indexes stand for, in a fixed piece of memory: each index has four places it may be kept in, and what is
/// kept last takes the place of what has stood there longest. Nothing in it refers to anything, so the collector does
/// not go through it, and a system that knows a million persons holds no more than one that knows some thousand.
/// </summary>
/// <param name="entriesMax">Rounded up to a power of two; 40 bytes each. 0: nothing is kept.</param>
internal sealed class StandingTable(int entriesMax)
{
    private const int Ways = 4;
    private const int LocksCount = 64;

    private readonly int _setMask = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, entriesMax / Ways)) - 1;
    private readonly Lock[] _locks = [.. Enumerable.Range(0, LocksCount).Select(_ => new Lock())];

    // Made when the first is kept: a command that asks for nobody takes no memory for it.
    private Entry[]? _entries;

    private record struct Entry(Guid Index, long ChangeNo, Standing Standing);

    /// <param name="changeNo">What was kept as of another is not known.</param>
    public bool TryGet(Guid index, long changeNo, out Standing standing)
    {
        if (_entries is { } entries)
        {
            var set = SetOf(index);
            lock (_locks[set % LocksCount])
            {
                foreach (ref readonly var entry in entries.AsSpan(set * Ways, Ways))
                {
                    if (entry.Index != index || entry.ChangeNo != changeNo) continue;
                    standing = entry.Standing;
                    return true;
                }
            }
        }

        standing = default;
        return false;
    }

    /// <param name="changeNo">What is kept as of an older one never takes the place of something newer.</param>
    public void Keep(Guid index, long changeNo, Standing standing)
    {
        if (entriesMax == 0) return;
        var entries = _entries ?? Make();
        var set = SetOf(index);
        lock (_locks[set % LocksCount])
        {
            var ways = entries.AsSpan(set * Ways, Ways);
            var at = PlaceOf(index, ways);
            if (ways[at].ChangeNo > changeNo) return;

            // The newest stands first, the one to go stands last.
            ways[..at].CopyTo(ways[1..]);
            ways[0] = new Entry(index, changeNo, standing);
        }
    }

    private static int PlaceOf(Guid index, ReadOnlySpan<Entry> ways)
    {
        for (var at = 0; at < Ways - 1; at++)
        {
            if (ways[at].Index == index) return at;
        }

        return Ways - 1;
    }

    private Entry[] Make()
    {
        var made = new Entry[(_setMask + 1) * Ways];
        return Interlocked.CompareExchange(ref _entries, made, null) ?? made;
    }

    // A blind index is a MAC: any of its bits are as good as a hash.
    private int SetOf(Guid index) =>
        MemoryMarshal.Read<int>(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in index))) & _setMask;
}
