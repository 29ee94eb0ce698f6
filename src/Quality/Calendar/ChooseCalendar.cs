using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Calendar;

/// <summary>
/// Says which calendar a unit follows, where the default does not fit: contract specialists, for one.
/// </summary>
public sealed class ChooseCalendar(
    RegisterDatabase database, AuditLog audit, IReadOnlyList<ReportingCalendar> calendars, TimeProvider clock)
{
    /// <param name="calendar">Id of a calendar; null goes back to the default.</param>
    /// <returns>False when there is no such calendar.</returns>
    public async Task<bool> ChooseAsync(
        OrganizationNumber unit, string? calendar, AccessGround ground, CancellationToken cancellation)
    {
        if (calendar is not null && calendars.All(each => each.Id != calendar)) return false;
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            calendar is null
                ? "delete from quality.calendar_choice where unit = @unit"
                : """
                insert into quality.calendar_choice (unit, calendar, chosen_at) values (@unit, @calendar, @now)
                on conflict (unit) do update set calendar = excluded.calendar, chosen_at = excluded.chosen_at
                """,
            new { unit = unit.ToString(), calendar, now = clock.GetUtcNow() },
            transaction,
            cancellationToken: cancellation));
        var entry = new AuditEntry(ground, "calendar.chosen", unit.ToString());
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
