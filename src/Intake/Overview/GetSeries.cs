using Kilde.Kernel;

namespace Kilde.Intake.Overview;

/// <summary>One day of extraction in a series.</summary>
/// <param name="Submissions">Accepted submissions; 0 is a day without submission.</param>
/// <param name="Records">Records in them; 0 with a submission is a day without changes (R2.01).</param>
/// <param name="Repeats">Times the same bytes came again.</param>
/// <param name="CameLate">A submission of this day came after one of a later day.</param>
/// <param name="IsHole">No submission on a day when the series' own rhythm says there should be one.</param>
public sealed record SeriesDay(
    DateOnly ExtractedOn, int Submissions, int Records, int Repeats, bool CameLate, bool IsHole);

/// <summary>The days of extraction of one unit and type.</summary>
/// <param name="RhythmDays">Usual number of days between extractions; null before there are enough to tell.</param>
public sealed record Series(
    OrganizationNumber Unit, string MessageType, int? RhythmDays, IReadOnlyList<SeriesDay> Days);

/// <summary>Order, repeats and holes in what a unit has sent.</summary>
public sealed class GetSeries
{
    /// <param name="from">First day.</param>
    /// <param name="to">Last day, included; at most 400 days after <paramref name="from"/>.</param>
    public Task<Series> GetAsync(
        OrganizationNumber unit, string messageType, DateOnly from, DateOnly to, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
