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
/// it is logged as refused and its sender has been told. What must be tried again is held, and others go on meanwhile.
/// Errors that others send us are told in the log.
/// </summary>
internal sealed partial class ReadQueues(
    BusConnection bus, PartyRegister parties, ReceiveBusMessage receive, AttemptLog attempts, TimeProvider clock,
    IOptions<BusOptions> options, ILogger<ReadQueues> logger) : IAsyncDisposable
{
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PartiesTrust = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Answers that wait for room in their senders' queues; beyond it a message goes to the dead-letter queue at once.
    /// They are held with their messages, which together may be as large as one.
    /// </summary>
    private const int UntoldMax = 16;

    /// <summary>
    /// Messages of one mailbox that wait after a fault of ours; beyond it nothing more is taken of that mailbox. A
    /// fault that all messages meet must not take a whole mailbox to the dead-letter queue in a minute.
    /// </summary>
    private const int FailedMax = 16;

    private readonly WaitingMessages<Untold> _untold = new(clock, PauseOf(options));
    private readonly WaitingMessages<Failed> _failed = new(clock, PauseOf(options));
    private readonly ErrorsToUs _errors = new(bus, logger);
    private IChannel? _channel;
    private IReadOnlyList<HerId> _own = [];
    private long? _readAt;

    /// <summary>
    /// One message and one error to each of our mailboxes, and what has waited. True when there was any.
    /// </summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var channel = await ChannelAsync(cancellation);
        await ReturnAsync(channel, cancellation);
        var hasWorked = await TellAgainAsync(channel, cancellation);
        foreach (var owner in _own)
        {
            hasWorked |= await _errors.StepAsync(owner, cancellation);
            if (_failed.All.Count(failed => failed.Owner == owner) >= FailedMax) continue;
            var delivery = await channel.BasicGetAsync(BusQueues.Messages(owner), autoAck: false, cancellation);
            if (delivery is null) continue;
            hasWorked = true;
            await OrLoseAsync(channel, () => HandleAsync(channel, owner, delivery, cancellation));
        }

        return hasWorked;
    }

    public async ValueTask DisposeAsync()
    {
        await _errors.DisposeAsync();
        if (_channel is not null) await _channel.DisposeAsync();
    }

    // A channel that was lost gives back what it held; the new one begins with that.
    private async Task<IChannel> ChannelAsync(CancellationToken cancellation)
    {
        var isFresh = _channel is not { IsOpen: true };
        if (isFresh)
        {
            if (_channel is not null) await _channel.DisposeAsync();
            _untold.Clear();
            _failed.Clear();
            _channel = await bus.OpenChannelAsync(cancellation);
        }

        if (!isFresh && _readAt is { } at && clock.GetElapsedTime(at) < PartiesTrust) return _channel!;
        var all = await parties.ListAsync(cancellation);
        await BusQueues.DeclareAsync(bus, all, options.Value, cancellation);
        _own = [.. all.Where(party => party.IsOwn).Select(party => party.HerId)];
        _readAt = clock.GetTimestamp();
        _errors.LookAgain();
        return _channel!;
    }

    // A message that we neither took nor gave back would lie with an open channel that nobody minds.
    private static async Task OrLoseAsync(IChannel channel, Func<Task> workAsync)
    {
        try
        {
            await workAsync();
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
            if (outcome is BusOutcome.Refused { Answer: { } sender, Fault: var fault })
            {
                await TellAsync(
                    channel, new Untold(owner, delivery, message, sender, fault, Attempt: 1), cancellation);
                return;
            }

            await FinishAsync(channel, owner, delivery, cancellation);
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

    // The message is in the log as refused; only the answer is tried again. Where the sender has no queue for it there
    // is nothing to wait for: only somebody on the bus can mend that.
    private async Task TellAsync(IChannel channel, Untold untold, CancellationToken cancellation)
    {
        try
        {
            await SendErrorAsync(channel, untold, cancellation);
        }
        catch (PublishException fault) when (
            !fault.IsReturn && untold.Attempt < options.Value.AttemptsMax && HasRoomFor(untold))
        {
            _untold.Add(untold with { Attempt = untold.Attempt + 1 });
            return;
        }
        catch (PublishException)
        {
            Log.NotTold(logger, untold.Owner.Number, untold.Sender.Number);
            await KeepAsync(channel, untold.Owner, untold.Delivery, cancellation);
            return;
        }

        await FinishAsync(channel, untold.Owner, untold.Delivery, cancellation);
    }

    private ValueTask SendErrorAsync(IChannel channel, Untold untold, CancellationToken cancellation) =>
        BusSending.SendErrorAsync(
            channel, untold.Message, untold.Owner, untold.Sender, untold.Fault, clock.GetUtcNow(), cancellation);

    private bool HasRoomFor(Untold untold) =>
        _untold.Count == 0
        || (_untold.Count < UntoldMax
            && _untold.All.Append(untold).Sum(one => (long)one.Delivery.Body.Length)
                <= options.Value.MessageMebibytesMax * 1024L * 1024);

    // Each that waits now, once: one that fails again comes up again later.
    private async Task<bool> TellAgainAsync(IChannel channel, CancellationToken cancellation)
    {
        var hasWorked = false;
        for (var left = _untold.Count; left > 0 && _untold.TryTake(out var untold); left--)
        {
            hasWorked = true;
            await OrLoseAsync(channel, () => TellAsync(channel, untold, cancellation));
        }

        return hasWorked;
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

        // Its content is not held, only its place on the channel.
        _failed.Add(new Failed(owner, delivery.DeliveryTag));
    }

    private async Task ReturnAsync(IChannel channel, CancellationToken cancellation)
    {
        while (_failed.TryTake(out var failed))
        {
            await OrLoseAsync(
                channel,
                () => channel.BasicNackAsync(failed.Tag, multiple: false, requeue: true, cancellation).AsTask());
        }
    }

    private async Task BuryAsync(
        IChannel channel, HerId owner, BusMessage message, BasicGetResult delivery, CancellationToken cancellation)
    {
        if (HerId.TryParse(message.FromHerId, out var sender)
            && await parties.FindAsync(sender, cancellation) is { Party.IsOwn: false })
        {
            var fault = new BusFault(
                BusFaultCode.InternalError, "Meldingen kunne ikke tas imot. Registeret ser på den.");
            try
            {
                await SendErrorAsync(
                    channel, new Untold(owner, delivery, message, sender, fault, Attempt: 1), cancellation);
            }
            catch (PublishException)
            {
                Log.NotTold(logger, owner.Number, sender.Number);
            }
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
        await FinishAsync(channel, owner, delivery, cancellation);
    }

    private async Task FinishAsync(
        IChannel channel, HerId owner, BasicGetResult delivery, CancellationToken cancellation)
    {
        await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellation);
        await attempts.ForgetAsync(owner, delivery, cancellation);
    }

    private static TimeSpan PauseOf(IOptions<BusOptions> options) => TimeSpan.FromSeconds(options.Value.RetrySeconds);

    /// <summary>A refused message whose sender is still to be told.</summary>
    /// <param name="Attempt">At telling, from 1.</param>
    private sealed record Untold(
        HerId Owner, BasicGetResult Delivery, BusMessage Message, HerId Sender, BusFault Fault, int Attempt);

    /// <summary>A message that failed for a reason of ours, and is to go back to its queue.</summary>
    private sealed record Failed(HerId Owner, ulong Tag);

    private static partial class Log
    {
        [LoggerMessage(2131, LogLevel.Error, "A message in the queue of {HerId} could not be received: {Fault}")]
        public static partial void Failed(ILogger logger, int herId, string fault);

        [LoggerMessage(2132, LogLevel.Warning,
            "A message to {HerId} is in its dead-letter queue: the bus does not take the answer to {SenderHerId}")]
        public static partial void NotTold(ILogger logger, int herId, int senderHerId);
    }
}
