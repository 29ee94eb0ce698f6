using System.Text.Json;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Senders;

/// <summary>Ends a unit's reporting of a message type after a day.</summary>
public sealed class EndObligation(RegisterDatabase database, AuditLog audit)
{
    /// <summary>False when the unit has no obligation for the type that is in force on the day.</summary>
    public async Task<bool> EndAsync(
        OrganizationNumber unit, string messageType, DateOnly lastDay, AccessGround ground,
        CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(SenderVersion.CountUp());
        var end = new NpgsqlBatchCommand(
            """
            update intake.sender_obligation
            set to_on = @last_day
            where unit = @unit and message_type = @type
              and from_on <= @last_day and (to_on is null or to_on >= @last_day)
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<string>("unit", unit.ToString()),
                new NpgsqlParameter<string>("type", messageType),
                new NpgsqlParameter<DateOnly>("last_day", lastDay),
            },
        };
        batch.BatchCommands.Add(end);
        await batch.ExecuteNonQueryAsync(cancellation);
        if (end.RecordsAffected == 0) return false;

        var entry = new AuditEntry(
            ground, "sender.obligation_ended", unit.ToString(),
            Details: JsonSerializer.Serialize(new { type = messageType, lastDay }));
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}
