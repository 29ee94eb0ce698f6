using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Kilde.Kernel;

/// <summary>
/// A list that grows piece by piece. A long one is never moved, so it never stands twice in memory, and a piece is
/// small enough to be no large object, for which the collector would go through all memory: for what a file has by the
/// million.
/// </summary>
public sealed class ChunkedList<T> : IReadOnlyList<T>
{
    /// <summary>An array of 85 000 bytes is a large object.</summary>
    private const int ChunkBytesMax = 80_000;

    private const int FirstItems = 16;

    private static readonly int ChunkBits = BitOperations.Log2((uint)(ChunkBytesMax / Unsafe.SizeOf<T>()));
    private static readonly int ChunkMask = (1 << ChunkBits) - 1;

    private readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public T this[int index]
    {
        get => ChunkOf(index)[index & ChunkMask];
        set => ChunkOf(index)[index & ChunkMask] = value;
    }

    public void Add(T item)
    {
        MakeRoom(Count >> ChunkBits);
        _chunks[^1][Count & ChunkMask] = item;
        Count++;
    }

    public void Clear()
    {
        _chunks.Clear();
        Count = 0;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return _chunks[i >> ChunkBits][i & ChunkMask];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The first piece begins small, and is the only one that grows: most lists are short.
    private void MakeRoom(int chunk)
    {
        if (chunk == _chunks.Count)
        {
            _chunks.Add(new T[chunk == 0 ? FirstItems : 1 << ChunkBits]);
        }
        else if (Count == _chunks[0].Length)
        {
            var first = _chunks[0];
            Array.Resize(ref first, 2 * Count);
            _chunks[0] = first;
        }
    }

    private T[] ChunkOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _chunks[index >> ChunkBits];
    }
}
