using Kilde.Kernel;
using RabbitMQ.Client;

namespace Kilde.Intake.Bus;

/// <summary>Sends messages as the bus wants them. Returns when the server has confirmed that it has them.</summary>
/// <remarks>
/// The properties are written twice: as headers for who reads with AMQP 0-9-1, and as sections for who reads with AMQP
/// 1.0, since RabbitMQ's plugin (seen with 3.10) makes no application properties of headers.
/// </remarks>
internal static class BusSending
{
    public const string ProtectedType = "application/pkcs7-mime; smime-type=signed-and-enveloped-data";

    /// <param name="at">When the sending application made the message.</param>
    /// <returns>The id it has on the bus.</returns>
    public static async ValueTask<Guid> SendAsync(
        IChannel channel, string queue, string subject, HerId from, HerId to, byte[] body, DateTimeOffset at,
        CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(at);
        var properties = Properties(id.ToString(), subject, from, to, at);
        properties.ContentType = ProtectedType;
        properties.ReplyTo = BusQueues.Messages(from);
        await PublishAsync(channel, queue, properties, body, cancellation);
        return id;
    }

    /// <summary>Tells the sender of a message, in its error queue, that the message is not received.</summary>
    public static ValueTask SendErrorAsync(
        IChannel channel, BusMessage message, HerId from, HerId to, BusFault fault, DateTimeOffset at,
        CancellationToken cancellation)
    {
        var properties = Properties(Guid.CreateVersion7(at).ToString(), message.Subject ?? "", from, to, at);
        properties.ContentType = "text/plain";
        properties.CorrelationId = message.MessageId ?? properties.MessageId;
        properties.Headers![BusMessage.OriginalMessageIdName] = message.MessageId ?? "";
        properties.Headers["receiverTimeStamp"] = Timestamp(at);
        properties.Headers[BusMessage.ErrorConditionName] = fault.Condition;
        properties.Headers["errorDescription"] = fault.Text;
        properties.Headers["errorConditionData"] = string.Join(';', fault.Data);
        return PublishAsync(channel, BusQueues.Errors(to), properties, default, cancellation);
    }

    private static BasicProperties Properties(string id, string subject, HerId from, HerId to, DateTimeOffset at) =>
        new()
        {
            Persistent = true,
            MessageId = id,
            CorrelationId = id,
            Type = subject,
            Headers = new Dictionary<string, object?>
            {
                [BusMessage.SubjectName] = subject,
                [BusMessage.FromHerIdName] = from.Number,
                [BusMessage.ToHerIdName] = to.Number,
                [BusMessage.TimestampName] = Timestamp(at),
            },
        };

    // Mandatory: a queue that is not there must not swallow what is sent.
    private static ValueTask PublishAsync(
        IChannel channel, string queue, BasicProperties properties, ReadOnlyMemory<byte> body,
        CancellationToken cancellation)
    {
        var headers = properties.Headers!;
        KeyValuePair<string, object?>[] application = [.. headers.Where(one => one.Key != BusMessage.SubjectName)];
        headers[BusMessage.Properties10] = Amqp10Writer.Properties(
            properties.MessageId, queue, properties.Type, properties.ReplyTo, properties.CorrelationId,
            properties.ContentType);
        headers[BusMessage.ApplicationProperties10] = Amqp10Writer.ApplicationProperties(application);
        return channel.BasicPublishAsync("", queue, mandatory: true, properties, body, cancellation);
    }

    private static string Timestamp(DateTimeOffset at) => at.ToUniversalTime().ToString("O");
}
