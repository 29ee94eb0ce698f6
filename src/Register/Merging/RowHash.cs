using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Merging;

/// <summary>
/// Tells whether a record sent again is the same. Covers the identifier key, the unit and every column that has a
/// value, by name: a new column in a new definition version does not change the hash of records without it.
/// </summary>
internal sealed class RowHash
{
    /// <summary>128 bits of SHA-256: two versions of one record never meet by accident.</summary>
    public const int Bytes = 16;

    private readonly ArrayBufferWriter<byte> _row = new(1024);
    private readonly (byte[] Name, int Column)[] _order;

    public RowHash(RecordType type) =>
        _order = [.. type.Columns
            .Select((column, index) => (Name: column.Name, Index: index))
            .OrderBy(column => column.Name, StringComparer.Ordinal)
            .Select(column => (Encoding.UTF8.GetBytes(column.Name), column.Index))];

    public byte[] Of(RecordBatch batch, int row, IdentifierKey identifier)
    {
        _row.ResetWrittenCount();
        Write(identifier.Value);
        Write(batch.Units[row].ToString());
        foreach (var (name, column) in _order)
        {
            var vector = batch.Columns[column];
            if (vector.IsNull(row)) continue;
            Write(name);
            Write(vector, row);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_row.WrittenSpan, hash);
        return hash[..Bytes].ToArray();
    }

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
                foreach (var text in textArrays[row]) Write(text);
                break;
            case ColumnVector<long[]> integerArrays:
                Write(integerArrays[row].Length);
                foreach (var integer in integerArrays[row]) Write(integer);
                break;
            default: throw new ArgumentException($"A column of kind {vector.Kind} holds values of no known type.");
        }
    }

    private void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_row.GetSpan(sizeof(long)), value);
        _row.Advance(sizeof(long));
    }

    // 1.0 and 1.00 are the same measurement: the scale is no part of the value.
    private void Write(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value / 1.0000000000000000000000000000m, parts);
        foreach (var part in parts) Write(part);
    }

    // Lengths stand before texts, so that no two different rows are written alike.
    private void Write(ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        _row.Write(bytes);
    }

    private void Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Write(length);
        Encoding.UTF8.GetBytes(text, _row.GetSpan(length));
        _row.Advance(length);
    }
}
