using System.Text;
using RabbitMQ.Client;

namespace Kilde.Intake.Bus;

/// <summary>
/// A message as it came from the bus, with the properties that matter, whichever version of AMQP it was sent with.
/// </summary>
/// <param name="Subject">What kind of message it is, by code list 8279: <c>NPR_ORD</c>.</param>
/// <param name="FromHerId">As text; whether it is a HER-id is for the receiver to find out.</param>
internal sealed record BusMessage(
    string? MessageId, string? Subject, string? ReplyTo, string? ContentType, string? FromHerId, string? ToHerId,
    string? ApplicationTimestamp, ReadOnlyMemory<byte> Body)
{
    public const string FromHerIdName = "fromHerId";
    public const string ToHerIdName = "toHerId";
    public const string OriginalMessageIdName = "originalMessageId";
    public const string ErrorConditionName = "errorCondition";
    public const string TimestampName = "applicationTimeStamp";
    public const string SubjectName = "x-amqp-1.0-subject";
    public const string Properties10 = "x-amqp-1.0-properties";
    public const string ApplicationProperties10 = "x-amqp-1.0-app-properties";

    private const int CharactersMax = 300;

    /// <summary>In an error: the message that was not received.</summary>
    public string? OriginalMessageId { get; private init; }

    /// <summary>In an error: why, in the standard's word.</summary>
    public string? ErrorCondition { get; private init; }

    public static BusMessage Of(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var headers = properties.Headers ?? new Dictionary<string, object?>();
        var standard = Section(headers, Properties10);
        var application = Section(headers, ApplicationProperties10);
        string? Standard(string name, string? other) => Kept(standard.GetValueOrDefault(name) ?? other);
        string? Application(string name) => Kept(application.GetValueOrDefault(name) ?? Text(headers, name));
        return new BusMessage(
            Standard("message-id", properties.MessageId),
            Standard("subject", Text(headers, SubjectName) ?? Text(headers, "subject") ?? properties.Type),
            Standard("reply-to", properties.ReplyTo), Standard("content-type", properties.ContentType),
            Application(FromHerIdName), Application(ToHerIdName), Application(TimestampName), body)
        {
            OriginalMessageId = Application(OriginalMessageIdName),
            ErrorCondition = Application(ErrorConditionName),
        };
    }

    private static IReadOnlyDictionary<string, string> Section(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out var value) && value is byte[] bytes
            ? Amqp10Section.Read(bytes)
            : new Dictionary<string, string>();

    private static string? Text(IDictionary<string, object?> headers, string name) =>
        headers.TryGetValue(name, out var value) ? value switch
        {
            byte[] utf8 => Encoding.UTF8.GetString(utf8),
            AmqpTimestamp time => DateTimeOffset.FromUnixTimeSeconds(time.UnixTime).ToString("O"),
            string or sbyte or byte or short or ushort or int or uint or long => value.ToString(),
            _ => null,
        } : null;

    // What is told back to senders and written to logs is bounded.
    private static string? Kept(string? text) =>
        text is null || text.Length <= CharactersMax ? text : text[..CharactersMax];
}
