using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Register.Comparing;

/// <summary>
/// Computes digests of one sender's records, the same at the sender, from its message, and at the register, from what
/// it took in (docs/compare.md). Who the patient is, is no part of them: what is derived from a person's number stays
/// in the vault.
/// </summary>
/// <remarks>
/// Content is the local id, the unit, and each column that has a value, by name, a line each:
/// what any program can write, whatever the order, white space and time zone of its message. Not safe for many threads.
/// </remarks>
public sealed class RecordDigests(ReadOnlyMemory<byte> key)
{
    public const int KeyBytes = 32;

    private readonly Dictionary<RecordType, Layout> _layouts = [];
    private byte[] _text = new byte[1024];
    private int _length;

    /// <summary>
    /// False where what a sender sent last does not tell what stands: where persons are told apart in messages of
    /// changes.
    /// </summary>
    public static bool Covers(MessageType message, RecordType type) =>
        IsOfYears(message) || ComesWithMerge(message, type);

    /// <summary>True where each message holds all of a year: the digests are then made when the sender asks.</summary>
    public static bool IsOfYears(MessageType message) => message.Replacement == Replacement.CumulativePerPeriod;

    /// <summary>True where the merge of a message keeps its records' digests.</summary>
    public static bool ComesWithMerge(MessageType message, RecordType type) =>
        !IsOfYears(message)
        && !type.IsKeyedByPerson
        && type.PersonSource != PersonSource.Apart;

    /// <summary>The records of a message that can be compared.</summary>
    public static IReadOnlyList<RecordType> CoveredOf(MessageType message) =>
        [.. message.RecordTypes.Where(record => Covers(message, record))];

    /// <summary>A sender's own key, from the register's.</summary>
    public static byte[] KeyOf(ReadOnlySpan<byte> registerKey, string sender) =>
        HMACSHA256.HashData(registerKey, Encoding.UTF8.GetBytes(sender));

    /// <summary>The digest of which record it is.</summary>
    public ulong IdOf(string localId)
    {
        _length = 0;
        Write(localId);
        return Hash();
    }

    /// <param name="unit">The unit the record stands under, as the register has it.</param>
    public (RecordMonth Month, RecordDigest Digest) Of(RecordBatch batch, int row, string unit)
    {
        var id = IdOf(batch.LocalIds[row]);
        return (MonthOf(batch, LayoutOf(batch.Type).Event, row), new RecordDigest(id, ContentOf(batch, row, unit)));
    }

    /// <summary>
    /// The digest of a record of a whole year. A local id may be one patient's only, so a record is told by all it
    /// says; one that differs is missing and extra. A patient number is no part of it.
    /// </summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public RecordDigest OfYear(RecordBatch batch, int row, string unit)
    {
        _length = 0;
        if (!batch.Type.IsKeyedByPerson) Write(batch.LocalIds[row]);
        var content = ContentOf(batch, row, unit);
        return new RecordDigest(content, content);
    }

    // The local id is written.
    private ulong ContentOf(RecordBatch batch, int row, string unit)
    {
        Write((byte)'\n');
        Write(unit);
        Write((byte)'\n');
        foreach (var (name, place) in LayoutOf(batch.Type).Columns)
            if (!batch.Columns[place].IsNull(row)) WriteColumn(name, batch.Columns[place], row);
        return Hash();
    }

    private static RecordMonth MonthOf(RecordBatch batch, int place, int row)
    {
        if (place < 0 || batch.Columns[place].IsNull(row)) return RecordMonth.None;
        return batch.Columns[place] switch
        {
            ColumnVector<DateOnly> days => RecordMonth.Of(days[row]),
            ColumnVector<DateTimeOffset> instants => RecordMonth.Of(instants[row]),
            _ => RecordMonth.None,
        };
    }

    private Layout LayoutOf(RecordType type)
    {
        if (_layouts.TryGetValue(type, out var known)) return known;
        var columns = type.Columns
            .Select((column, place) => (column.Name, Place: place))
            .OrderBy(column => column.Name, StringComparer.Ordinal)
            .Select(column => (Encoding.UTF8.GetBytes(column.Name), column.Place));
        return _layouts[type] = new Layout(
            [.. columns], type.Columns.ToList().FindIndex(column => column.Field == type.Event));
    }

    private ulong Hash()
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Span, _text.AsSpan(0, _length), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private void WriteColumn(byte[] name, ColumnVector vector, int row)
    {
        switch (vector)
        {
            case ColumnVector<long> integers: WriteLine(name, integers[row]); break;
            case ColumnVector<decimal> decimals: WriteLine(name, decimals[row] / PlainOne); break;
            case ColumnVector<string> { Kind: ColumnKind.Json } json: WriteLine(name, PlainJson.Of(json[row])); break;
            case ColumnVector<string> texts: WriteLine(name, texts[row]); break;
            case ColumnVector<bool> booleans: WriteLine(name, booleans[row] ? "true" : "false"); break;
            case ColumnVector<DateOnly> dates: WriteLine(name, dates[row], "yyyy-MM-dd"); break;
            case ColumnVector<DateTimeOffset> instants:
                WriteLine(name, instants[row].UtcDateTime, "yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'");
                break;
            case ColumnVector<string[]> textArrays:
                foreach (var text in textArrays[row]) WriteLine(name, text);
                break;
            case ColumnVector<long[]> integerArrays:
                foreach (var integer in integerArrays[row]) WriteLine(name, integer);
                break;
            default: throw new ArgumentException($"A column of kind {vector.Kind} holds values of no known type.");
        }
    }

    /// <summary>Dividing by it takes the zeros at the end away: 1.0 and 1.00 are the same measurement.</summary>
    private const decimal PlainOne = 1.0000000000000000000000000000m;

    private void WriteLine<T>(byte[] name, T value, string format = "") where T : IUtf8SpanFormattable
    {
        const int bytesMax = 64;
        WriteName(name);
        value.TryFormat(Room(bytesMax), out var written, format, CultureInfo.InvariantCulture);
        _length += written;
        Write((byte)'\n');
    }

    // An element that is not there is a line without a sign of equality: an empty text is a text.
    private void WriteLine(byte[] name, string? text)
    {
        if (text is null)
        {
            name.CopyTo(Room(name.Length));
            _length += name.Length;
        }
        else
        {
            WriteName(name);
            Write(text);
        }

        Write((byte)'\n');
    }

    private void WriteName(byte[] name)
    {
        name.CopyTo(Room(name.Length));
        _length += name.Length;
        Write((byte)'=');
    }

    // A line break in a text must not look like the end of it.
    private void Write(string text)
    {
        if (text.AsSpan().ContainsAny('\\', '\n'))
        {
            text = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        }

        _length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
    }

    private void Write(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    private Span<byte> Room(int bytes)
    {
        if (_text.Length - _length < bytes) Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + bytes));
        return _text.AsSpan(_length);
    }

    private sealed record Layout((byte[] Name, int Place)[] Columns, int Event);
}
