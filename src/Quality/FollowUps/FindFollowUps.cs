using Dapper;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Contacts;

namespace Kilde.Quality.FollowUps;

/// <summary>What staff have done about those they follow up.</summary>
public sealed class FindFollowUps(RegisterDatabase database, ContactBook contacts, AuditLog audit)
{
    /// <summary>Where staff stand with every unit and reason that anyone has done anything about.</summary>
    public async Task<IReadOnlyList<FollowUpState>> StatesAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<StateRow>(new CommandDefinition(
            """
            select e.unit, e.reason, o.actor_id as owner_id, o.actor_name as owner_name, d.occurred_at as done_at
            from (select distinct unit, reason from quality.follow_up_event) e
            left join lateral (
              select kind, actor_id, actor_name from quality.follow_up_event n
              where n.unit = e.unit and n.reason = e.reason and n.kind in ('taken', 'released')
              order by n.event_no desc limit 1) o on o.kind = 'taken'
            left join lateral (
              select kind, occurred_at from quality.follow_up_event n
              where n.unit = e.unit and n.reason = e.reason and n.kind in ('done', 'undone')
              order by n.event_no desc limit 1) d on d.kind = 'done'
            """,
            cancellationToken: cancellation));
        return
        [
            .. rows.Select(row => new FollowUpState(
                row.Unit, FollowUpTable.ReasonOf(row.Reason), row.OwnerId, row.OwnerName, row.DoneAt)),
        ];
    }

    /// <summary>All that was done about a unit, the newest first.</summary>
    public async Task<IReadOnlyList<FollowUpEvent>> HistoryAsync(
        OrganizationNumber unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<EventRow>(new CommandDefinition(
            """
            select reason, kind, note, actor_name, occurred_at from quality.follow_up_event
            where unit = @unit order by event_no desc
            """,
            new { unit = unit.ToString() },
            cancellationToken: cancellation));
        return
        [
            .. rows.Select(row => new FollowUpEvent(
                FollowUpTable.ReasonOf(row.Reason), FollowUpTable.KindOf(row.Kind), row.Note, row.ActorName,
                row.OccurredAt)),
        ];
    }

    /// <summary>Whom to call: those the unit's newest file named. That they were read is audited.</summary>
    public async Task<IReadOnlyList<ContactPerson>> ContactsAsync(
        OrganizationNumber unit, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var people = await contacts.ReadAsync(connection, unit.ToString(), cancellation);
        if (people.Count == 0) return people;
        await audit.AppendAsync(
            transaction, [new AuditEntry(ground, "contacts.read", unit.ToString())], cancellation);
        await transaction.CommitAsync(cancellation);
        return people;
    }

    private sealed record StateRow(
        string Unit, string Reason, string? OwnerId, string? OwnerName, DateTimeOffset? DoneAt);

    private sealed record EventRow(
        string Reason, string Kind, string? Note, string ActorName, DateTimeOffset OccurredAt);
}
