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
        && (submitter.Vendor is not { } vendor || sender.Vendors.Any(allowed =>
            allowed.Vendor == vendor && (allowed.ClientId is null || allowed.ClientId == submitter.ClientId)))
        && (submitter.SubUnit is not { } subUnit || Covers(sender, subUnit));

    /// <summary>Whether activity of the organisation may stand in the unit's messages.</summary>
    public bool MayReport(OrganizationNumber unit, OrganizationNumber organization) =>
        unit == organization || (Senders.TryGetValue(unit, out var sender) && Covers(sender, organization));

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

        var senders = new Dictionary<OrganizationNumber, SenderConfiguration>();
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            var unit = Number(row, 0);
            senders[unit] = new SenderConfiguration(
                unit, row.GetString(1), row.IsDBNull(2) ? null : Number(row, 2), Of(subUnits, unit), Of(vendors, unit),
                Of(obligations, unit));
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
