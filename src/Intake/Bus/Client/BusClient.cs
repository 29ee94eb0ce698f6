using System.Text;
using Kilde.Intake.Headers;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Kilde.Intake.Bus.Client;

/// <summary>What a sender finds in its queues.</summary>
public abstract record BusAnswer
{
    /// <summary>An application receipt.</summary>
    public sealed record Receipt(ApplicationReceipt Content) : BusAnswer;

    /// <summary>The message was not received.</summary>
    /// <param name="MessageId">The id its sending had on the bus.</param>
    /// <param name="Condition">The standard's word: <c>transport:invalid-field-value</c>.</param>
    public sealed record NotReceived(string MessageId, string Condition, string Text) : BusAnswer;

    /// <summary>Something that is no answer, or that cannot be opened.</summary>
    public sealed record Other(string? Subject) : BusAnswer;
}

/// <summary>
/// Sends messages over the bus as a reporting unit does, and reads what comes back: for <c>kilde bus</c>, seeding and
/// tests.
/// </summary>
public sealed class BusClient : IAsyncDisposable
{
    private static readonly TimeSpan QueueMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QueueLookEach = TimeSpan.FromMilliseconds(250);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly RegisteredParty _own;
    private readonly TimeProvider _clock;

    private BusClient(IConnection connection, IChannel channel, RegisteredParty own, TimeProvider clock) =>
        (_connection, _channel, _own, _clock) = (connection, channel, own, clock);

    /// <param name="own">The sender, with certificates that have private keys.</param>
    public static async Task<BusClient> ConnectAsync(
        Uri address, RegisteredParty own, TimeProvider clock, CancellationToken cancellation)
    {
        var factory = new ConnectionFactory { Uri = address, ClientProvidedName = $"kilde-sender-{own.Party.HerId}" };
        var connection = await factory.CreateConnectionAsync(cancellation);
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellation);
        return new BusClient(connection, channel, own, clock);
    }

    /// <summary>Signs, encrypts and sends. Returns when the bus has confirmed that it has the message.</summary>
    /// <param name="function">Of list 8279: <c>NPR_ORD</c>.</param>
    /// <param name="message">In a MsgHead.</param>
    /// <exception cref="InvalidOperationException">One of the two has no certificate that counts now.</exception>
    /// <exception cref="PublishException">The receiver has no queue.</exception>
    public async Task SendAsync(
        RegisteredParty to, string function, byte[] message, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var signer = _own.Current(CertificateUsage.Sign, now);
        var recipient = to.Current(CertificateUsage.Encrypt, now);
        if (signer is null || recipient is null)
            throw new InvalidOperationException("Sender or receiver has no certificate that counts now.");
        var body = MessageProtection.Seal(message, signer.Certificate, recipient.Certificate);
        while (!await IsSentAsync(to.Party.HerId, function, body, now, cancellation))
            await Task.Delay(QueueLookEach, _clock, cancellation);
    }

    // A mailbox that was registered a moment ago gets its queue a moment later.
    private async Task<bool> IsSentAsync(
        HerId to, string function, byte[] body, DateTimeOffset since, CancellationToken cancellation)
    {
        try
        {
            await BusSending.SendAsync(
                _channel, BusQueues.Messages(to), function, _own.Party.HerId, to, body, since, cancellation);
            return true;
        }
        catch (PublishException) when (_clock.GetUtcNow() - since < QueueMax)
        {
            return false;
        }
    }

    /// <summary>Takes the next answer from the sender's queues; null when there is none.</summary>
    /// <param name="from">Whose answers: its certificate must have signed them.</param>
    public async Task<BusAnswer?> ReadAsync(RegisteredParty from, CancellationToken cancellation)
    {
        var answer = await _channel.BasicGetAsync(
            BusQueues.Messages(_own.Party.HerId), autoAck: true, cancellation);
        if (answer is not null) return Open(BusMessage.Of(answer.BasicProperties, answer.Body), from);
        var error = await _channel.BasicGetAsync(BusQueues.Errors(_own.Party.HerId), autoAck: true, cancellation);
        if (error is null) return null;
        return new BusAnswer.NotReceived(
            Header(error, "originalMessageId"), Header(error, "errorCondition"), Header(error, "errorDescription"));
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private BusAnswer Open(BusMessage message, RegisteredParty from)
    {
        var opened = MessageProtection.Open(message.Body.Span, _own, from, _clock.GetUtcNow());
        return opened.Content is { } content && AppRecReader.Read(content) is { } receipt
            ? new BusAnswer.Receipt(receipt)
            : new BusAnswer.Other(message.Subject);
    }

    private static string Header(BasicGetResult message, string name) =>
        message.BasicProperties.Headers?.TryGetValue(name, out var value) == true && value is byte[] utf8
            ? Encoding.UTF8.GetString(utf8)
            : "";
}
