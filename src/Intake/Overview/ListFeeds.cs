using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Overview;

/// <summary>What one unit has to send of one type, and when it last did.</summary>
/// <param name="Institutions">What the unit may call itself in its messages beside organisation numbers.</param>
/// <param name="LastReceivedAt">The newest submission of its queue; null when there is none.</param>
public sealed record Feed(
    OrganizationNumber Unit, string UnitName, OrganizationNumber? Enterprise, IReadOnlyList<string> Institutions,
    string MessageType, DateOnly FromOn, DateOnly? ToOn, DateTimeOffset? LastReceivedAt);

/// <summary>Every feed of every unit, in one query: two index look-ups for each, however much it has sent.</summary>
public sealed class ListFeeds(RegisterDatabase database)
{
    public async Task<IReadOnlyList<Feed>> ReadAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            select u.unit, u.name, u.enterprise, coalesce(i.institutions, '{}'), o.message_type, o.from_on, o.to_on,
              s.received_at
            from intake.sender_obligation o
            join intake.sender u on u.unit = o.unit
            left join (
              select unit, array_agg(institution order by institution) as institutions
              from intake.sender_institution group by unit) i on i.unit = u.unit
            left join intake.lane l on l.unit = o.unit and l.message_type = o.message_type
            left join intake.lane_counter c on c.lane_id = l.lane_id
            left join intake.submission s on s.lane_id = c.lane_id and s.lane_sequence = c.last_sequence
            order by u.unit, o.message_type, o.from_on
            """);
        var feeds = new List<Feed>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            feeds.Add(new Feed(
                OrganizationNumber.Parse(row.GetString(0)), row.GetString(1), row.Organization(2),
                row.GetFieldValue<string[]>(3), row.GetString(4), row.GetFieldValue<DateOnly>(5),
                row.Value<DateOnly>(6), row.Value<DateTimeOffset>(7)));
        }

        return feeds;
    }
}
