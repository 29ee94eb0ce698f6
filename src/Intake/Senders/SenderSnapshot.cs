using Kilde.Intake.Log;
using Kilde.Kernel;
using Npgsql;

namespace Kilde.Intake.Senders;

/// <summary>All senders as they stood at one version of the configuration. Never changed once read.</summary>
internal sealed class SenderSnapshot(long version, IReadOnlyDictionary<OrganizationNumber, SenderConfiguration> senders)
{
    public long Version { get; } = version;

    public IReadOnlyDictionary<OrganizationNumber, SenderConfiguration> Senders { get; } = senders;

    public bool MaySend(Submitter submitter, string messageType, DateOnly on) =>
        Senders.TryGetValue(submitter.Unit, out var sender)
        && sender.Obligations.Any(obligation =>
            obligation.MessageType == messageType
            && obligation.FromOn <= on
            && (obligation.ToOn is not { } to || on <= to))
        && SpeaksFor(submitter);

    /// <summary>Whether the client is one of those that the unit is set up with.</summary>
    public bool SpeaksFor(Submitter submitter) =>
        Senders.TryGetValue(submitter.Unit, out var sender)
        && (submitter.Vendor is not { } vendor || sender.Vendors.Any(allowed =>
            allowed.Vendor == vendor && (allowed.ClientId is null || allowed.ClientId == submitter.ClientId)))
        && (submitter.SubUnit is not { } subUnit || Covers(sender, subUnit));

    /// <summary>Whether activity of the organisation may stand in the unit's messages.</summary>
    public bool MayReport(OrganizationNumber unit, OrganizationNumber organization) =>
        unit == organization || (Senders.TryGetValue(unit, out var sender) && Covers(sender, organization));

    /// <summary>
    /// Whether activity of an institution may stand in the unit's messages. An institution is named by an organisation
    /// number (form A), by one with a tenth digit for a part that reports by itself (form C), or by an id of its own.
    /// </summary>
    public bool MayReport(OrganizationNumber unit, string institution) =>
        (OrganizationOf(institution) is { } organization && MayReport(unit, organization))
        || (Senders.TryGetValue(unit, out var sender) && sender.Institutions.Contains(institution));

    /// <summary>The unit that reports for an institution; null when none is configured, or several could be.</summary>
    public OrganizationNumber? UnitOf(string institution)
    {
        if (OrganizationOf(institution) is { } organization && Senders.ContainsKey(organization)) return organization;
        var units = Senders.Keys.Where(unit => MayReport(unit, institution)).Take(2).ToList();
        return units.Count == 1 ? units[0] : null;
    }

    // The tenth digit: 0 radiotherapy, 1 radiology activity, 2 radiology dose, 3 injury data, 9 AMIS and AMK.
    private static OrganizationNumber? OrganizationOf(string institution)
    {
        var digits = institution is [.., '0' or '1' or '2' or '3' or '9'] && institution.Length == 10
            ? institution.AsSpan(0, 9)
            : institution;
        return OrganizationNumber.TryParse(digits, out var organization) ? organization : null;
    }

    /// <summary>Reads everything in one snapshot of the database: a few thousand units, seldom changed.</summary>
    public static async Task<SenderSnapshot> ReadAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select version from intake.sender_version"),
                new("select unit, sub_unit, name from intake.sender_sub_unit order by unit, sub_unit"),
                new("select unit, vendor, client_id from intake.sender_vendor order by unit, vendor, client_id"),
                new(
                    """
                    select unit, message_type, from_on, to_on
                    from intake.sender_obligation
                    order by unit, message_type, from_on
                    """),
                new("select unit, institution from intake.sender_institution order by unit, institution"),
                new("select unit, name, enterprise from intake.sender"),
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var version = row.GetInt64(0);
        var subUnits = await ReadAsync(row, () => new SubUnit(Number(row, 1), row.GetString(2)), cancellation);
        var vendors = await ReadAsync(
            row, () => new SenderVendor(Number(row, 1), row.GetString(2) is { Length: > 0 } client ? client : null),
            cancellation);
        var obligations = await ReadAsync(
            row,
            () => new Obligation(
                row.GetString(1), row.GetFieldValue<DateOnly>(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateOnly>(3)),
            cancellation);
        var institutions = await ReadAsync(row, () => row.GetString(1), cancellation);

        var senders = new Dictionary<OrganizationNumber, SenderConfiguration>();
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var unit = Number(row, 0);
            senders[unit] = new SenderConfiguration(
                unit, row.GetString(1), row.IsDBNull(2) ? null : Number(row, 2), Of(subUnits, unit), Of(vendors, unit),
                Of(obligations, unit))
            {
                Institutions = Of(institutions, unit),
            };
        }

        return new SenderSnapshot(version, senders);
    }

    private static bool Covers(SenderConfiguration sender, OrganizationNumber organization) =>
        organization == sender.Unit
        || organization == sender.Enterprise
        || sender.SubUnits.Any(subUnit => subUnit.Number == organization);

    private static async Task<Dictionary<OrganizationNumber, List<T>>> ReadAsync<T>(
        NpgsqlDataReader row, Func<T> read, CancellationToken cancellation)
    {
        var byUnit = new Dictionary<OrganizationNumber, List<T>>();
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var unit = Number(row, 0);
            if (!byUnit.TryGetValue(unit, out var list)) byUnit[unit] = list = [];
            list.Add(read());
        }

        return byUnit;
    }

    private static OrganizationNumber Number(NpgsqlDataReader row, int column) =>
        OrganizationNumber.Parse(row.GetString(column));

    private static List<T> Of<T>(Dictionary<OrganizationNumber, List<T>> byUnit, OrganizationNumber unit) =>
        byUnit.TryGetValue(unit, out var list) ? list : [];
}
