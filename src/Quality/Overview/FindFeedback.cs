using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Sending;
using Npgsql;

namespace Kilde.Quality.Overview;

/// <summary>How far a feedback, or one delivery of it, has come.</summary>
public enum DeliveryState
{
    Waiting = 1,
    Sent = 2,
    Failed = 3,

    /// <summary>Kan ikke leveres: no contact, no address or no mobile number (R3.14).</summary>
    Undeliverable = 4,
}

/// <summary>One feedback in a list.</summary>
/// <param name="State">Sent when it has reached somebody; undeliverable when it can reach nobody.</param>
/// <param name="Hindered">Recipients it cannot reach, counted.</param>
/// <param name="OpenedAt">When its sender first opened it in the portal.</param>
/// <param name="HasDocument">False when the document has been removed.</param>
public sealed record FeedbackLine(
    Guid FeedbackId, FeedbackKind Kind, Sector? Sector, string FileName, int Bytes, DateTimeOffset CreatedAt,
    DeliveryState State, int Hindered, DateTimeOffset? OpenedAt, bool HasDocument)
{
    /// <summary>It reaches some of its recipients, and not all.</summary>
    public bool IsPartlyHindered => Hindered > 0 && State is (DeliveryState.Sent or DeliveryState.Waiting);
}

/// <summary>A submission with the feedback it gave.</summary>
public sealed record SubmissionLine(
    Guid SubmissionId, OrganizationNumber Unit, string UnitName, string MessageType, string TypeVersion,
    DateOnly? From, DateOnly? To, DateTimeOffset ReceivedAt, CaseOutcome Outcome, int Records, int Errors,
    int Warnings)
{
    public IReadOnlyList<FeedbackLine> Feedback { get; init; } = [];
}

/// <summary>One recipient of a feedback: the contact type, never the address.</summary>
public sealed record DeliveryLine(int ContactType, DeliveryState State, string? Reason, int Attempts,
    DateTimeOffset ChangedAt);

/// <summary>Everything about one feedback.</summary>
public sealed record FeedbackDetail(
    SubmissionLine Submission, FeedbackLine Feedback, IReadOnlyList<DeliveryLine> Deliveries,
    IReadOnlyList<FeedbackEvent> History);

/// <summary>Which submissions to list.</summary>
/// <param name="Unit">Only this unit's; null for all, which is for staff alone.</param>
/// <param name="Before">The last submission of the page before.</param>
public sealed record FeedbackFilter(OrganizationNumber? Unit, Guid? Before = null, bool OnlyUndelivered = false);

