using Kilde.Intake.Silence;
using Kilde.Kernel;
using Kilde.Quality.FollowUps;

namespace Kilde.Portal.Calling;

/// <summary>Everyone who is to be contacted: what Quality tells, and the silences that intake knows.</summary>
public sealed class ReadCalls(FindShortfalls shortfalls, FindSilences silences, FindFollowUps followUps)
{
    public async Task<IReadOnlyList<FollowUpLine>> ReadAsync(CancellationToken cancellation)
    {
        var silent = (await silences.FindAsync(units: null, cancellation)).GroupBy(each => each.Unit)
            .Select(unit => new Shortfall(
                unit.Key, unit.First().UnitName ?? unit.Key.ToString(), FollowUpReason.Silent,
                string.Join(", ", unit.Select(each => each.IsSilent
                    ? $"{each.MessageType}: ingenting kommer"
                    : $"{each.MessageType}: {Norwegian.Number(each.Got)} poster av ventet "
                        + $"{Norwegian.Number((long)Math.Round(each.Expected))}")),
                unit.Min(each => each.Since), unit.Max(each => each.FoundAt)));
        return FollowUpLine.Of(
            [.. await shortfalls.FindAsync(cancellation), .. silent], await followUps.StatesAsync(cancellation));
    }
}
