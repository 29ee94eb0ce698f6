using Kilde.Register.Feed;

namespace Kilde.Quality.Checks;

/// <summary>
/// Keeps the findings up to date: a check that is new or has changed is held against the whole register once, and after
/// that only what the change feed tells of is checked again, in the transaction that moves the feed's cursor.
/// What is told of a unit's year follows within minutes, and what holds whole years against each other within the hour.
/// </summary>
public sealed class FollowChanges(ChangeFeed feed, RunChecks run, TimeProvider clock)
{
    /// <summary>Between looks for whole years to check, and for lists that may have changed.</summary>
    public static readonly TimeSpan YearPause = TimeSpan.FromHours(1);

    /// <summary>From the first change of a unit's year until it is checked, with all that has come since.</summary>
    public static readonly TimeSpan UnitPause = TimeSpan.FromMinutes(10);

    internal const string Consumer = "quality.checks";

    /// <summary>Changes in one step, unless one batch holds more.</summary>
    private const int ChangesMax = 50_000;

    private readonly string[] _tables =
        [.. run.Checks.SelectMany(check => check.Reads).SelectMany(view => view.Tables)
            .Distinct(StringComparer.Ordinal)];

    private bool _isKnown;

    private DateTimeOffset _looksAt = DateTimeOffset.MinValue;

    /// <summary>
    /// The checks that are new, or all that has come since the last step. True when there may be more: daily messages
    /// come all the time, and many are checked together as cheaply as one.
    /// </summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await BeKnownAsync(cancellation);
        if (clock.GetUtcNow() >= _looksAt)
        {
            if (await run.FindUncheckedAsync(cancellation) is { Count: > 0 } fresh)
            {
                await run.RunAsync(fresh, _ => { }, cancellation);
                return true;
            }

            await run.RunDueYearsAsync(cancellation);
            _looksAt = clock.GetUtcNow() + YearPause;
        }

        await feed.ConsumeTouchedAsync(
            Consumer, ChangesMax, _tables, transaction => run.RunTouchedAsync(transaction, cancellation), cancellation);
        return await run.RunDueUnitsAsync(clock.GetUtcNow() - UnitPause, cancellation);
    }

    // What is in the register already is checked as a whole, so the feed is followed from now on.
    private async Task BeKnownAsync(CancellationToken cancellation)
    {
        if (_isKnown) return;
        await feed.AddConsumerFromNowAsync(Consumer, cancellation);
        _isKnown = true;
    }
}
