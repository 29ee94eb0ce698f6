using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Quality.Sending;
using Kilde.Register.Returning;
using Npgsql;

namespace Kilde.Quality.Returning;

/// <summary>
/// Makes the packages of standing returns when they are due, by the same code that answers a sender that asks, and
/// queues the mail that tells (R8.01). A package is there whole, with its entry in the log and its mail, or not at all.
/// </summary>
/// <remarks>
/// An attempt is noted before it begins, so that one that fails does not hold up the others; the row is locked
/// meanwhile, so that two workers never make the same one. What lies ready can be fetched, and the return withdrawn,
/// until the new package is whole.
/// </remarks>
public sealed class MakeReturns(
    RegisterDatabase database, ReturnRecords returns, RestReturn rest, Sealing sealing, QueueFeedback queue,
    SendSignal signal, AuditLog audit, TimeProvider clock)
{
    private static readonly TimeSpan AttemptPause = TimeSpan.FromHours(1);

    private static readonly Actor Worker = Actor.System("quality-return");

    /// <summary>Makes the one that has been due longest, or lets it rest. False when none is due.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var due = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            Claim,
            new { now, today = Norwegian.Day(now), next = now + AttemptPause },
            cancellationToken: cancellation));
        if (due is not { } id) return false;
        if (await rest.TryAsync(connection, id, Worker, now, cancellation))
        {
            signal.Signal.Raise();
            return true;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var standing = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            select standing_return_id, unit, register, area, from_year, email from quality.standing_return
            where standing_return_id = @id and withdrawn_at is null and due_on <= @today
            -- Another claim passes the row by; who withdraws it does not wait.
            for key share
            """,
            new { id, today = Norwegian.Day(now) }, transaction, cancellationToken: cancellation));
        if (standing is null || !await MakeAsync(transaction, standing, now, cancellation)) return true;
        await transaction.CommitAsync(cancellation);
        signal.Signal.Raise();
        return true;
    }

    /// <returns>False when it was withdrawn meanwhile.</returns>
    private async Task<bool> MakeAsync(
        NpgsqlTransaction transaction, Row standing, DateTimeOffset now, CancellationToken cancellation)
    {
        var package = Guid.CreateVersion7(now);
        var unit = OrganizationNumber.Parse(standing.Unit);
        await ExecuteAsync(
            transaction, Begin, new { standing.StandingReturnId, package, standing.Unit, now }, cancellation);
        await using var parts = new SealedParts(transaction, sealing, package);
        var records = await returns.WriteAsync(unit, standing.Which, Worker, parts, cancellation);
        await parts.CompleteAsync(cancellation);

        var made = clock.GetUtcNow();
        var day = Norwegian.Day(now);
        var next = new DateOnly(day.Year, day.Month, 1).AddMonths(1);
        if (await ExecuteAsync(transaction, MoveOn, new { standing.StandingReturnId, next, made }, cancellation) == 0)
            return false;
        await ExecuteAsync(
            transaction, Replace,
            new
            {
                standing.Unit, standing.Register, standing.Area, package, records, parts.Bytes, parts.Parts, made,
            },
            cancellation);
        await queue.AddNoticeAsync(
            transaction, unit, new ReturnNotice(package), sealing.OpenText(standing.Email, standing.StandingReturnId),
            cancellation);
        var ground = new AccessGround(Worker, "standing return", $"{standing.StandingReturnId}");
        await audit.AppendAsync(
            transaction,
            [new AuditEntry(ground, "return.made", $"{package} {unit}", (int)Math.Min(records, int.MaxValue))],
            cancellation);
        return true;
    }

    private static Task<int> ExecuteAsync(
        NpgsqlTransaction transaction, string sql, object values, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, values, transaction, cancellationToken: cancellation));

    private const string Claim =
        """
        update quality.standing_return set attempt_at = @next
        where standing_return_id = (
          select standing_return_id from quality.standing_return
          where withdrawn_at is null and rested_at is null and due_on <= @today and attempt_at <= @now
          order by due_on, attempt_at, standing_return_id
          limit 1
          for update skip locked)
        returning standing_return_id
        """;

    // Removed until it is whole: the one before lies ready meanwhile.
    private const string Begin =
        """
        insert into quality.return_package (
          package_id, standing_return_id, unit, records, bytes, parts, made_at, removed_at)
        values (@package, @StandingReturnId, @Unit, 0, 0, 0, @now, @now)
        """;

    private const string MoveOn =
        """
        update quality.standing_return set due_on = @next, attempt_at = @made
        where standing_return_id = @StandingReturnId and withdrawn_at is null
        """;

    // Of each area one package lies ready, also when it has been withdrawn and ordered again.
    private const string Replace =
        """
        with earlier as (
          update quality.return_package p set removed_at = @made
          from quality.standing_return s
          where s.unit = @Unit and s.register = @Register and s.area = @Area
            and p.standing_return_id = s.standing_return_id and p.removed_at is null
          returning p.package_id
        )
        delete from quality.return_part part using earlier where part.package_id = earlier.package_id;
        update quality.return_package
        set records = @records, bytes = @Bytes, parts = @Parts, made_at = @made, removed_at = null
        where package_id = @package;
        """;

    private sealed record Row(
        Guid StandingReturnId, string Unit, string Register, string Area, int? FromYear, byte[] Email)
    {
        public ReturnedRecords Which => new(
            new RegisterArea(StoredWord.All<RegisterCode>()[Register], Area),
            DataYear.TryFrom(FromYear ?? 0, out var from) ? from : null);
    }
}
