using Dapper;
using Kilde.Audit;
using Kilde.Definitions.Checks;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Quality.Checks;

/// <summary>A limit as it holds now.</summary>
/// <param name="Value">What staff have set, else the definition's own.</param>
/// <param name="Reason">Why it was set; null for the definition's own.</param>
public sealed record LimitInForce(CheckLimit Limit, decimal Value, string? Reason, DateTimeOffset? SetAt);

/// <summary>The limits of checks, as staff have set them.</summary>
public sealed class CheckLimits(RegisterDatabase database)
{
    public async Task<IReadOnlyList<LimitInForce>> ReadAsync(Check check, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        return await ReadAsync(check, transaction, cancellation);
    }

    internal async Task<IReadOnlyList<LimitInForce>> ReadAsync(
        Check check, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        var set = (await connection.QueryAsync<(string Name, decimal Value, string Reason, DateTimeOffset At)>(
            new CommandDefinition(
                """
                select distinct on (name) name, value, reason, set_at
                from quality.check_limit
                where check_id = @Id
                order by name, limit_no desc
                """,
                new { check.Id }, transaction, cancellationToken: cancellation)))
            .ToDictionary(each => each.Name, StringComparer.Ordinal);
        return
        [
            .. check.Limits.Select(limit => set.TryGetValue(limit.Name, out var own)
                ? new LimitInForce(limit, Math.Clamp(own.Value, limit.Min, limit.Max), own.Reason, own.At)
                : new LimitInForce(limit, limit.Value, null, null)),
        ];
    }
}

/// <summary>
/// Moves a limit. What follows is told at once: nothing is measured again, for what was measured is kept.
/// </summary>
public sealed class SetCheckLimit(RegisterDatabase database, RunChecks run, AuditLog audit, TimeProvider clock)
{
    /// <param name="reason">Kept beside the value, and shown with it.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such limit, or the value is outside its range.</exception>
    public async Task<CheckOutcome> SetAsync(
        Check check, string name, decimal value, string reason, AccessGround ground, CancellationToken cancellation)
    {
        var limit = check.Limits.FirstOrDefault(each => each.Name == name)
            ?? throw new ArgumentOutOfRangeException(nameof(name), name, "The check has no such limit.");
        ArgumentOutOfRangeException.ThrowIfLessThan(value, limit.Min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, limit.Max);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into quality.check_limit (check_id, name, value, reason, set_by, set_at)
            values (@Id, @name, @value, @reason, @actor, @now)
            """,
            new { check.Id, name, value, reason, actor = ground.Actor.Id, now = clock.GetUtcNow() },
            transaction,
            cancellationToken: cancellation));
        var outcome = await run.JudgeAsync(check, transaction, cancellation);
        var entry = new AuditEntry(ground, "check.limit.set", $"{check.Id} {name}");
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return outcome;
    }
}
