using System.Buffers.Binary;
using System.Text;

namespace Kilde.Intake.Bus;

/// <summary>
/// Reads the sections of an AMQP 1.0 message that RabbitMQ's plugin hands to a 0-9-1 client as they came over the wire:
/// <c>x-amqp-1.0-properties</c> and <c>x-amqp-1.0-app-properties</c> (OASIS AMQP 1.0, part 1 and § 3.2).
/// </summary>
/// <remarks>Values that we have no use for, such as dates and lists, are skipped.</remarks>
internal ref struct Amqp10Section
{
    /// <summary>Order of the fields in the section of properties.</summary>
    private static readonly string[] PropertyNames =
        ["message-id", "user-id", "to", "subject", "reply-to", "correlation-id", "content-type"];

    /// <summary>Descriptions of descriptions. One is in use.</summary>
    private const int DepthMax = 4;

    private ReadOnlySpan<byte> _left;
    private int _depth;

    private Amqp10Section(ReadOnlySpan<byte> bytes) => _left = bytes;

    /// <summary>Texts and numbers, as text, by name. Empty when the bytes are no such section.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> section)
    {
        var found = new Dictionary<string, string>();
        try
        {
            new Amqp10Section(section).ReadInto(found);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A length that points outside: what was read until then is as good as nothing.
            found.Clear();
        }

        return found;
    }

    private void ReadInto(Dictionary<string, string> found)
    {
        // A described value: 0x00, the descriptor, and then a list of properties or a map of application properties.
        if (Take(1)[0] != 0) return;
        ReadValue();
        var kind = Take(1)[0];
        var isMap = kind is 0xC1 or 0xD1;
        if (!isMap && kind is not (0xC0 or 0xD0)) return;
        var isSmall = kind is 0xC0 or 0xC1;
        Take(isSmall ? 1 : 4);
        var count = isSmall ? Take(1)[0] : (int)BinaryPrimitives.ReadUInt32BigEndian(Take(4));
        for (var i = 0; i < count && _left.Length > 0; i++)
        {
            var name = isMap ? ReadValue() : i < PropertyNames.Length ? PropertyNames[i] : null;
            var value = ReadValue();
            if (isMap) i++;
            if (name is not null && value is not null) found[name] = value;
        }
    }

    // The first digit of a value's kind tells how it is laid out.
    private string? ReadValue()
    {
        var kind = Take(1)[0];
        switch (kind)
        {
            case 0x00:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(++_depth, DepthMax);
                ReadValue();
                var described = ReadValue();
                _depth--;
                return described;
            case 0x44 or 0x43: return "0";
            case 0x52 or 0x53 or 0x50: return Take(1)[0].ToString();
            case 0x54 or 0x55 or 0x51: return ((sbyte)Take(1)[0]).ToString();
            case 0x60: return BinaryPrimitives.ReadUInt16BigEndian(Take(2)).ToString();
            case 0x61: return BinaryPrimitives.ReadInt16BigEndian(Take(2)).ToString();
            case 0x70: return BinaryPrimitives.ReadUInt32BigEndian(Take(4)).ToString();
            case 0x71: return BinaryPrimitives.ReadInt32BigEndian(Take(4)).ToString();
            case 0x80: return BinaryPrimitives.ReadUInt64BigEndian(Take(8)).ToString();
            case 0x81: return BinaryPrimitives.ReadInt64BigEndian(Take(8)).ToString();
            case 0x83:
                return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(Take(8)))
                    .ToString("O");
            case 0x98: return new Guid(Take(16), bigEndian: true).ToString();
            case 0xA1 or 0xA3: return Encoding.UTF8.GetString(Take(Take(1)[0]));
            case 0xB1 or 0xB3: return Encoding.UTF8.GetString(Take(Length()));
        }

        Skip(kind);
        return null;
    }

    private void Skip(byte kind)
    {
        switch (kind >> 4)
        {
            case 0x4: break;
            case 0x5: Take(1); break;
            case 0x6: Take(2); break;
            case 0x7: Take(4); break;
            case 0x8: Take(8); break;
            case 0x9: Take(16); break;
            case 0xA or 0xC or 0xE: Take(Take(1)[0]); break;
            default: Take(Length()); break;
        }
    }

    private int Length()
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(Take(4));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, (uint)_left.Length);
        return (int)length;
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        var taken = _left[..bytes];
        _left = _left[bytes..];
        return taken;
    }
}
