using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Senders;

/// <summary>A reporting unit as configured.</summary>
/// <param name="Enterprise">The enterprise responsible for it (virksomhet).</param>
public sealed record SenderConfiguration(
    OrganizationNumber Unit, string Name, OrganizationNumber? Enterprise, IReadOnlyList<SubUnit> SubUnits,
    IReadOnlyList<SenderVendor> Vendors, IReadOnlyList<Obligation> Obligations)
{
    /// <summary>
    /// Ids of institutions that the unit's XML messages may name beside organisation numbers: RESH id (form B),
    /// municipality number, or a number agreed with the register (form X). An id belongs to one unit.
    /// </summary>
    public IReadOnlyList<string> Institutions { get; init; } = [];
}

/// <summary>A sub-unit (underenhet) whose activity the unit reports.</summary>
public sealed record SubUnit(OrganizationNumber Number, string Name);

/// <summary>A vendor that sends for the unit.</summary>
/// <param name="ClientId">The vendor's client; null when any client of the vendor may send.</param>
public sealed record SenderVendor(OrganizationNumber Vendor, string? ClientId = null);

/// <summary>A message type the unit sends, from and to which day, both included.</summary>
public sealed record Obligation(string MessageType, DateOnly FromOn, DateOnly? ToOn = null);

/// <summary>
/// Sets the whole configuration of a unit. What it newly allows is accepted from the next message on, on all nodes,
/// without a restart; what it takes away is refused within <see cref="IntakeOptions.SenderCacheSeconds"/>.
/// </summary>
public sealed class ConfigureSender(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    public async Task ConfigureAsync(
        SenderConfiguration sender, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(SenderVersion.CountUp());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into intake.sender (unit, name, enterprise, configured_at)
            values (@unit, @name, @enterprise, @now)
            on conflict (unit) do update
            set name = excluded.name, enterprise = excluded.enterprise, configured_at = excluded.configured_at
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<string>("unit", sender.Unit.ToString()),
                new NpgsqlParameter<string>("name", sender.Name),
                new NpgsqlParameter<string?>("enterprise", sender.Enterprise?.ToString()),
                new NpgsqlParameter<DateTimeOffset>("now", clock.GetUtcNow()),
            },
        });
        Replace(batch, sender, DeleteSubUnits, InsertSubUnits,
            (NpgsqlDbType.Text, sender.SubUnits.Select(subUnit => subUnit.Number.ToString()).ToArray()),
            (NpgsqlDbType.Text, sender.SubUnits.Select(subUnit => subUnit.Name).ToArray()));
        Replace(batch, sender, DeleteVendors, InsertVendors,
            (NpgsqlDbType.Text, sender.Vendors.Select(vendor => vendor.Vendor.ToString()).ToArray()),
            (NpgsqlDbType.Text, sender.Vendors.Select(vendor => vendor.ClientId ?? "").ToArray()));
        Replace(batch, sender, DeleteObligations, InsertObligations,
            (NpgsqlDbType.Text, sender.Obligations.Select(obligation => obligation.MessageType).ToArray()),
            (NpgsqlDbType.Date, sender.Obligations.Select(obligation => obligation.FromOn).ToArray()),
            (NpgsqlDbType.Date, sender.Obligations.Select(obligation => obligation.ToOn).ToArray()));
        Replace(batch, sender, DeleteInstitutions, InsertInstitutions,
            (NpgsqlDbType.Text, sender.Institutions.ToArray()));
        await batch.ExecuteNonQueryAsync(cancellation);

        var entry = new AuditEntry(ground, "sender.configured", sender.Unit.ToString());
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static void Replace(
        NpgsqlBatch batch, SenderConfiguration sender, string delete, string insert,
        params (NpgsqlDbType Type, object Values)[] columns)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(delete) { Parameters = { Unit(sender) } });
        var insertion = new NpgsqlBatchCommand(insert) { Parameters = { Unit(sender) } };
        for (var i = 0; i < columns.Length; i++)
        {
            insertion.Parameters.Add(new NpgsqlParameter($"p{i + 1}", NpgsqlDbType.Array | columns[i].Type)
            {
                Value = columns[i].Values,
            });
        }

        batch.BatchCommands.Add(insertion);
    }

    private static NpgsqlParameter<string> Unit(SenderConfiguration sender) => new("unit", sender.Unit.ToString());

    private const string DeleteSubUnits = "delete from intake.sender_sub_unit where unit = @unit";

    private const string InsertSubUnits =
        """
        insert into intake.sender_sub_unit (unit, sub_unit, name)
        select @unit, sub_unit, name from unnest(@p1, @p2) as wanted (sub_unit, name)
        """;

    private const string DeleteVendors = "delete from intake.sender_vendor where unit = @unit";

    private const string InsertVendors =
        """
        insert into intake.sender_vendor (unit, vendor, client_id)
        select @unit, vendor, client_id from unnest(@p1, @p2) as wanted (vendor, client_id)
        """;

    private const string DeleteInstitutions = "delete from intake.sender_institution where unit = @unit";

    private const string InsertInstitutions =
        """
        insert into intake.sender_institution (unit, institution)
        select @unit, institution from unnest(@p1) as wanted (institution)
        """;

    private const string DeleteObligations = "delete from intake.sender_obligation where unit = @unit";

    private const string InsertObligations =
        """
        insert into intake.sender_obligation (unit, message_type, from_on, to_on)
        select @unit, message_type, from_on, to_on
        from unnest(@p1, @p2, @p3) as wanted (message_type, from_on, to_on)
        """;
}

/// <summary>The number that tells nodes their copy of the configuration is old.</summary>
internal static class SenderVersion
{
    /// <summary>Comes first in its transaction: changes of senders wait for each other here.</summary>
    public static NpgsqlBatchCommand CountUp() => new("update intake.sender_version set version = version + 1");
}
