using Kilde.Intake.Parties;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Kilde.Intake.Bus;

/// <summary>
/// Sends receipts to those whose messages were judged. A receipt counts as sent when the bus has confirmed it; after a
/// stop in between it is sent again, with the same id.
/// </summary>
internal sealed partial class SendReceipts(
    RegisterDatabase database, BusConnection bus, PartyRegister parties, TimeProvider clock,
    ILogger<SendReceipts> logger) : IAsyncDisposable
{
    private const string Subject = "APPREC";
    private static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(10);

    private IChannel? _channel;

    /// <summary>One receipt. True when there was one to send.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await ClaimAsync(connection, cancellation) is not { } receipt) return false;

        var isSent = await SendAsync(receipt, cancellation);
        await using var update = new NpgsqlCommand(
            isSent
                ? "update intake.receipt set sent_at = @now where receipt_id = @id"
                : "update intake.receipt set due_at = @later where receipt_id = @id",
            connection);
        update.Parameters.AddWithValue("id", receipt.Id);
        update.Parameters.AddWithValue("now", clock.GetUtcNow());
        update.Parameters.AddWithValue("later", clock.GetUtcNow() + RetryPause);
        await update.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null) await _channel.DisposeAsync();
    }

    private async Task<Unsent?> ClaimAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select receipt_id, sender_her_id, receiver_her_id, body
            from intake.receipt
            where sent_at is null and due_at <= @now
            order by due_at
            limit 1
            for update skip locked
            """,
            connection);
        select.Parameters.AddWithValue("now", clock.GetUtcNow());
        await using var row = await select.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        HerId.TryFromNumber(row.GetInt32(1), out var sender);
        HerId.TryFromNumber(row.GetInt32(2), out var receiver);
        return new Unsent(row.GetGuid(0), sender, receiver, row.GetFieldValue<byte[]>(3));
    }

    // False when it cannot be sent just now for a reason that only staff can mend: it comes up again later.
    private async Task<bool> SendAsync(Unsent receipt, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var from = await parties.FindAsync(receipt.Sender, cancellation);
        var to = await parties.FindAsync(receipt.Receiver, cancellation);
        var signer = from?.Current(CertificateUsage.Sign, now)?.Certificate;
        var recipient = to?.Current(CertificateUsage.Encrypt, now)?.Certificate;
        if (signer is not { HasPrivateKey: true } || recipient is null)
        {
            Log.NoCertificate(logger, receipt.Id, signer is null ? receipt.Sender.Number : receipt.Receiver.Number);
            return false;
        }

        if (_channel is not { IsOpen: true })
        {
            if (_channel is not null) await _channel.DisposeAsync();
            _channel = await bus.OpenChannelAsync(cancellation);
        }

        try
        {
            var id = await BusSending.SendAsync(
                _channel, BusQueues.Messages(receipt.Receiver), Subject, receipt.Sender, receipt.Receiver,
                MessageProtection.Seal(receipt.Body, signer, recipient), now, cancellation);
            Log.Sent(logger, receipt.Id, receipt.Receiver.Number, id);
            return true;
        }
        catch (PublishException)
        {
            Log.NoQueue(logger, receipt.Id, receipt.Receiver.Number);
            return false;
        }
    }

    private sealed record Unsent(Guid Id, HerId Sender, HerId Receiver, byte[] Body);

    private static partial class Log
    {
        // An error that comes back names the message.
        [LoggerMessage(2143, LogLevel.Information, "Receipt {ReceiptId} is sent to {HerId} as message {MessageId}")]
        public static partial void Sent(ILogger logger, Guid receiptId, int herId, Guid messageId);

        [LoggerMessage(2141, LogLevel.Warning, "Receipt {ReceiptId} waits: no certificate counts for {HerId}")]
        public static partial void NoCertificate(ILogger logger, Guid receiptId, int herId);

        [LoggerMessage(2142, LogLevel.Warning, "Receipt {ReceiptId} waits: the bus has no queue of {HerId} to take it")]
        public static partial void NoQueue(ILogger logger, Guid receiptId, int herId);
    }
}
