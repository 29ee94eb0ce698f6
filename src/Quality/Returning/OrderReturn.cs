using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Platform.Workers;
using Kilde.Quality.Checks;
using Kilde.Quality.Contacts;
using Kilde.Quality.Declaration;
using Kilde.Quality.Sending;
using Kilde.Register.Returning;

namespace Kilde.Quality.Returning;

/// <summary>Wakes the maker of returns when one is ordered.</summary>
public sealed class ReturnSignal : IDisposable
{
    public WorkerSignal Signal { get; } = new();

    public void Dispose() => Signal.Dispose();
}

/// <summary>
/// A sender asks to get its own records of an area back every month, or no longer (R8.01). Audited in the same
/// transaction. The unit is the token's or the session's, never the request's own word.
/// </summary>
/// <remarks>
/// The first package of an order is made at once, of all the sender has, with all its persons in the log. So what is
/// withdrawn is not ordered again without end.
/// </remarks>
public sealed class OrderReturn(
    RegisterDatabase database, DeclareQuality declare, RestReturn rest, Sealing sealing, ReturnSignal signal,
    AuditLog audit, TimeProvider clock)
{
    /// <summary>Orders of one area by a unit within <see cref="OrdersWithin"/>, with room for a mistake.</summary>
    public const int OrdersMax = 3;

    /// <summary>How far back orders are counted.</summary>
    public static readonly TimeSpan OrdersWithin = TimeSpan.FromDays(1);

    /// <param name="email">Who is told that a package lies ready. Kept sealed.</param>
    public async Task<OrderOutcome> OrderAsync(
        OrganizationNumber unit, ReturnedRecords which, string? email, Actor actor, CancellationToken cancellation)
    {
        if (which.Area is not { } area
            || !declare.Areas.Any(each => each.Register == area.Register && each.Area == area.Name))
            return new OrderOutcome.NoSuchArea();
        if (EmailAddress.Normalise(email) is not { } address) return new OrderOutcome.NoAddress();

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var values = new
        {
            id, unit = unit.ToString(), register = StoredWord.Of(area.Register), area = area.Name,
            from = which.From?.Year, email = sealing.Seal(address, id), by = actor.Id, now,
            today = Norwegian.Day(now), since = now - OrdersWithin, ordersMax = OrdersMax,
        };
        var ground = new AccessGround(actor, "standing return");
        if (!await ActAsync(Order, values, new AuditEntry(ground, "return.ordered", $"{id} {unit}"), cancellation))
            return await RefuseAsync(values, $"{unit} {values.register} {area.Name}", ground, cancellation);
        signal.Signal.Raise();
        return new OrderOutcome.Ordered();
    }

    /// <summary>No more packages are made. What lies ready can be fetched for as long as it would be kept.</summary>
    /// <returns>False when the unit has no such standing return.</returns>
    public Task<bool> WithdrawAsync(
        Guid standingReturnId, OrganizationNumber unit, Actor actor, CancellationToken cancellation) =>
        ActAsync(
            """
            update quality.standing_return set withdrawn_by = @by, withdrawn_at = @now, email = null
            where standing_return_id = @standingReturnId and unit = @unit and withdrawn_at is null
            """,
            new { standingReturnId, unit = unit.ToString(), by = actor.Id, now = clock.GetUtcNow() },
            new AuditEntry(
                new AccessGround(actor, "standing return"), "return.withdrawn", $"{standingReturnId} {unit}"),
            cancellation);

    /// <summary>Packages are made again of a return that rests, the first at once.</summary>
    /// <returns>False when the unit has no such return that rests.</returns>
    public async Task<bool> ResumeAsync(
        Guid standingReturnId, OrganizationNumber unit, Actor actor, CancellationToken cancellation)
    {
        if (!await rest.ResumeAsync(standingReturnId, unit, actor, clock.GetUtcNow(), cancellation)) return false;
        signal.Signal.Raise();
        return true;
    }

    private async Task<OrderOutcome> RefuseAsync(
        object values, string target, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var earliest = await connection.ExecuteScalarAsync<DateTimeOffset?>(
            new CommandDefinition(EarliestOfTooMany, values, transaction, cancellationToken: cancellation));
        if (earliest is not { } from) return new OrderOutcome.StandsAlready();
        await audit.AppendAsync(transaction, [new AuditEntry(ground, "return.refused", target)], cancellation);
        await transaction.CommitAsync(cancellation);

        // Told to the minute: what is told must not be too early.
        return new OrderOutcome.TooOften(from + OrdersWithin + TimeSpan.FromMinutes(1));
    }

    private async Task<bool> ActAsync(
        string sql, object values, AuditEntry entry, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changed = await connection.ExecuteAsync(
            new CommandDefinition(sql, values, transaction, cancellationToken: cancellation));
        if (changed == 0) return false;
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private const string Order =
        """
        insert into quality.standing_return (
          standing_return_id, unit, register, area, from_year, email, ordered_by, ordered_at, due_on, attempt_at)
        select @id, @unit, @register, @area, @from, @email, @by, @now, @today, @now
        where (
          select count(*) from quality.standing_return
          where unit = @unit and register = @register and area = @area and ordered_at > @since) < @ordersMax
        on conflict (unit, register, area) where withdrawn_at is null do nothing
        """;

    // None when one of them stands: that is then why there is no other.
    private const string EarliestOfTooMany =
        """
        select min(ordered_at) from quality.standing_return
        where unit = @unit and register = @register and area = @area and ordered_at > @since
        having count(*) >= @ordersMax and bool_and(withdrawn_at is not null)
        """;
}
