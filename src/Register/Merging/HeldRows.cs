using System.Buffers;
using System.Runtime.InteropServices;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>
/// Rows for one table, encoded for COPY and held until there are many: what a COPY costs before its first row, of
/// which PostgreSQL has a place for a thousand rows of each partition, is then shared by many rows.
/// </summary>
/// <param name="command">A <c>copy … from stdin (format binary)</c>.</param>
internal sealed class HeldRows(string command) : BinaryValues(firstBytes: PieceBytes)
{
    // All of one size, so that what one table gives back another can use.
    private const int PieceBytes = 256 * 1024;

    // Most rows that begin before the last of a piece end within it; for another the piece grows.
    private const int LastBytes = 16 * 1024;

    private readonly List<UInt128> _orders = [];
    private readonly List<(int Piece, int Start, int Length)> _places = [];
    private readonly List<byte[]> _pieces = [];
    private int _start;

    public int Count => _orders.Count;

    /// <summary>What is held, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Begins a row.</summary>
    /// <param name="order">They are written in the order of it.</param>
    public void StartRow(int fields, UInt128 order)
    {
        _orders.Add(order);
        _start = Length;
        Int16((short)fields);
    }

    public void EndRow()
    {
        var length = Length - _start;
        _places.Add((_pieces.Count, _start, length));
        Bytes += length;
        if (Length > PieceBytes - LastBytes) _pieces.Add(Take());
    }

    /// <summary>Writes what is held, and holds nothing any more.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (Count == 0) return;
        if (Length > 0) _pieces.Add(Take());
        CollectionsMarshal.AsSpan(_orders).Sort(CollectionsMarshal.AsSpan(_places));
        await using (var copy = await BinaryCopy.BeginAsync(connection, command, cancellation))
        {
            foreach (var (piece, start, length) in _places)
                await copy.WriteRowAsync(_pieces[piece].AsMemory(start, length), cancellation);
            await copy.CompleteAsync(cancellation);
        }

        foreach (var piece in _pieces) ArrayPool<byte>.Shared.Return(piece);
        _pieces.Clear();
        _orders.Clear();
        _places.Clear();
        Bytes = 0;
    }
}
