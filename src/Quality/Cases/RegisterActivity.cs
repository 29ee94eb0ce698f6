using Kilde.Kernel;
using Kilde.Quality.Documents;
using Kilde.Register.Contacts;

namespace Kilde.Quality.Cases;

/// <summary>The register's own counts, from what specialist care has reported.</summary>
internal sealed class RegisterActivity(CountActivity activity) : IRegisterCounts
{
    public async Task<RegisterCounts?> CountAsync(FeedbackCase subject, CancellationToken cancellation)
    {
        if (subject is not { Institutions.Count: > 0, Message: { From: { } from, To: { } to } }) return null;
        return new RegisterCounts(
            await CellsAsync(subject.Institutions, from, to, cancellation),
            await CellsAsync(subject.Institutions, from.AddYears(-1), to.AddYears(-1), cancellation));
    }

    public async Task<PairCounts?> CountPairAsync(FeedbackCase subject, CancellationToken cancellation)
    {
        if (subject is not { Institutions.Count: > 0, Message.To: { } to }) return null;
        var patients = await activity.CountPatientsAsync(subject.Institutions, DataYear.Of(to), cancellation);
        return patients is null
            ? null
            : new PairCounts(Math.Max(0, patients.Identified - patients.Active), patients.Unidentified);
    }

    private async Task<IReadOnlyList<ActivityCell>> CellsAsync(
        IReadOnlyList<string> institutions, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        var counts = await activity.CountEpisodesAsync(institutions, from, to, cancellation);
        return [.. counts.Select(CellOf).OfType<ActivityCell>()];
    }

    private static ActivityCell? CellOf(CountActivity.EpisodeCount count) =>
        ActivityWords.LevelOf(count.Level) is { } level
            ? new ActivityCell(
                ActivityWords.SectorOf(count.Field), count.Month, count.Place, count.Department, count.Section, level,
                count.Episodes)
            : null;
}
