using System.Collections.Frozen;
using Kilde.Kernel;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Kilde.Intake.Bus;

/// <summary>
/// What others put into our error queues: that they have not received something of ours, most often a receipt. Staff
/// see it in the log, beside other answers to us; there is nothing in it to receive.
/// </summary>
/// <remarks>
/// An error is not signed: anybody on the bus may have made it. What it says in words of its own is not told, for it
/// may name persons.
/// </remarks>
internal sealed partial class ErrorsToUs(BusConnection bus, ILogger logger) : IAsyncDisposable
{
    private const string Unknown = "unknown";

    // The profile's words, and one that receivers use for what they try again.
    private static readonly FrozenSet<string> Conditions = Enum.GetValues<BusFaultCode>()
        .Select(code => new BusFault(code, "").Condition).Append("transport:revoked-certificate-offline")
        .ToFrozenSet(StringComparer.Ordinal);

    private readonly HashSet<HerId> _missing = [];
    private readonly HashSet<HerId> _told = [];
    private IChannel? _channel;

    /// <summary>The queues may have been made.</summary>
    public void LookAgain() => _missing.Clear();

    /// <summary>One error to a mailbox of ours. True when there was one.</summary>
    public async Task<bool> StepAsync(HerId owner, CancellationToken cancellation)
    {
        if (_missing.Contains(owner)) return false;
        if (_channel is not { IsOpen: true })
        {
            if (_channel is not null) await _channel.DisposeAsync();
            _channel = await bus.OpenChannelAsync(cancellation);
        }

        try
        {
            var error = await _channel.BasicGetAsync(BusQueues.Errors(owner), autoAck: false, cancellation);
            _told.Remove(owner);
            if (error is null) return false;
            Tell(owner, BusMessage.Of(error.BasicProperties, default));
            await _channel.BasicAckAsync(error.DeliveryTag, multiple: false, cancellation);
            return true;
        }
        catch (OperationInterruptedException fault) when (
            fault.ShutdownReason?.ReplyCode is Constants.NotFound or Constants.AccessRefused)
        {
            // Messages are taken all the same: this channel is its own.
            _missing.Add(owner);
            if (_told.Add(owner)) Log.NoQueue(logger, owner.Number);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null) await _channel.DisposeAsync();
    }

    private void Tell(HerId owner, BusMessage error)
    {
        var sender = HerId.TryParse(error.FromHerId, out var from) ? from.ToString() : Unknown;
        var condition = error.ErrorCondition is { } told && Conditions.Contains(told) ? told : Unknown;
        var message = Guid.TryParse(error.OriginalMessageId, out var id) ? id.ToString() : Unknown;
        Log.NotReceived(logger, sender, owner.Number, message, condition);
    }

    private static partial class Log
    {
        [LoggerMessage(2136, LogLevel.Warning,
            "{SenderHerId} has not received the message {MessageId} from {HerId}: {Condition}")]
        public static partial void NotReceived(
            ILogger logger, string senderHerId, int herId, string messageId, string condition);

        [LoggerMessage(2137, LogLevel.Warning, "The error queue of {HerId} cannot be read")]
        public static partial void NoQueue(ILogger logger, int herId);
    }
}
