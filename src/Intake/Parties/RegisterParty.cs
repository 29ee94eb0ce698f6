using Kilde.Audit;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Parties;

/// <summary>Registers a party of the bus, or what has changed about one.</summary>
public sealed class RegisterParty(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    /// <exception cref="ArgumentException">The party's address would end before it begins.</exception>
    /// <exception cref="PostgresException">The party's organisation is not registered.</exception>
    public async Task RegisterAsync(Party party, AccessGround ground, CancellationToken cancellation)
    {
        if (party.ValidTo <= party.ValidFrom)
            throw new ArgumentException("The address would end before it begins.", nameof(party));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var upsert = new NpgsqlCommand(
            """
            insert into intake.party (
              her_id, parent_her_id, name, unit, is_own, receipt_version, valid_from, valid_to, registered_at)
            values (@her_id, @parent, @name, @unit, @is_own, @receipt_version, @valid_from, @valid_to, @now)
            on conflict (her_id) do update
            set parent_her_id = excluded.parent_her_id, name = excluded.name, unit = excluded.unit,
              is_own = excluded.is_own, receipt_version = excluded.receipt_version,
              valid_from = excluded.valid_from, valid_to = excluded.valid_to,
              registered_at = excluded.registered_at
            """,
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter<int>("her_id", party.HerId.Number),
                new NpgsqlParameter<int?>("parent", party.Parent?.Number),
                new NpgsqlParameter<string>("name", party.Name),
                new NpgsqlParameter<string?>("unit", party.Unit?.ToString()),
                new NpgsqlParameter<bool>("is_own", party.IsOwn),
                new NpgsqlParameter<string>("receipt_version", PartyText.Of(party.ReceiptVersion)),
                new NpgsqlParameter<DateTimeOffset?>("valid_from", party.ValidFrom?.ToUniversalTime()),
                new NpgsqlParameter<DateTimeOffset?>("valid_to", party.ValidTo?.ToUniversalTime()),
                new NpgsqlParameter<DateTimeOffset>("now", clock.GetUtcNow()),
            },
        };
        await upsert.ExecuteNonQueryAsync(cancellation);
        await audit.AppendAsync(
            transaction, [new AuditEntry(ground, "party.registered", party.HerId.ToString())], cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
