using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Documents;
using Kilde.Quality.Sending;

namespace Kilde.Quality.Overview;

/// <summary>One thing to send or sent, without its address.</summary>
/// <param name="Kind">Null for a password, and for a mail that a return lies ready.</param>
public sealed record OutboxLine(
    Guid OutboxId, string Channel, OrganizationNumber Unit, string? UnitName, Guid? FeedbackId, FeedbackKind? Kind,
    int? ContactType, DeliveryState State, string? Reason, int Attempts, DateTimeOffset NextAttemptAt,
    DateTimeOffset ChangedAt)
{
    /// <summary>True for a mail that a return lies ready.</summary>
    public bool IsOfReturn { get; init; }
}

/// <summary>How much stands in each state.</summary>
public sealed record OutboxCounts(int Waiting, int Delayed, int Sent, int Failed, int Undeliverable);

/// <summary>The outbox as staff see it: what waits, what failed, what cannot be delivered.</summary>
public sealed class FindOutbox(RegisterDatabase database)
{
    /// <summary>What needs a look first (failed, undeliverable, waiting), then the newest that was sent.</summary>
    /// <param name="state">Only this state; null for all.</param>
    /// <param name="limit">1 to 500.</param>
    public async Task<IReadOnlyList<OutboxLine>> FindAsync(
        DeliveryState? state, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 500));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            Select, new { state = state?.ToString().ToLowerInvariant(), limit }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToLine())];
    }

    /// <summary>Counts since a time; what waits is counted whenever it came.</summary>
    public async Task<OutboxCounts> CountAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<OutboxCounts>(new CommandDefinition(
            """
            select (count(*) filter (where state = 'waiting' and attempts = 0))::integer as waiting,
              (count(*) filter (where state = 'waiting' and attempts > 0))::integer as delayed,
              (count(*) filter (where state = 'sent'))::integer as sent,
              (count(*) filter (where state = 'failed'))::integer as failed,
              (count(*) filter (where state = 'undeliverable'))::integer as undeliverable
            from quality.outbox where state = 'waiting' or changed_at >= @since
            """,
            new { since },
            cancellationToken: cancellation));
    }

    private const string Select =
        """
        select o.outbox_id, o.channel, o.unit, n.unit_name, o.feedback_id, f.kind, o.contact_type, o.state, o.reason,
          o.attempts, o.next_attempt_at, o.changed_at, o.package_id is not null as is_of_return
        from quality.outbox o
        left join quality.feedback f on f.feedback_id = o.feedback_id
        left join lateral (
          select s.unit_name from quality.submission s where s.unit = o.unit order by s.received_at desc limit 1
        ) n on true
        where @state::text is null or o.state = @state
        order by case o.state when 'failed' then 1 when 'undeliverable' then 2 when 'waiting' then 3 else 4 end,
          o.changed_at desc, o.outbox_id desc
        limit @limit
        """;

    private sealed record Row(
        Guid OutboxId, string Channel, string Unit, string? UnitName, Guid? FeedbackId, string? Kind, int? ContactType,
        string State, string? Reason, int Attempts, DateTimeOffset NextAttemptAt, DateTimeOffset ChangedAt,
        bool IsOfReturn)
    {
        public OutboxLine ToLine() => new(
            OutboxId, Channel, OrganizationNumber.Parse(Unit), UnitName, FeedbackId,
            Kind is null ? null : QueueFeedback.KindOf(Kind), ContactType, FindFeedback.StateOf(State), Reason,
            Attempts, NextAttemptAt, ChangedAt)
        {
            IsOfReturn = IsOfReturn,
        };
    }
}
