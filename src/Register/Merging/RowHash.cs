using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Merging;

/// <summary>
/// Tells whether a record sent again is the same. Covers the identifier key, the unit and every column that has a
/// value, by name: a new column in a new definition version does not change the hash of records without it.
/// </summary>
/// <remarks>
/// What is hashed is written compactly: a column is a tag of four bytes from its name, numbers take as many bytes as
/// they need, and texts are as they lie in memory with their length before them, so that no two different rows are
/// written alike.
/// </remarks>
internal sealed class RowHash
{
    private const int VarintBytesMax = 10;

    private byte[] _row = new byte[1024];
    private int _length;
    private readonly Action<int>[] _columns;

    public RowHash(RecordBatch batch)
    {
        Batch = batch;
        _columns = [.. batch.Type.Columns
            .Zip(batch.Columns)
            .Where(pair => !pair.Second.IsEmpty)
            .OrderBy(pair => pair.First.Name, StringComparer.Ordinal)
            .Select(pair => WriterOf(TagOf(pair.First.Name), pair.Second))];
    }

    public RecordBatch Batch { get; }

    /// <summary>Two versions of one record never have the same by accident (ADR 178).</summary>
    public Guid Of(int row, IdentifierKey identifier)
    {
        _length = 0;
        Write(identifier.Value);
        Write(Batch.Units[row].Number);
        foreach (var write in _columns) write(row);
        Span<byte> hash = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(hash, Fingerprint.Of(_row.AsSpan(0, _length)));
        return new Guid(hash, bigEndian: true);
    }

    private static uint TagOf(string column) =>
        unchecked((uint)Fingerprint.Of(Encoding.UTF8.GetBytes(column)));

    // What a column holds is found out once, and not for each row.
    private Action<int> WriterOf(uint tag, ColumnVector vector) => vector switch
    {
        ColumnVector<long> integers => row => { if (Begin(tag, integers, row)) Write(integers[row]); },
        ColumnVector<decimal> decimals => row => { if (Begin(tag, decimals, row)) Write(decimals[row]); },
        ColumnVector<string> texts => row => { if (Begin(tag, texts, row)) Write(texts[row]); },
        ColumnVector<bool> booleans => row => { if (Begin(tag, booleans, row)) Write(booleans[row] ? 1 : 0); },
        ColumnVector<DateOnly> dates => row => { if (Begin(tag, dates, row)) Write(dates[row].DayNumber); },
        ColumnVector<DateTimeOffset> instants =>
            row => { if (Begin(tag, instants, row)) Write(instants[row].UtcTicks); },
        ColumnVector<string[]> arrays => row => { if (Begin(tag, arrays, row)) Write(arrays[row]); },
        ColumnVector<long[]> arrays => row => { if (Begin(tag, arrays, row)) Write(arrays[row]); },
        _ => throw new ArgumentException($"A column of kind {vector.Kind} holds values of no known type."),
    };

    // False when the row has no value.
    private bool Begin<T>(uint tag, ColumnVector<T> vector, int row)
    {
        if (vector.IsNull(row)) return false;
        BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), tag);
        _length += sizeof(uint);
        return true;
    }

    private void Write(string?[] texts)
    {
        Write(texts.Length);
        foreach (var text in texts) WriteOrNull(text);
    }

    private void Write(long[] integers)
    {
        Write(integers.Length);
        foreach (var integer in integers) Write(integer);
    }

    // Seven bits to a byte, the sign in the lowest: small numbers of either sign take one byte.
    private void Write(long value) => WriteUnsigned(unchecked((ulong)((value << 1) ^ (value >> 63))));

    private void WriteUnsigned(ulong value)
    {
        var bytes = Room(VarintBytesMax);
        var length = 0;
        for (; value > 0x7F; value >>= 7) bytes[length++] = (byte)((value & 0x7F) | 0x80);
        bytes[length++] = (byte)value;
        _length += length;
    }

    // 1.0 and 1.00 are the same measurement: trailing zeros are no part of the value.
    private void Write(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var mantissa = unchecked(
            new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]));
        int scale = value.Scale;
        while (scale > 0)
        {
            var (tenth, rest) = UInt128.DivRem(mantissa, 10);
            if (rest != 0) break;
            mantissa = tenth;
            scale--;
        }

        Write(value < 0 ? -scale - 1 : scale);
        WriteUnsigned((ulong)(mantissa & ulong.MaxValue));
        WriteUnsigned((ulong)(mantissa >> 64));
    }

    private void Write(string text)
    {
        WriteUnsigned((ulong)text.Length);
        var bytes = MemoryMarshal.AsBytes(text.AsSpan());
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    // A length of its own for what is not there: an empty text is a text.
    private void WriteOrNull(string? text)
    {
        if (text is null) WriteUnsigned(ulong.MaxValue);
        else Write(text);
    }

    private Span<byte> Room(int bytes)
    {
        if (_row.Length - _length < bytes) Array.Resize(ref _row, Math.Max(2 * _row.Length, _length + bytes));
        return _row.AsSpan(_length);
    }
}
