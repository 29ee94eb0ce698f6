using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Sending;
using Npgsql;

namespace Kilde.Quality.Returning;

/// <summary>
/// Lets a standing return rest when nobody fetches what is made: identities are not laid ready month after month for no
/// one. The sender is told once, and the next fetch, or its own word, resumes it (R8.01).
/// </summary>
/// <remarks>
/// Who rests a return and who fetches of it lock the same row, and packages are looked at after the lock, so that what
/// is fetched in the same moment counts. The lock does not wait for a package that is being made.
/// </remarks>
public sealed class RestReturn(RegisterDatabase database, QueueFeedback queue, Sealing sealing, AuditLog audit)
{
    /// <summary>Packages in a row that nobody fetched, after which no more are made.</summary>
    public const int UnfetchedMax = 2;

    internal const string Resumed = "return.resumed";

    /// <summary>Lets the return rest, and queues the mail that tells, when its last packages lie unfetched.</summary>
    /// <returns>True when it rests, and nothing is to be made.</returns>
    internal async Task<bool> TryAsync(
        NpgsqlConnection connection, Guid id, Actor actor, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockAsync(transaction, id, cancellation);
        var rested = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            Rest, new { id, now, UnfetchedMax }, transaction, cancellationToken: cancellation));
        if (rested is null) return false;

        var unit = OrganizationNumber.Parse(rested.Unit);
        await queue.AddNoticeAsync(
            transaction, unit, new ReturnNotice(rested.PackageId, TellsRest: true),
            sealing.OpenText(rested.Email, id), cancellation);
        var ground = new AccessGround(actor, "standing return");
        await audit.AppendAsync(transaction, [new AuditEntry(ground, "return.rested", $"{id} {unit}")], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Makes packages again, the first at once. Audited in the same transaction.</summary>
    /// <returns>False when the unit has no such return that rests.</returns>
    internal async Task<bool> ResumeAsync(
        Guid id, OrganizationNumber unit, Actor actor, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await ResumeAsync(transaction, id, unit, actor, now, cancellation)) return false;
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The same, where a package of it has been fetched.</summary>
    internal async Task<bool> ResumeAsync(
        NpgsqlTransaction transaction, Guid id, OrganizationNumber unit, Actor actor, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var resumed = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update quality.standing_return set rested_at = null, resumed_at = @now, attempt_at = @now
            where standing_return_id = @id and unit = @unit and withdrawn_at is null and rested_at is not null
            """,
            new { id, unit = unit.ToString(), now }, transaction, cancellationToken: cancellation));
        if (resumed == 0) return false;
        var ground = new AccessGround(actor, "standing return");
        await audit.AppendAsync(transaction, [new AuditEntry(ground, Resumed, $"{id} {unit}")], cancellation);
        return true;
    }

    /// <summary>Weaker than what a package being made holds off.</summary>
    internal static Task LockAsync(NpgsqlTransaction transaction, Guid id, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select 1 from quality.standing_return where standing_return_id = @id for no key update",
            new { id }, transaction, cancellationToken: cancellation));

    private const string Rest =
        """
        with last as (
          select p.package_id, p.fetched_at, p.made_at
          from quality.return_package p
          join quality.standing_return s on s.standing_return_id = p.standing_return_id
          where p.standing_return_id = @id and p.made_at > coalesce(s.resumed_at, '-infinity')
          order by p.made_at desc
          limit @UnfetchedMax
        )
        update quality.standing_return set rested_at = @now
        where standing_return_id = @id and withdrawn_at is null and rested_at is null
          and (select count(*) from last where fetched_at is null) = @UnfetchedMax
        returning unit, email, (select package_id from last order by made_at desc limit 1) as package_id
        """;

    private sealed record Row(string Unit, byte[] Email, Guid PackageId);
}
