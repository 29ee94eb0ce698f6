using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>Writes rows in PostgreSQL's binary COPY format.</summary>
internal sealed class BinaryCopy : BinaryValues, IAsyncDisposable
{
    private const int FlushBytes = 128 * 1024;

    private readonly NpgsqlRawCopyStream _stream;
    private bool _isComplete;

    private BinaryCopy(NpgsqlRawCopyStream stream)
        : base(firstBytes: FlushBytes + 16 * 1024) => _stream = stream;

    private static ReadOnlySpan<byte> Signature => "PGCOPY\n"u8;

    private static ReadOnlySpan<byte> SignatureEnd => [0xFF, (byte)'\r', (byte)'\n', 0];

    /// <param name="command">A <c>copy … from stdin (format binary)</c>.</param>
    public static async Task<BinaryCopy> BeginAsync(
        NpgsqlConnection connection, string command, CancellationToken cancellation)
    {
        var copy = new BinaryCopy(await connection.BeginRawBinaryCopyAsync(command, cancellation));
        copy.Append(Signature);
        copy.Append(SignatureEnd);
        copy.Int32(0); // flags
        copy.Int32(0); // length of the header's extension
        return copy;
    }

    /// <summary>Begins a row, after sending what has gathered.</summary>
    public ValueTask StartRowAsync(int fields, CancellationToken cancellation)
    {
        if (Length < FlushBytes)
        {
            Int16((short)fields);
            return ValueTask.CompletedTask;
        }

        return FlushAndStartRowAsync(fields, cancellation);
    }

    /// <summary>Writes a row that is encoded already, its number of fields included.</summary>
    public ValueTask WriteRowAsync(ReadOnlyMemory<byte> row, CancellationToken cancellation)
    {
        if (Length < FlushBytes)
        {
            Append(row.Span);
            return ValueTask.CompletedTask;
        }

        return FlushAndWriteRowAsync(row, cancellation);
    }

    public async Task CompleteAsync(CancellationToken cancellation)
    {
        Int16(-1);
        await FlushAsync(cancellation);
        _isComplete = true;
        await _stream.DisposeAsync();
        GiveBack();
    }

    /// <summary>Without <see cref="CompleteAsync"/> nothing is copied.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isComplete) return;
        await _stream.CancelAsync();
        await _stream.DisposeAsync();
        GiveBack();
    }

    private async ValueTask FlushAndStartRowAsync(int fields, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        Int16((short)fields);
    }

    private async ValueTask FlushAndWriteRowAsync(ReadOnlyMemory<byte> row, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        Append(row.Span);
    }

    private async ValueTask FlushAsync(CancellationToken cancellation)
    {
        await _stream.WriteAsync(Encoded, cancellation);
        Forget();
    }
}
