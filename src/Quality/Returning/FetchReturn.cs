using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Sending;

namespace Kilde.Quality.Returning;

/// <summary>A package on its way to its sender.</summary>
/// <param name="WriteAsync">Writes it, as it would have been written on demand when it was made.</param>
public sealed record FetchedReturn(string FileName, Func<Stream, CancellationToken, Task> WriteAsync);

/// <summary>
/// Hands a package out to the unit it is of, and nobody else. It is in the audit log before it is given. A return that
/// rests is resumed by it.
/// </summary>
public sealed class FetchReturn(
    RegisterDatabase database, RestReturn rest, Sealing sealing, ReturnSignal signal, AuditLog audit,
    TimeProvider clock)
{
    /// <param name="unit">The token's or the session's.</param>
    /// <returns>Null when it is not there, is another's, or has been removed.</returns>
    public async Task<FetchedReturn?> OpenAsync(
        Guid packageId, OrganizationNumber unit, Actor actor, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var now = clock.GetUtcNow();
        var standing = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "select standing_return_id from quality.return_package where package_id = @packageId and unit = @unit",
            new { packageId, unit = unit.ToString() }, transaction, cancellationToken: cancellation));
        if (standing is not { } id) return null;
        await RestReturn.LockAsync(transaction, id, cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            update quality.return_package p set fetched_at = coalesce(p.fetched_at, @now)
            from quality.standing_return s
            where p.package_id = @packageId and p.unit = @unit and p.removed_at is null
              and s.standing_return_id = p.standing_return_id
            returning s.area, p.records, p.parts, p.made_at
            """,
            new { packageId, unit = unit.ToString(), now },
            transaction,
            cancellationToken: cancellation));
        if (row is null) return null;

        var ground = new AccessGround(actor, "standing return");
        var entry = new AuditEntry(
            ground, "return.fetched", $"{packageId} {unit}", (int)Math.Min(row.Records, int.MaxValue));
        await audit.AppendAsync(transaction, [entry], cancellation);
        var isResumed = await rest.ResumeAsync(transaction, id, unit, actor, now, cancellation);
        await transaction.CommitAsync(cancellation);
        if (isResumed) signal.Signal.Raise();
        return new FetchedReturn(
            $"retur-{unit}-{row.Area.ToLowerInvariant()}-{Norwegian.Day(row.MadeAt):yyyy-MM-dd}.jsonl",
            (output, given) => WriteAsync(packageId, row.Parts, output, given));
    }

    private async Task WriteAsync(Guid packageId, int parts, Stream output, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await SealedParts.CopyAsync(connection, sealing, packageId, parts, output, cancellation);
    }

    private sealed record Row(string Area, long Records, int Parts, DateTimeOffset MadeAt);
}
