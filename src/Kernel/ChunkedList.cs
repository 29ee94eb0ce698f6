using System.Collections;

namespace Kilde.Kernel;

/// <summary>
/// A list that grows piece by piece. What is added is never moved, so it never stands twice in memory, and a piece is
/// small enough to be no large object, for which the collector would go through all memory: for what a file has by the
/// million.
/// </summary>
/// <typeparam name="T">Of at most 32 bytes.</typeparam>
public sealed class ChunkedList<T> : IReadOnlyList<T>
{
    private const int ChunkBits = 11;
    private const int ChunkMask = (1 << ChunkBits) - 1;

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
        if (Count >> ChunkBits == _chunks.Count) _chunks.Add(new T[1 << ChunkBits]);
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

    private T[] ChunkOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _chunks[index >> ChunkBits];
    }
}
