using Kilde.Intake.Silence;
using Kilde.Quality.FollowUps;

namespace Kilde.Portal.Calling;

/// <summary>Everyone who is to be contacted: what Quality tells, and the silences that intake knows.</summary>
public sealed class ReadCalls(FindShortfalls shortfalls, FindSilences silences, FindFollowUps followUps)
{
    public async Task<IReadOnlyList<FollowUpLine>> ReadAsync(CancellationToken cancellation)
    {
        var silent = (await silences.FindAsync(units: null, cancellation)).GroupBy(each => each.Unit)
            .Select(unit => new Shortfall(
                unit.Key, unit.First().UnitName ?? unit.Key.ToString(),
                new ShortfallDetail.Quiet([.. unit.Select(QuietOf)]),
                unit.Min(each => each.Since), unit.Max(each => each.FoundAt)));
        return FollowUpLine.Of(
            [.. await shortfalls.FindAsync(cancellation), .. silent], await followUps.StatesAsync(cancellation));
    }

    private static QuietFeed QuietOf(OpenSilence silence) => new(
        silence.MessageType, silence.IsSilent ? null : silence.Got, (long)Math.Round(silence.Expected))
    {
        Lacking = silence.Lack is null ? null : silence.Lacking,
        IsChain = silence.Lack == LackCause.Chain,
    };
}
