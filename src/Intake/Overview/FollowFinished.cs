using System.Globalization;
using System.Text.Json;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Overview;

/// <summary>Submissions as they come to their end, each once, for whoever tells senders how they fared.</summary>
/// <remarks>
/// A transaction may end long after the time it has written. So nothing is read that is younger than the oldest
/// transaction still open, less a margin for clocks that differ; what is older cannot change any more.
/// </remarks>
public sealed class FollowFinished
{
    private const int SubmissionsMax = 5_000;

    /// <summary>One window of time is sorted at once; it grows while there is nothing in it.</summary>
    private static readonly TimeSpan WindowFirst = TimeSpan.FromSeconds(30);

    /// <summary>While nothing comes, the position moves this seldom: whoever follows has to store it.</summary>
    private static readonly TimeSpan QuietStep = TimeSpan.FromMinutes(1);

    private static readonly Guid LastId = new("ffffffff-ffff-ffff-ffff-ffffffffffff");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly RegisterDatabase _database;
    private readonly JudgementLog _judgements;

    internal FollowFinished(RegisterDatabase database, JudgementLog judgements) =>
        (_database, _judgements) = (database, judgements);

    /// <param name="position">Where the last batch ended; null from the beginning.</param>
    /// <param name="max">1 to 5 000.</param>
    /// <exception cref="FormatException"><paramref name="position"/> is not from a batch.</exception>
    public async Task<FinishedBatch> ReadAsync(string? position, int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(max, Math.Clamp(max, 1, SubmissionsMax));
        var after = Place.Parse(position);
        var (first, horizon) = await HorizonAsync(cancellation);
        if (first is null) return new FinishedBatch([], position, HasMore: false);
        var start = first.Value.AddDays(-1);
        if (after is null || after.Value.At < start) after = new Place(start, LastId);

        var before = after.Value.At;
        for (var window = WindowFirst; after.Value.At < horizon; window *= 4)
        {
            var to = horizon - after.Value.At > window ? after.Value.At + window : horizon;
            var rows = await ReadAsync(after.Value, to, max, cancellation);
            if (rows.Count > 0) return await OpenAsync(rows, rows.Count == max || to < horizon, cancellation);
            after = new Place(to, LastId);
        }

        var isQuiet = position is not null && after.Value.At - before < QuietStep;
        return new FinishedBatch([], isQuiet ? position : after.Value.ToString(), HasMore: false);
    }

    private async Task<(DateTimeOffset? First, DateTimeOffset Horizon)> HorizonAsync(CancellationToken cancellation)
    {
        await using var select = _database.Source.CreateCommand(
            """
            select (select min(received_at) from intake.submission),
              least(now(), min(xact_start)) - interval '2 seconds'
            from pg_stat_activity
            where datname = current_database()
            """);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.Value<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1));
    }

    private async Task<List<Row>> ReadAsync(Place after, DateTimeOffset to, int max, CancellationToken cancellation)
    {
        await using var select = _database.Source.CreateCommand(
            """
            select s.submission_id, s.channel, s.unit, u.name, j.institution, s.vendor_name, s.software_name,
              s.software_version, s.export_version, s.message_type, s.type_version, j.from_on, j.to_on, s.extracted_on,
              s.received_at, s.changed_at, s.error_code, s.record_count, s.finding_count, j.broken_rules::text,
              s.findings::text, j.identities_valid, j.identities_unknown, j.identities_duplicate, j.tally,
              j.contacts_data_key_id, j.contacts_nonce, j.contacts, s.vendor
            from intake.submission s
            left join intake.sender u on u.unit = s.unit
            left join intake.judgement j on j.submission_id = s.submission_id
            where s.changed_at >= @at and s.changed_at <= @to and (s.changed_at, s.submission_id) > (@at, @id)
              and s.state in ('merged', 'rejected')
            order by s.changed_at, s.submission_id
            limit @max
            """);
        select.Parameters.AddWithValue("at", after.At.ToUniversalTime());
        select.Parameters.AddWithValue("id", after.Id);
        select.Parameters.AddWithValue("to", to.ToUniversalTime());
        select.Parameters.AddWithValue("max", max);
        var rows = new List<Row>();
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) rows.Add(Read(row));
        return rows;
    }

    private static Row Read(NpgsqlDataReader row)
    {
        IReadOnlyList<Finding> findings = row.IsDBNull(20) ? [] : Listed<Finding>(row.GetString(20));
        var submission = new FinishedSubmission(
            row.GetGuid(0), row.GetString(1), row.Organization(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6),
            row.Text(7), row.Text(8), row.GetString(9), row.GetString(10), row.Value<DateOnly>(11),
            row.Value<DateOnly>(12), row.Value<DateOnly>(13), row.GetFieldValue<DateTimeOffset>(14),
            row.GetFieldValue<DateTimeOffset>(15), row.Value<int>(16), row.GetInt32(17), row.GetInt32(18),
            row.IsDBNull(19) ? CountedIn(findings) : Listed<BrokenRule>(row.GetString(19)), findings, [],
            row.IsDBNull(21) ? null : new IdentityFigures(row.GetInt32(21), row.GetInt32(22), row.GetInt32(23)),
            row.Text(24))
        {
            Vendor = row.Organization(28),
        };
        var contacts = row.IsDBNull(27)
            ? null
            : new SealedPayload(row.GetGuid(25), row.GetFieldValue<byte[]>(26), row.GetFieldValue<byte[]>(27));
        return new Row(submission, contacts);
    }

    private static List<T> Listed<T>(string json) => JsonSerializer.Deserialize<List<T>>(json, Json)!;

    private static IReadOnlyList<BrokenRule> CountedIn(IReadOnlyList<Finding> findings) =>
        findings.Count == 0
            ? []
            : [
                .. findings.GroupBy(finding => (finding.RuleId, finding.Severity))
                    .Select(rule => new BrokenRule(rule.Key.RuleId, rule.Key.Severity, rule.Count())),
            ];

    private async Task<FinishedBatch> OpenAsync(List<Row> rows, bool hasMore, CancellationToken cancellation)
    {
        var opened = new List<FinishedSubmission>(rows.Count);
        foreach (var (submission, contacts) in rows)
        {
            opened.Add(contacts is null ? submission : submission with
            {
                Contacts = await _judgements.OpenAsync(submission.SubmissionId, contacts, cancellation),
            });
        }

        var last = opened[^1];
        return new FinishedBatch(opened, new Place(last.FinishedAt, last.SubmissionId).ToString(), hasMore);
    }

    private sealed record Row(FinishedSubmission Submission, SealedPayload? Contacts);

    private readonly record struct Place(DateTimeOffset At, Guid Id)
    {
        public static Place? Parse(string? text)
        {
            if (text is null) return null;
            var parts = text.Split('_');
            return parts.Length == 2
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                && ticks <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParseExact(parts[1], "N", out var id)
                    ? new Place(new DateTimeOffset(ticks, TimeSpan.Zero), id)
                    : throw new FormatException("Not a place in the order of finished submissions.");
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{At.UtcTicks}_{Id:N}");
    }
}
