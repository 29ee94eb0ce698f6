using System.Security.Cryptography;
using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using RabbitMQ.Client;

namespace Kilde.Intake.Bus;

/// <summary>
/// Counts the attempts at messages that failed for a reason of ours. The server's own count will not do: it also grows
/// when a connection breaks, when we stop, and when the server takes back what was held for longer than it likes, while
/// the database was away. None of that is the message's fault.
/// </summary>
internal sealed class AttemptLog(RegisterDatabase database, TimeProvider clock)
{
    /// <returns>How often it has failed now.</returns>
    public async Task<int> CountAsync(HerId owner, BasicGetResult delivery, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<int>(new CommandDefinition(
            """
            insert into intake.bus_attempt as earlier (owner_her_id, body_hash, failures, failed_at)
            values (@owner, @hash, 1, @now)
            on conflict (owner_her_id, body_hash) do update
            set failures = earlier.failures + 1, failed_at = excluded.failed_at
            returning failures
            """,
            new { owner = owner.Number, hash = HashOf(delivery), now = clock.GetUtcNow() },
            cancellationToken: cancellation));
    }

    /// <summary>The message is off the queue. Only what has come before can have failed before.</summary>
    public async Task ForgetAsync(HerId owner, BasicGetResult delivery, CancellationToken cancellation)
    {
        if (!delivery.Redelivered) return;
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from intake.bus_attempt where owner_her_id = @owner and body_hash = @hash",
            new { owner = owner.Number, hash = HashOf(delivery) }, cancellationToken: cancellation));
    }

    private static byte[] HashOf(BasicGetResult delivery) => SHA256.HashData(delivery.Body.Span);
}
