using Kilde.Intake.Log;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Kilde.Intake.Bus;

/// <summary>
/// Takes messages from our queues, one after the other. A message leaves its queue when it is safe in the log, or when
/// it is logged as refused and its sender has been told.
/// </summary>
internal sealed partial class ReadQueues(
    BusConnection bus, PartyRegister parties, ReceiveBusMessage receive, AttemptLog attempts, TimeProvider clock,
    IOptions<BusOptions> options, ILogger<ReadQueues> logger) : IAsyncDisposable
{
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PartiesTrust = TimeSpan.FromSeconds(2);

    private IChannel? _channel;
    private IReadOnlyList<HerId> _own = [];
    private long? _readAt;

    /// <summary>One message from each of our queues. True when there was any.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var channel = await ChannelAsync(cancellation);
        var hasWorked = false;
        foreach (var owner in _own)
        {
            var delivery = await channel.BasicGetAsync(BusQueues.Messages(owner), autoAck: false, cancellation);
            if (delivery is null) continue;
            hasWorked = true;
            await HandleOrLoseAsync(channel, owner, delivery, cancellation);
        }

        return hasWorked;
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null) await _channel.DisposeAsync();
    }

    // A channel that was lost gives back what it held; the new one begins with that.
    private async Task<IChannel> ChannelAsync(CancellationToken cancellation)
    {
        var isFresh = _channel is not { IsOpen: true };
        if (isFresh)
        {
            if (_channel is not null) await _channel.DisposeAsync();
            _channel = await bus.OpenChannelAsync(cancellation);
        }

        if (!isFresh && _readAt is { } at && clock.GetElapsedTime(at) < PartiesTrust) return _channel!;
        var all = await parties.ListAsync(cancellation);
        await BusQueues.DeclareAsync(bus, all, options.Value, cancellation);
        _own = [.. all.Where(party => party.IsOwn).Select(party => party.HerId)];
        _readAt = clock.GetTimestamp();
        return _channel!;
    }

    // A message that we neither took nor gave back would lie with an open channel that nobody minds.
    private async Task HandleOrLoseAsync(
        IChannel channel, HerId owner, BasicGetResult delivery, CancellationToken cancellation)
    {
        try
        {
            await HandleAsync(channel, owner, delivery, cancellation);
        }
        catch (RabbitMQClientException)
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    private async Task HandleAsync(
        IChannel channel, HerId owner, BasicGetResult delivery, CancellationToken cancellation)
    {
        var message = BusMessage.Of(delivery.BasicProperties, delivery.Body);
        try
        {
            var outcome = await HoldingAsync(
                () => receive.ReceiveAsync(owner, message, cancellation), cancellation);
            if (outcome is BusOutcome.Refused { Answer: { } sender, Fault: var fault }
                && !await IsToldAsync(
                    channel, owner, message, sender, fault, options.Value.AttemptsMax, cancellation))
            {
                await KeepAsync(channel, owner, delivery, cancellation);
                return;
            }

            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellation);
            await attempts.ForgetAsync(owner, delivery, cancellation);
        }
        catch (Exception exception) when (IsOurs(exception) && !cancellation.IsCancellationRequested)
        {
            // A fault of ours: the message goes back, and after all attempts to the dead-letter queue.
            Log.Failed(logger, owner.Number, exception.GetType().Name);
            await GiveBackAsync(channel, owner, message, delivery, cancellation);
        }
    }

    // While the database is away nothing is wrong with the message, and it is held: it must not use up its attempts.
    private async Task<T> HoldingAsync<T>(Func<Task<T>> workAsync, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await workAsync();
            }
            catch (Exception exception) when (
                exception is StorageUnavailableException || Failure.KindOf(exception) == FailureKind.Outage)
            {
                await Task.Delay(OutagePause, clock, cancellation);
            }
        }
    }

    private static bool IsOurs(Exception exception) =>
        exception is not (OperationCanceledException or RabbitMQClientException);

    // The message is in the log as refused; only the answer is tried again. False when the server, which is there,
    // does not take it: the sender has no queue for it, or a full one.
    private async Task<bool> IsToldAsync(
        IChannel channel, HerId owner, BusMessage message, HerId sender, BusFault fault, int attemptsMax,
        CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await BusSending.SendErrorAsync(
                    channel, message, owner, sender, fault, clock.GetUtcNow(), cancellation);
                return true;
            }
            catch (PublishException) when (attempt >= attemptsMax)
            {
                Log.NotTold(logger, owner.Number, sender.Number);
                return false;
            }
            catch (PublishException)
            {
                await Task.Delay(TimeSpan.FromSeconds(options.Value.RetrySeconds), clock, cancellation);
            }
        }
    }

    private async Task GiveBackAsync(
        IChannel channel, HerId owner, BusMessage message, BasicGetResult delivery, CancellationToken cancellation)
    {
        var failures = await HoldingAsync(() => attempts.CountAsync(owner, delivery, cancellation), cancellation);
        if (failures >= options.Value.AttemptsMax)
        {
            await BuryAsync(channel, owner, message, delivery, cancellation);
            return;
        }

        await Task.Delay(TimeSpan.FromSeconds(options.Value.RetrySeconds), clock, cancellation);
        await channel.BasicNackAsync(delivery.DeliveryTag, multiple: false, requeue: true, cancellation);
    }

    private async Task BuryAsync(
        IChannel channel, HerId owner, BusMessage message, BasicGetResult delivery, CancellationToken cancellation)
    {
        if (HerId.TryParse(message.FromHerId, out var sender)
            && await parties.FindAsync(sender, cancellation) is { Party.IsOwn: false })
        {
            await IsToldAsync(
                channel, owner, message, sender,
                new BusFault(BusFaultCode.InternalError, "Meldingen kunne ikke tas imot. Registeret ser på den."),
                attemptsMax: 1, cancellation);
        }

        await KeepAsync(channel, owner, delivery, cancellation);
    }

    // It leaves its queue when the dead-letter queue has confirmed it.
    private async Task KeepAsync(
        IChannel channel, HerId owner, BasicGetResult delivery, CancellationToken cancellation)
    {
        await channel.BasicPublishAsync(
            "", BusQueues.Dead(owner), mandatory: true,
            new BasicProperties(delivery.BasicProperties) { Persistent = true }, delivery.Body, cancellation);
        await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellation);
        await attempts.ForgetAsync(owner, delivery, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(2131, LogLevel.Error, "A message in the queue of {HerId} could not be received: {Fault}")]
        public static partial void Failed(ILogger logger, int herId, string fault);

        [LoggerMessage(2132, LogLevel.Warning,
            "A message to {HerId} is in its dead-letter queue: the bus does not take the answer to {SenderHerId}")]
        public static partial void NotTold(ILogger logger, int herId, int senderHerId);
    }
}
