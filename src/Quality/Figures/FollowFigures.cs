using Kilde.Register.Feed;

namespace Kilde.Quality.Figures;

/// <summary>
/// Keeps the figures up to date: one that is new or has changed is counted of the whole register once, and after that
/// only the units' years that the change feed tells of, in the transaction that moves the feed's cursor, and those of
/// persons that are held out, or let in again.
/// </summary>
public sealed class FollowFigures(ChangeFeed feed, RunFigures run)
{
    internal const string Consumer = "quality.figures";

    /// <summary>Changes in one step, unless one batch holds more.</summary>
    private const int ChangesMax = 50_000;

    private readonly string[] _tables =
    [
        .. run.Figures.SelectMany(figure => figure.Reads).SelectMany(view => view.Tables)
            .Distinct(StringComparer.Ordinal),
    ];

    private bool _isKnown;
    private bool _isCounted;

    /// <summary>
    /// The figures that are new, or what has come since the last step. True when there may be more: daily messages come
    /// all the time, and many are counted together as cheaply as one.
    /// </summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await BeKnownAsync(cancellation);
        if (!_isCounted && await run.FindUncountedAsync(cancellation) is { Count: > 0 } fresh)
        {
            await run.RunAsync(fresh, cancellation);
            return true;
        }

        _isCounted = true;
        await run.HoldOutAsync(cancellation);
        await feed.ConsumeTouchedAsync(
            Consumer, ChangesMax, _tables, transaction => run.RunTouchedAsync(transaction, cancellation), cancellation);
        return false;
    }

    // What is in the register already is counted as a whole, so the feed is followed from now on.
    private async Task BeKnownAsync(CancellationToken cancellation)
    {
        if (_isKnown) return;
        await feed.AddConsumerFromNowAsync(Consumer, cancellation);
        _isKnown = true;
    }
}
