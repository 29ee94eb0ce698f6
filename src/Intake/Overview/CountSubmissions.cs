using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Overview;

/// <summary>How many submissions stand where.</summary>
/// <param name="Waiting">Accepted and not yet in the register, whenever they came.</param>
/// <param name="SetAside">Set aside and not yet replayed, whenever they came.</param>
/// <param name="Received">Came in the period, whatever became of them.</param>
/// <param name="Merged">Came in the period and are in the register.</param>
/// <param name="Rejected">Came in the period and were refused.</param>
/// <param name="OldestWaitingAt">When the one that has waited longest came; null when none waits.</param>
public sealed record SubmissionCounts(
    long Waiting, long SetAside, long Received, long Merged, long Rejected, DateTimeOffset? OldestWaitingAt);

/// <summary>Submissions per state.</summary>
public sealed class CountSubmissions(RegisterDatabase database)
{
    /// <param name="since">Start of the period, usually a day ago: older rows are not read.</param>
    /// <param name="unit">Only this unit; null for all.</param>
    public async Task<SubmissionCounts> CountAsync(
        DateTimeOffset since, OrganizationNumber? unit, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            with waiting as (
              select count(*) as number, min(s.received_at) as oldest
              from intake.waiting w
              join intake.submission s on s.submission_id = w.submission_id
              where @unit::text is null or s.unit = @unit
            ), aside as (
              select count(*) as number
              from intake.set_aside a
              join intake.lane l on l.lane_id = a.lane_id
              where a.replayed_at is null and (@unit::text is null or l.unit = @unit)
            ), period as (
              select count(*) as received,
                count(*) filter (where state = 'merged') as merged,
                count(*) filter (where state = 'rejected') as rejected
              from intake.submission
              where received_at >= @since and (@unit::text is null or unit = @unit)
            )
            select waiting.number, aside.number, period.received, period.merged, period.rejected, waiting.oldest
            from waiting, aside, period
            """);
        command.Parameters.AddWithValue("since", since.ToUniversalTime());
        command.Parameters.Add(new NpgsqlParameter<string?>("unit", unit?.ToString()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new SubmissionCounts(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            row.Value<DateTimeOffset>(5));
    }
}
