using Kilde.Intake.Silence;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Overview;

/// <summary>What one unit owes of one message type, and what it has sent.</summary>
/// <param name="LastReceivedAt">Newest accepted submission, repeats included; null when there is none.</param>
/// <param name="LastExtractedOn">Newest day of extraction of what was not rejected.</param>
/// <param name="SilentDays">
/// Whole days since the last one, or since the obligation began; null when it is not in force.
/// </param>
/// <param name="VendorName">Vendor and software of the newest submission.</param>
public sealed record SenderObligation(
    string MessageType, DateOnly FromOn, DateOnly? ToOn, DateTimeOffset? LastReceivedAt, DateOnly? LastExtractedOn,
    int? SilentDays, string? VendorName, string? SoftwareName, string? SoftwareVersion)
{
    /// <summary>
    /// Set when the feed is silent against its own rhythm, brings less than it does, or is known to lack something.
    /// </summary>
    public OpenSilence? Silence { get; init; }
}

/// <summary>A configured unit.</summary>
public sealed record SenderLine(
    OrganizationNumber Unit, string Name, OrganizationNumber? Enterprise, int SubUnits,
    IReadOnlyList<OrganizationNumber> Vendors, IReadOnlyList<SenderObligation> Obligations)
{
    /// <summary>What the unit may call itself in its messages beside organisation numbers.</summary>
    public IReadOnlyList<string> Institutions { get; init; } = [];
}

/// <summary>Units with vendors and obligations, and how long each has been silent.</summary>
public sealed class FindSenders(RegisterDatabase database, TimeProvider clock)
{
    private const int PageSizeMax = 500;

    private readonly FindSilences _silences = new(database);

    /// <summary>Units in the order of their numbers.</summary>
    /// <param name="text">Part of the name or start of the number; null for all.</param>
    /// <param name="afterUnit">The last unit of the page before; null for the first page.</param>
    /// <param name="pageSize">1 to 500.</param>
    public async Task<IReadOnlyList<SenderLine>> FindAsync(
        string? text, OrganizationNumber? afterUnit, int pageSize, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pageSize, Math.Clamp(pageSize, 1, PageSizeMax));
        await using var command = database.Source.CreateCommand(
            """
            select u.unit, u.name, u.enterprise,
              (select count(*)::integer from intake.sender_sub_unit c where c.unit = u.unit),
              array(select distinct v.vendor from intake.sender_vendor v where v.unit = u.unit order by v.vendor),
              array(select i.institution from intake.sender_institution i where i.unit = u.unit order by 1)
            from intake.sender u
            where (@after::text is null or u.unit > @after)
              and (@text::text is null or strpos(lower(u.name), lower(@text)) > 0 or starts_with(u.unit, @text))
            order by u.unit
            limit @limit
            """);
        command.Parameters.Add(new NpgsqlParameter<string?>("after", afterUnit?.ToString()));
        command.Parameters.Add(new NpgsqlParameter<string?>("text", string.IsNullOrWhiteSpace(text) ? null
            : text.Trim()));
        command.Parameters.AddWithValue("limit", pageSize);
        return await ReadAsync(command, cancellation);
    }

    /// <summary>One unit, or null when it is not configured.</summary>
    public async Task<SenderLine?> FindAsync(OrganizationNumber unit, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            select u.unit, u.name, u.enterprise,
              (select count(*)::integer from intake.sender_sub_unit c where c.unit = u.unit),
              array(select distinct v.vendor from intake.sender_vendor v where v.unit = u.unit order by v.vendor),
              array(select i.institution from intake.sender_institution i where i.unit = u.unit order by 1)
            from intake.sender u
            where u.unit = @unit
            """);
        command.Parameters.AddWithValue("unit", unit.ToString());
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    private async Task<List<SenderLine>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var senders = new List<SenderLine>();
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                senders.Add(new SenderLine(
                    OrganizationNumber.Parse(row.GetString(0)), row.GetString(1), row.Organization(2), row.GetInt32(3),
                    [.. row.GetFieldValue<string[]>(4).Select(vendor => OrganizationNumber.Parse(vendor))],
                    Obligations: [])
                {
                    Institutions = row.GetFieldValue<string[]>(5),
                });
            }
        }

        var obligations = await ReadObligationsAsync(senders, cancellation);
        var silences = (await _silences.FindAsync(senders.ConvertAll(sender => sender.Unit), cancellation))
            .GroupBy(one => (one.Unit, one.MessageType))
            .ToDictionary(feed => feed.Key, MostCertain);
        return senders.ConvertAll(sender => sender with
        {
            Obligations =
            [
                .. obligations[sender.Unit].Select(each => each with
                {
                    Silence = each.SilentDays is null
                        ? null
                        : silences.GetValueOrDefault((sender.Unit, each.MessageType)),
                }),
            ],
        });
    }

    // A stop says most; what is known says more than what is likely.
    private static OpenSilence MostCertain(IEnumerable<OpenSilence> feed) =>
        feed.OrderByDescending(one => one.IsSilent).ThenByDescending(one => one.Lack is not null).First();

    // The newest submission of a lane is the one with the lane's newest number: two index look-ups, however many it
    // has.
    private async Task<ILookup<OrganizationNumber, SenderObligation>> ReadObligationsAsync(
        List<SenderLine> senders, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            select o.unit, o.message_type, o.from_on, o.to_on,
              greatest(s.received_at, (
                select max(r.received_at) from intake.repetition r where r.submission_id = s.submission_id)),
              (select max(d.extracted_on) from intake.submission d
                where d.lane_id = l.lane_id and d.error_code is null),
              s.vendor_name, s.software_name, s.software_version
            from intake.sender_obligation o
            left join intake.lane l on l.unit = o.unit and l.message_type = o.message_type
            left join intake.lane_counter c on c.lane_id = l.lane_id
            left join intake.submission s on s.lane_id = c.lane_id and s.lane_sequence = c.last_sequence
            where o.unit = any(@units)
            order by o.unit, o.message_type, o.from_on
            """);
        command.Parameters.Add(new NpgsqlParameter("units", NpgsqlDbType.Array | NpgsqlDbType.Text)
        {
            Value = senders.ConvertAll(sender => sender.Unit.ToString()),
        });
        var found = new List<(OrganizationNumber Unit, SenderObligation Obligation)>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) found.Add((OrganizationNumber.Parse(row.GetString(0)), Read(row)));
        return found.ToLookup(one => one.Unit, one => one.Obligation);
    }

    private SenderObligation Read(NpgsqlDataReader row)
    {
        var (from, to) = (row.GetFieldValue<DateOnly>(2), row.Value<DateOnly>(3));
        var lastReceivedAt = row.Value<DateTimeOffset>(4);
        return new SenderObligation(
            row.GetString(1), from, to, lastReceivedAt, row.Value<DateOnly>(5), SilentDays(from, to, lastReceivedAt),
            row.Text(6), row.Text(7), row.Text(8));
    }

    private int? SilentDays(DateOnly from, DateOnly? to, DateTimeOffset? lastReceivedAt)
    {
        var today = NorwegianDay.Of(clock.GetUtcNow());
        if (today < from || to < today) return null;
        var last = lastReceivedAt is { } at ? NorwegianDay.Of(at) : from;
        return Math.Max(0, today.DayNumber - (last > from ? last : from).DayNumber);
    }
}
