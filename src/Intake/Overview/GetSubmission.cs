using System.Text.Json;
using Kilde.Intake.Log;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Overview;

/// <summary>What a merge did with the submission's records.</summary>
public sealed record MergedRows(long BatchNo, int Inserted, int Updated, int Unchanged, int Deleted);

/// <summary>The persons that an identity message told of.</summary>
/// <param name="Unknown">Those without a number that a person can be known by.</param>
public sealed record ToldPersons(int Valid, int Unknown)
{
    public int Total => Valid + Unknown;
}

/// <summary>Something that happened to a submission.</summary>
/// <param name="Kind">
/// <c>received</c>, <c>rejected</c>, <c>repeated</c>, <c>set_aside</c>, <c>replayed</c>, <c>merged</c>.
/// </param>
/// <param name="Details">Error code, cause of setting aside, or who replayed; never personal data.</param>
public sealed record SubmissionHappening(DateTimeOffset At, string Kind, string? Details);

/// <summary>Everything staff may see of a submission. Never its content.</summary>
/// <param name="Findings">
/// The first findings; <see cref="SubmissionSummary.FindingCount"/> tells how many there were.
/// </param>
/// <param name="LaneSequence">Its number in the queue of its unit and type; null when rejected.</param>
/// <param name="HasPayload">False when the payload was never kept or has been removed.</param>
public sealed record SubmissionDetail(
    SubmissionSummary Summary, OrganizationNumber? SubUnit, string? ClientId, string? ExportVersion,
    string? PayloadHash, IReadOnlyList<Finding> Findings, IReadOnlyList<StepTiming> Timings, long? LaneSequence,
    MergedRows? Merged, bool HasPayload, IReadOnlyList<SubmissionHappening> History)
{
    /// <summary>Null for a message that has records: an identity message has persons and no records.</summary>
    public ToldPersons? Persons { get; init; }
}

/// <summary>One submission with findings, timings and history.</summary>
public sealed class GetSubmission(RegisterDatabase database)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="id">Submission id, or the correlation id that the sender was given.</param>
    public async Task<SubmissionDetail?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            select {SubmissionSummary.Columns},
              s.sub_unit, s.client_id, s.export_version, s.payload_hash, s.findings::text, s.timings::text,
              s.lane_sequence, s.batch_no, s.rows_inserted, s.rows_updated, s.rows_unchanged, s.rows_deleted,
              exists (select from intake.payload p where p.submission_id = s.submission_id), s.merged_at,
              j.identities_valid, j.identities_unknown
            from intake.submission s
            left join intake.sender u on u.unit = s.unit
            left join intake.judgement j on j.submission_id = s.submission_id
            where s.submission_id = @id or s.correlation_id = @id
              or s.submission_id in (select submission_id from intake.repetition where correlation_id = @id)
            limit 1
            """);
        command.Parameters.AddWithValue("id", id);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;

        const int First = SubmissionSummary.ColumnCount;
        var summary = SubmissionSummary.Read(row);
        var detail = new SubmissionDetail(
            summary,
            row.Organization(First),
            row.Text(First + 1),
            row.Text(First + 2),
            row.IsDBNull(First + 3) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(First + 3)),
            Read<Finding>(row.Text(First + 4)),
            Read<StepTiming>(row.Text(First + 5)),
            row.Value<long>(First + 6),
            row.IsDBNull(First + 7)
                ? null
                : new MergedRows(
                    row.GetInt64(First + 7), row.GetInt32(First + 8), row.GetInt32(First + 9),
                    row.GetInt32(First + 10), row.GetInt32(First + 11)),
            row.GetBoolean(First + 12),
            [])
        {
            Persons = row.Value<int>(First + 14) is { } valid
                ? new ToldPersons(valid, row.Value<int>(First + 15) ?? 0)
                : null,
        };
        var mergedAt = row.Value<DateTimeOffset>(First + 13);
        await row.DisposeAsync();

        return detail with { History = await HistoryAsync(summary, mergedAt, cancellation) };
    }

    private async Task<IReadOnlyList<SubmissionHappening>> HistoryAsync(
        SubmissionSummary summary, DateTimeOffset? mergedAt, CancellationToken cancellation)
    {
        var history = new List<SubmissionHappening>
        {
            summary.State == SubmissionState.Rejected
                ? new(summary.ReceivedAt, "rejected", summary.ErrorCode?.ToString())
                : new(summary.ReceivedAt, "received", Details: null),
        };
        if (mergedAt is { } at) history.Add(new SubmissionHappening(at, "merged", Details: null));

        await using var command = database.Source.CreateCommand(
            """
            select received_at, 'repeated', correlation_id::text from intake.repetition where submission_id = @id
            union all
            select set_aside_at, 'set_aside', cause_type || ' ' || cause_code
            from intake.set_aside where submission_id = @id
            union all
            select replayed_at, 'replayed', replayed_by
            from intake.set_aside where submission_id = @id and replayed_at is not null
            order by 1 desc
            limit 1000
            """);
        command.Parameters.AddWithValue("id", summary.SubmissionId);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            history.Add(new SubmissionHappening(
                row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.Text(2)));
        }

        return [.. history.OrderBy(happening => happening.At)];
    }

    private static List<T> Read<T>(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<List<T>>(json, Json) ?? [];
}
