using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Register.Periods;

/// <summary>
/// Marks a reporting unit's year as excluded from statistics, with the rule it breaks and the reason (R3.05). The data
/// stay in the register; what is published shows the mark. Marks are lifted and never deleted, and each act is in the
/// audit log, in its own transaction.
/// </summary>
public sealed class ExcludeFromStatistics(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    /// <summary>Longest rule and reason, in characters.</summary>
    public const int TextCharactersMax = 1_000;

    /// <param name="MessageType">Null: all the unit has reported of the year.</param>
    public sealed record Exclusion(
        Guid ExclusionId, string Sender, short DataYear, string? MessageType, string Rule, string Reason,
        DateTimeOffset ExcludedAt, string ExcludedBy, DateTimeOffset? LiftedAt, string? LiftedBy, string? LiftedReason);

    /// <returns>The mark; null when the same year is marked already.</returns>
    /// <exception cref="ArgumentException">
    /// Sender, rule or reason is missing or too long, or no purpose is given.
    /// </exception>
    public async Task<Guid?> MarkAsync(
        string sender, DataYear year, string? messageType, string rule, string reason, AccessGround ground,
        CancellationToken cancellation)
    {
        Demand(ground, sender, rule, reason);
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return await ActAsync(
            Mark,
            new { id, sender, year = year.Year, messageType, rule, reason, now, by = ByOf(ground) },
            new AuditEntry(ground, "register.exclude", $"{sender} {year} {messageType}".TrimEnd()), cancellation)
            ? id
            : null;
    }

    /// <returns>False when no such mark is in force.</returns>
    /// <exception cref="ArgumentException">The reason is missing or too long, or no purpose is given.</exception>
    public Task<bool> LiftAsync(
        string sender, DataYear year, string? messageType, string reason, AccessGround ground,
        CancellationToken cancellation)
    {
        Demand(ground, sender, reason);
        return ActAsync(
            Lift,
            new { sender, year = year.Year, messageType, reason, now = clock.GetUtcNow(), by = ByOf(ground) },
            new AuditEntry(ground, "register.lift_exclusion", $"{sender} {year} {messageType}".TrimEnd()),
            cancellation);
    }

    /// <param name="year">Null for every year.</param>
    /// <param name="withLifted">Those that are no longer in force too.</param>
    public async Task<IReadOnlyList<Exclusion>> ListAsync(
        DataYear? year, bool withLifted, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var exclusions = await connection.QueryAsync<Exclusion>(new CommandDefinition(
            List, new { year = year?.Year, withLifted }, cancellationToken: cancellation));
        return exclusions.AsList();
    }

    private static string ByOf(AccessGround ground) => $"{ground.Actor.Kind}:{ground.Actor.Id}";

    private static void Demand(AccessGround ground, params ReadOnlySpan<string> texts)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ground.Purpose);
        foreach (var text in texts)
        {
            if (string.IsNullOrWhiteSpace(text) || text.Length > TextCharactersMax)
                throw new ArgumentException($"Unit, rule and reason have 1 to {TextCharactersMax} characters.");
        }
    }

    private async Task<bool> ActAsync(
        string sql, object parameters, AuditEntry entry, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var rows = await connection.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, cancellationToken: cancellation));
        if (rows == 0) return false;

        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private const string Mark =
        """
        insert into register.exclusion (
          exclusion_id, sender, data_year, message_type, rule, reason, excluded_at, excluded_by)
        values (@id, @sender, @year, @messageType, @rule, @reason, @now, @by)
        on conflict (sender, data_year, coalesce(message_type, '')) where lifted_at is null do nothing
        """;

    private const string Lift =
        """
        update register.exclusion
        set lifted_at = @now, lifted_by = @by, lifted_reason = @reason
        where sender = @sender and data_year = @year and message_type is not distinct from @messageType
          and lifted_at is null
        """;

    private const string List =
        """
        select exclusion_id, sender, data_year, message_type, rule, reason, excluded_at, excluded_by,
          lifted_at, lifted_by, lifted_reason
        from register.exclusion
        where (@year is null or data_year = @year) and (@withLifted or lifted_at is null)
        order by data_year desc, sender, message_type, excluded_at
        """;
}
