using Dapper;

namespace Kilde.Audit;

/// <summary>A signed checkpoint as the auditor sees it.</summary>
/// <param name="Entries">How many entries it covers.</param>
/// <param name="Chains">How many chains.</param>
/// <param name="Hash">Lower hexadecimal; compare it with the one kept outside the database.</param>
public sealed record CheckpointRow(long CheckpointNo, DateTimeOffset MadeAt, long Entries, int Chains, string Hash);

/// <summary>The newest checkpoints of a log, newest first.</summary>
public static class FindCheckpoints
{
    public const int LimitMax = 500;

    public static async Task<IReadOnlyList<CheckpointRow>> HandleAsync(
        AuditStore store, int limit, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<CheckpointRow>(new CommandDefinition(
            """
            select checkpoint_no, made_at, (select sum(n) from unnest(sequence_nos) n)::bigint as entries,
              cardinality(chains) as chains, encode(hash, 'hex') as hash
            from audit.checkpoint
            order by checkpoint_no desc
            limit @limit
            """,
            new { limit = Math.Clamp(limit, 1, LimitMax) },
            cancellationToken: cancellation));
        return rows.AsList();
    }
}
