using System.Collections.Frozen;

namespace Kilde.Intake.Slash.Keys;

/// <summary>
/// The key pairs, unwrapped and kept in memory. Read again each minute, and when a sender names a key we do not know
/// (another node may just have made it), but not more often than every few seconds.
/// </summary>
internal sealed class SlashKeyRing(SlashKeyStore store, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UnknownAgainMin = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Ring? _ring;

    /// <summary>The keys senders may use now, the one that lasts longest first.</summary>
    public async ValueTask<IReadOnlyList<SlashKey>> PublishedAsync(CancellationToken cancellation)
    {
        var published = Living(await FreshAsync(FreshFor, cancellation));
        if (published.Count > 0) return published;

        // The very first request of a new system may come before the worker that makes keys.
        // Whoever made it, what we hold in memory is from before.
        await MaintainAsync(cancellation);
        return Living(await FreshAsync(TimeSpan.Zero, cancellation));
    }

    /// <summary>The key with the id, expired or not; null when there has never been one.</summary>
    public async ValueTask<SlashKey?> FindAsync(string id, CancellationToken cancellation)
    {
        var ring = await FreshAsync(FreshFor, cancellation);
        if (ring.ById.GetValueOrDefault(id) is { } key) return key;
        return (await FreshAsync(UnknownAgainMin, cancellation)).ById.GetValueOrDefault(id);
    }

    /// <summary>Makes a new pair now and publishes it; the older ones decrypt until they expire.</summary>
    public async Task RotateAsync(CancellationToken cancellation)
    {
        await store.RotateAsync(always: true, cancellation);
        await FreshAsync(TimeSpan.Zero, cancellation);
    }

    /// <summary>Makes a pair when one is needed.</summary>
    public async Task MaintainAsync(CancellationToken cancellation)
    {
        if (await store.RotateAsync(always: false, cancellation)) await FreshAsync(TimeSpan.Zero, cancellation);
    }

    public void Dispose() => _reading.Dispose();

    private async ValueTask<Ring> FreshAsync(TimeSpan ageMax, CancellationToken cancellation)
    {
        if (_ring is { } current && IsWithin(current, ageMax)) return current;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_ring is { } waited && IsWithin(waited, ageMax)) return waited;
            return _ring = await ReadAsync(cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    private List<SlashKey> Living(Ring ring)
    {
        var now = clock.GetUtcNow();
        return [.. ring.NewestFirst.Where(key => key.ExpiresAt > now)];
    }

    private bool IsWithin(Ring ring, TimeSpan ageMax) => ring.ReadAt + ageMax > clock.GetUtcNow();

    // A key that was known stays the same object: its imported RSA objects are worth keeping.
    private async Task<Ring> ReadAsync(CancellationToken cancellation)
    {
        var known = _ring?.ById;
        var keys = (await store.ReadAsync(cancellation))
            .Select(key =>
                known?.GetValueOrDefault(key.Id) is { } same && same.ModulusBytes == key.ModulusBytes ? same : key)
            .ToList();
        return new Ring(keys, keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal), clock.GetUtcNow());
    }

    private sealed record Ring(
        IReadOnlyList<SlashKey> NewestFirst, FrozenDictionary<string, SlashKey> ById, DateTimeOffset ReadAt);
}
