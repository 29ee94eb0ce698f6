using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Overview;

/// <summary>One day of extraction in a series.</summary>
/// <param name="Submissions">Accepted submissions; 0 is a day without submission.</param>
/// <param name="Records">Records in them; 0 with a submission is a day without changes (R2.01).</param>
/// <param name="Repeats">Times the same bytes came again.</param>
/// <param name="CameLate">A submission of this day came after one of a later day.</param>
/// <param name="IsHole">No submission on a day when the series' own rhythm says there should be one.</param>
public sealed record SeriesDay(
    DateOnly ExtractedOn, int Submissions, int Records, int Repeats, bool CameLate, bool IsHole);

/// <summary>The days of extraction of one unit and type: those that came and those that are missing.</summary>
/// <param name="RhythmDays">Usual number of days between extractions; null before there are enough to tell.</param>
public sealed record Series(
    OrganizationNumber Unit, string MessageType, int? RhythmDays, IReadOnlyList<SeriesDay> Days);

/// <summary>Order, repeats and holes in what a unit has sent.</summary>
public sealed class GetSeries(RegisterDatabase database, TimeProvider clock)
{
    private const int PeriodDaysMax = 400;

    /// <summary>How far back the rhythm is learned from, before the period itself.</summary>
    private const int RhythmDaysBack = 56;

    /// <param name="from">First day.</param>
    /// <param name="to">Last day, included; at most 400 days after <paramref name="from"/>.</param>
    public async Task<Series> GetAsync(
        OrganizationNumber unit, string messageType, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to.DayNumber - from.DayNumber, PeriodDaysMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var came = await ReadAsync(unit, messageType, from.AddDays(-RhythmDaysBack), to, cancellation);
        DateOnly[] days = [.. came.Select(day => day.ExtractedOn)];

        // Today is not over: what has not come may still come.
        var yesterday = NorwegianDay.Of(clock.GetUtcNow()).AddDays(-1);
        var holes = SeriesRhythm.Holes(days, to < yesterday ? to : yesterday)
            .Select(day => new SeriesDay(day, 0, 0, 0, CameLate: false, IsHole: true));
        return new Series(
            unit, messageType, SeriesRhythm.Of(days),
            [.. came.Concat(holes).Where(day => day.ExtractedOn >= from).OrderBy(day => day.ExtractedOn)]);
    }

    private async Task<List<SeriesDay>> ReadAsync(
        OrganizationNumber unit, string messageType, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            with came as (
              select s.extracted_on, s.record_count,
                (select count(*) from intake.repetition r where r.submission_id = s.submission_id) as repeats,
                s.extracted_on < max(s.extracted_on) over (
                  order by s.lane_sequence rows between unbounded preceding and 1 preceding) as came_late
              from intake.lane l
              join intake.submission s on s.lane_id = l.lane_id
              where l.unit = @unit and l.message_type = @type and s.extracted_on between @from and @to
                and s.error_code is null
            )
            select extracted_on, count(*)::integer, sum(record_count)::integer, sum(repeats)::integer,
              coalesce(bool_or(came_late), false)
            from came
            group by extracted_on
            order by extracted_on
            """);
        command.Parameters.AddWithValue("unit", unit.ToString());
        command.Parameters.AddWithValue("type", messageType);
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("to", to);
        var days = new List<SeriesDay>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            days.Add(new SeriesDay(
                row.GetFieldValue<DateOnly>(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetBoolean(4),
                IsHole: false));
        }

        return days;
    }
}
