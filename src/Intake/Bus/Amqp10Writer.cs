using System.Buffers.Binary;
using System.Text;

namespace Kilde.Intake.Bus;

/// <summary>
/// Writes the sections of an AMQP 1.0 message that RabbitMQ's plugin hands to a 1.0 client as they stand (OASIS AMQP
/// 1.0, § 3.2.4 and § 3.2.5). The mirror of <see cref="Amqp10Section"/>.
/// </summary>
internal static class Amqp10Writer
{
    private const byte PropertiesCode = 0x73;
    private const byte ApplicationPropertiesCode = 0x74;
    private const byte Utf8 = 0xB1;
    private const byte Symbol = 0xB3;
    private const byte Whole = 0x71;
    private const byte List = 0xD0;
    private const byte Map = 0xD1;
    private static readonly byte[] Null = [0x40];

    /// <summary>The section of properties, whose fields go by their order. What is null is left out.</summary>
    public static byte[] Properties(
        string? messageId, string? to, string? subject, string? replyTo, string? correlationId, string? contentType) =>
        Section(
            PropertiesCode, List,
            [
                Text(messageId), Null, Text(to), Text(subject), Text(replyTo), Text(correlationId),
                Text(contentType, Symbol),
            ]);

    /// <summary>The section of application properties: whole numbers as int, all else as text.</summary>
    public static byte[] ApplicationProperties(IEnumerable<KeyValuePair<string, object?>> properties) =>
        Section(
            ApplicationPropertiesCode, Map,
            [.. properties.SelectMany(one => (byte[][])[Text(one.Key), Value(one.Value)])]);

    // A described value: 0x00, the descriptor as a small number, and then a list or a map with its size and count.
    private static byte[] Section(byte code, byte kind, IReadOnlyList<byte[]> values)
    {
        byte[] content = [.. values.SelectMany(value => value)];
        return [0x00, 0x53, code, kind, .. Number(content.Length + sizeof(int)), .. Number(values.Count), .. content];
    }

    private static byte[] Value(object? value) =>
        value is int number ? [Whole, .. Number(number)] : Text(value?.ToString());

    private static byte[] Text(string? text, byte kind = Utf8)
    {
        if (text is null) return Null;
        var bytes = Encoding.UTF8.GetBytes(text);
        return [kind, .. Number(bytes.Length), .. bytes];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
