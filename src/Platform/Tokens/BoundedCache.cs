using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Kilde.Platform.Tokens;

/// <summary>
/// A cache that never holds more than <paramref name="entriesMax"/> entries. Two generations: when the young one is
/// full it becomes the old one, and what was old is forgotten; what is used moves to the young one again.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int entriesMax)
    where TKey : struct
    where TValue : class
{
    private readonly Lock _turn = new();
    private volatile ConcurrentDictionary<TKey, TValue> _young = new();
    private volatile ConcurrentDictionary<TKey, TValue> _old = new();
    private int _count;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        if (_young.TryGetValue(key, out value)) return true;
        if (!_old.TryGetValue(key, out value)) return false;
        Add(key, value);
        return true;
    }

    public void Add(TKey key, TValue value)
    {
        if (!_young.TryAdd(key, value)) return;
        if (Interlocked.Increment(ref _count) < entriesMax / 2) return;
        lock (_turn)
        {
            if (_count < entriesMax / 2) return;
            _old = _young;
            _young = new();
            _count = 0;
        }
    }
}
