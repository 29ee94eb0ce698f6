using System.Buffers.Binary;
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
/// they need, and texts have their length before them, so that no two different rows are written alike.
/// </remarks>
internal sealed class RowHash
{
    private const int VarintBytesMax = 10;

    private byte[] _row = new byte[1024];
    private int _length;
    private readonly (uint Tag, ColumnVector Vector)[] _columns;

    public RowHash(RecordBatch batch)
    {
        Batch = batch;
        _columns = [.. batch.Type.Columns
            .Zip(batch.Columns)
            .Where(pair => !pair.Second.IsEmpty)
            .OrderBy(pair => pair.First.Name, StringComparer.Ordinal)
            .Select(pair => (TagOf(pair.First.Name), pair.Second))];
    }

    public RecordBatch Batch { get; }

    /// <summary>Two versions of one record never have the same by accident (ADR 178).</summary>
    public Guid Of(int row, IdentifierKey identifier)
    {
        _length = 0;
        Write(identifier.Value);
        Write(Batch.Units[row].Number);
        foreach (var (tag, vector) in _columns)
        {
            if (vector.IsNull(row)) continue;
            BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), tag);
            _length += sizeof(uint);
            Write(vector, row);
        }

        Span<byte> hash = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(hash, Fingerprint.Of(_row.AsSpan(0, _length)));
        return new Guid(hash, bigEndian: true);
    }

    private static uint TagOf(string column) =>
        unchecked((uint)Fingerprint.Of(Encoding.UTF8.GetBytes(column)));

    private void Write(ColumnVector vector, int row)
    {
        switch (vector)
        {
            case ColumnVector<long> integers: Write(integers[row]); break;
            case ColumnVector<decimal> decimals: Write(decimals[row]); break;
            case ColumnVector<string> texts: Write(texts[row]); break;
            case ColumnVector<bool> booleans: Write(booleans[row] ? 1 : 0); break;
            case ColumnVector<DateOnly> dates: Write(dates[row].DayNumber); break;
            case ColumnVector<DateTimeOffset> instants: Write(instants[row].UtcTicks); break;
            case ColumnVector<string[]> textArrays:
                Write(textArrays[row].Length);
                foreach (var text in textArrays[row]) WriteOrNull(text);
                break;
            case ColumnVector<long[]> integerArrays:
                Write(integerArrays[row].Length);
                foreach (var integer in integerArrays[row]) Write(integer);
                break;
            default: throw new ArgumentException($"A column of kind {vector.Kind} holds values of no known type.");
        }
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
        var length = Encoding.UTF8.GetByteCount(text);
        WriteUnsigned((ulong)length);
        _length += Encoding.UTF8.GetBytes(text, Room(length));
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
