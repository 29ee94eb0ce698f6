using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;

namespace Kilde.Quality.Caveats;

/// <summary>
/// Register staff write a caveat of a unit's data year, or have figures use the year before, and undo it. Each with a
/// reason, and audited in the same transaction.
/// </summary>
public sealed class RecordCaveat(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    public const int ReasonCharactersMax = 500;

    /// <summary>True when the text may be kept: 1–500 characters without any person's number.</summary>
    public static bool IsReason(string? text) =>
        text?.Trim() is { Length: > 0 and <= ReasonCharactersMax } && !IdentifierInText.IsIn(text);

    /// <summary>True for a municipality number, also one that is no longer used, or an organisation number.</summary>
    public static bool IsUnit(string? unit) =>
        MunicipalityCode.TryParse(unit, out _) || OrganizationNumber.TryParse(unit, provider: null, out _);

    /// <param name="unit">See <see cref="IsUnit"/>.</param>
    /// <returns>Null when the unit's year is counted as the year before already.</returns>
    public async Task<Guid?> AddAsync(
        string unit, DataYear year, CaveatKind kind, string reason, AccessGround ground, CancellationToken cancellation)
    {
        if (!IsReason(reason))
            throw new ArgumentException("The reason is empty, long, or names a person.", nameof(reason));
        if (!IsUnit(unit))
            throw new ArgumentException("No municipality has the number, and no organisation.", nameof(unit));
        var id = Guid.CreateVersion7();
        var added = await ActAsync(
            """
            insert into quality.caveat (caveat_id, unit, data_year, kind, reason, recorded_by, recorded_at)
            values (@id, @unit, @year, @kind, @reason, @actor, @now)
            on conflict (unit, data_year) where kind = 'imputed' and undone_at is null do nothing
            returning unit || ' ' || data_year
            """,
            new
            {
                id, unit, year = year.Year, kind = StoredWord.Of(kind), reason = reason.Trim(),
                actor = ground.Actor.Id, now = clock.GetUtcNow(),
            },
            $"caveat.{StoredWord.Of(kind)}", ground, cancellation);
        return added ? id : null;
    }

    /// <returns>False when there is none with the id that stands.</returns>
    public Task<bool> UndoAsync(Guid caveatId, string reason, AccessGround ground, CancellationToken cancellation) =>
        IsReason(reason)
            ? ActAsync(
                """
                update quality.caveat set undone_reason = @reason, undone_by = @actor, undone_at = @now
                where caveat_id = @caveatId and undone_at is null
                returning unit || ' ' || data_year
                """,
                new { caveatId, reason = reason.Trim(), actor = ground.Actor.Id, now = clock.GetUtcNow() },
                "caveat.undone", ground, cancellation)
            : throw new ArgumentException("The reason is empty, long, or names a person.", nameof(reason));

    private async Task<bool> ActAsync(
        string sql, object parameters, string act, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var about = await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellation));
        if (about is null) return false;
        await audit.AppendAsync(transaction, [new AuditEntry(ground, act, about)], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