/// <summary>
/// Submissions that get feedback, and the feedback, the newest first. What was told in the answer to the message is not
/// among them.
/// </summary>
public sealed class FindFeedback(RegisterDatabase database)
{
    /// <param name="limit">1 to 500 submissions.</param>
    public async Task<IReadOnlyList<SubmissionLine>> FindAsync(
        FeedbackFilter filter, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 500));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = (await connection.QueryAsync<SubmissionRow>(new CommandDefinition(
            $"""
            {SelectSubmissions}
            where s.gets_reports and (@unit::text is null or s.unit = @unit)
              and (@before::uuid is null or (s.received_at, s.submission_id) < (
                select b.received_at, b.submission_id from quality.submission b where b.submission_id = @before))
              and (not @onlyUndelivered or exists (
                select 1 from quality.feedback f join quality.outbox o on o.feedback_id = f.feedback_id
                where f.submission_id = s.submission_id and o.state in ('failed', 'undeliverable')))
            order by s.received_at desc, s.submission_id desc
            limit @limit
            """,
            new { unit = filter.Unit?.ToString(), filter.Before, filter.OnlyUndelivered, limit },
            cancellationToken: cancellation))).AsList();
        var feedback = await FeedbackOfAsync(connection, [.. rows.Select(row => row.SubmissionId)], cancellation);
        return [.. rows.Select(row => row.ToLine() with { Feedback = [.. feedback[row.SubmissionId]] })];
    }

    /// <summary>One feedback; null when it is not there, or another's.</summary>
    /// <param name="unit">Only this unit's; null for staff.</param>
    public async Task<FeedbackDetail?> GetAsync(
        Guid feedbackId, OrganizationNumber? unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var submission = await connection.QuerySingleOrDefaultAsync<SubmissionRow>(new CommandDefinition(
            $"""
            {SelectSubmissions}
            where s.submission_id = (select f.submission_id from quality.feedback f where f.feedback_id = @feedbackId)
              and (@unit::text is null or s.unit = @unit)
            """,
            new { feedbackId, unit = unit?.ToString() },
            cancellationToken: cancellation));
        if (submission is null) return null;

        var feedback = await FeedbackOfAsync(connection, [submission.SubmissionId], cancellation);
        var deliveries = await connection.QueryAsync<DeliveryRow>(new CommandDefinition(
            """
            select contact_type, state, reason, attempts, changed_at from quality.outbox
            where feedback_id = @feedbackId order by contact_type, outbox_id
            """,
            new { feedbackId },
            cancellationToken: cancellation));
        var history = await connection.QueryAsync<FeedbackEvent>(new CommandDefinition(
            """
            select feedback_id, kind, detail, actor, occurred_at from quality.feedback_event
            where feedback_id = @feedbackId order by occurred_at, event_id
            """,
            new { feedbackId },
            cancellationToken: cancellation));
        var lines = feedback[submission.SubmissionId].ToList();
        return new FeedbackDetail(
            submission.ToLine() with { Feedback = lines }, lines.First(line => line.FeedbackId == feedbackId),
            [.. deliveries.Select(row => row.ToLine())], history.AsList());
    }

    private static async Task<ILookup<Guid, FeedbackLine>> FeedbackOfAsync(
        NpgsqlConnection connection, Guid[] submissions, CancellationToken cancellation) =>
        (await connection.QueryAsync<FeedbackRow>(new CommandDefinition(
            SelectFeedback, new { submissions }, cancellationToken: cancellation)))
        .ToLookup(row => row.SubmissionId, row => row.ToLine());

    internal static DeliveryState StateOf(string name) => name switch
    {
        "sent" => DeliveryState.Sent,
        "failed" => DeliveryState.Failed,
        "undeliverable" => DeliveryState.Undeliverable,
        _ => DeliveryState.Waiting,
    };

    private const string SelectSubmissions =
        """
        select s.submission_id, s.unit, s.unit_name, s.message_type, s.type_version, s.period_from, s.period_to,
          s.received_at, s.outcome, s.record_count,
          (select coalesce(sum(r.count), 0)::integer from quality.submission_rule r
            where r.submission_id = s.submission_id and r.severity = 3) as errors,
          (select coalesce(sum(r.count), 0)::integer from quality.submission_rule r
            where r.submission_id = s.submission_id and r.severity = 2) as warnings
        from quality.submission s
        """;

    private const string SelectFeedback =
        """
        select f.submission_id, f.feedback_id, f.kind, f.sector, f.file_name, f.bytes, f.created_at,
          case when bool_or(o.state = 'sent') then 'sent' when bool_or(o.state = 'waiting') then 'waiting'
            when bool_or(o.state = 'failed') then 'failed' else 'undeliverable' end as state,
          (count(*) filter (where o.state in ('failed', 'undeliverable')))::integer as hindered,
          (select min(e.occurred_at) from quality.feedback_event e
            where e.feedback_id = f.feedback_id and e.kind = 'opened') as opened_at,
          f.sealed is not null as has_document
        from quality.feedback f
        left join quality.outbox o on o.feedback_id = f.feedback_id
        where f.submission_id = any(@submissions)
        group by f.feedback_id
        order by f.created_at, f.feedback_id
        """;

    private sealed record SubmissionRow(
        Guid SubmissionId, string Unit, string UnitName, string MessageType, string TypeVersion, DateOnly? PeriodFrom,
        DateOnly? PeriodTo, DateTimeOffset ReceivedAt, string Outcome, int RecordCount, int Errors, int Warnings)
    {
        public SubmissionLine ToLine() => new(
            SubmissionId, OrganizationNumber.Parse(Unit), UnitName, MessageType, TypeVersion, PeriodFrom, PeriodTo,
            ReceivedAt, OutcomeOf(Outcome), RecordCount, Errors, Warnings);

        private static CaseOutcome OutcomeOf(string name) =>
            Enum.GetValues<CaseOutcome>().First(outcome => CaseTable.OutcomeName(outcome) == name);
    }

    private sealed record FeedbackRow(
        Guid SubmissionId, Guid FeedbackId, string Kind, string Sector, string FileName, int Bytes,
        DateTimeOffset CreatedAt, string State, int Hindered, DateTimeOffset? OpenedAt, bool HasDocument)
    {
        public FeedbackLine ToLine() => new(
            FeedbackId, QueueFeedback.KindOf(Kind), QueueFeedback.SectorOf(Sector), FileName, Bytes, CreatedAt,
            StateOf(State), Hindered, OpenedAt, HasDocument);
    }

    private sealed record DeliveryRow(
        int ContactType, string State, string? Reason, int Attempts, DateTimeOffset ChangedAt)
    {
        public DeliveryLine ToLine() => new(ContactType, StateOf(State), Reason, Attempts, ChangedAt);
    }
}
