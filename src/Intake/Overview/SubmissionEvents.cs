using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Overview;

/// <summary>
/// The live feed: submissions that came or changed state after a time, oldest change first.
/// </summary>
/// <remarks>
/// The feed looks a little further back than the cursor, because transactions end in another order than they begin:
/// a submission may come twice, and the newest line about it counts. It never fails to come.
/// </remarks>
public sealed class SubmissionEvents(RegisterDatabase database)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    /// <param name="since">
    /// The greatest <see cref="SubmissionSummary.ChangedAt"/> seen so far, or where to start.
    /// </param>
    /// <param name="unit">Only this unit; null for all.</param>
    /// <param name="limit">1 to 5 000 lines.</param>
    public async Task<IReadOnlyList<SubmissionSummary>> ReadAsync(
        DateTimeOffset since, OrganizationNumber? unit, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 5_000));
        await using var command = database.Source.CreateCommand(
            $"""
            (select {SubmissionSummary.Columns}
            from intake.submission s
            left join intake.sender u on u.unit = s.unit
            where s.changed_at > @since and (@unit::text is null or s.unit = @unit)
            order by s.changed_at, s.submission_id
            limit @limit)
            union
            (select {SubmissionSummary.Columns}
            from intake.submission s
            left join intake.sender u on u.unit = s.unit
            where s.changed_at > @overlap and s.changed_at <= @since and (@unit::text is null or s.unit = @unit)
            order by s.changed_at desc, s.submission_id
            limit @limit)
            order by changed_at, submission_id
            """);
        command.Parameters.AddWithValue("since", since.ToUniversalTime());
        command.Parameters.AddWithValue("overlap", (since - Overlap).ToUniversalTime());
        command.Parameters.Add(new NpgsqlParameter<string?>("unit", unit?.ToString()));
        command.Parameters.AddWithValue("limit", limit);

        var changed = new List<SubmissionSummary>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) changed.Add(SubmissionSummary.Read(row));
        return changed;
    }
}
