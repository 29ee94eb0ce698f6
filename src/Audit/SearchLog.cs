using Dapper;

namespace Kilde.Audit;

/// <summary>What to look for in a log. What is null does not narrow.</summary>
/// <param name="Before">The last row of the page before; null gives the first page.</param>
public sealed record LogQuery(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? ActorId = null, string? Action = null,
    string? Subject = null, LogPosition? Before = null, int Limit = 50)
{
    public const int LimitMax = 500;
}

/// <summary>A place in a log, for paging.</summary>
public sealed record LogPosition(DateTimeOffset OccurredAt, string Chain, long SequenceNo);

/// <summary>An entry as the auditor sees it.</summary>
public sealed record LogRow(
    string Chain, long SequenceNo, DateTimeOffset OccurredAt, string ActorKind, string ActorId, string Purpose,
    string? CaseReference, string Action, string Subject, int Count, string? Details)
{
    public LogPosition Position => new(OccurredAt, Chain, SequenceNo);
}

/// <summary>Entries of a log, newest first, page by page.</summary>
public static class SearchLog
{
    public static async Task<IReadOnlyList<LogRow>> HandleAsync(
        AuditStore store, LogQuery query, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<LogRow>(new CommandDefinition(
            Select,
            new
            {
                query.From,
                query.To,
                query.ActorId,
                query.Action,
                query.Subject,
                beforeAt = query.Before?.OccurredAt,
                beforeChain = query.Before?.Chain,
                beforeNo = query.Before?.SequenceNo,
                limit = Math.Clamp(query.Limit, 1, LogQuery.LimitMax),
            },
            cancellationToken: cancellation));
        return rows.AsList();
    }

    private const string Select =
        """
        select chain, sequence_no, occurred_at, actor_kind, actor_id, purpose, case_reference, action, subject, count,
          details
        from audit.entry
        where (@From::timestamptz is null or occurred_at >= @From)
          and (@To::timestamptz is null or occurred_at < @To)
          and (@ActorId::text is null or actor_id = @ActorId)
          and (@Action::text is null or action = @Action)
          and (@Subject::text is null or subject = @Subject)
          and (@beforeAt::timestamptz is null
            or (occurred_at, chain, sequence_no) < (@beforeAt, @beforeChain::text, @beforeNo::bigint))
        order by occurred_at desc, chain desc, sequence_no desc
        limit @limit
        """;
}
