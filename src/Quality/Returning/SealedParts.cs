using System.IO.Compression;
using System.Security.Cryptography;
using Dapper;
using Kilde.Definitions.Reading;
using Kilde.Quality.Sending;
using Npgsql;

namespace Kilde.Quality.Returning;

/// <summary>
/// Takes what is written, and keeps it compressed and sealed part by part, in memory that does not grow with it. The
/// parts are there when the caller commits, or none is.
/// </summary>
internal sealed class SealedParts(NpgsqlTransaction transaction, Sealing sealing, Guid packageId) : ForwardStream
{
    /// <summary>Bytes of a part before it is compressed.</summary>
    public const int PartBytes = 1024 * 1024;

    private readonly byte[] _part = new byte[PartBytes];
    private int _filled;

    public override bool CanRead => false;

    public override bool CanWrite => true;

    public int Parts { get; private set; }

    public long Bytes { get; private set; }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // What is full is kept when more comes: the last part is known as the last.
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Bytes += buffer.Length;
        while (buffer.Length > 0)
        {
            if (_filled == PartBytes) await KeepAsync(isLast: false, cancellationToken);
            var taken = Math.Min(buffer.Length, PartBytes - _filled);
            buffer[..taken].CopyTo(_part.AsMemory(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    /// <summary>Keeps the last part, also when it is empty.</summary>
    public Task CompleteAsync(CancellationToken cancellation) => KeepAsync(isLast: true, cancellation);

    /// <summary>Writes what the parts hold, in their order.</summary>
    /// <exception cref="CryptographicException">A part is gone, or is not what was kept.</exception>
    public static async Task CopyAsync(
        NpgsqlConnection connection, Sealing sealing, Guid packageId, int parts, Stream output,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select sealed from quality.return_part where package_id = @packageId order by part", connection)
        {
            CommandTimeout = 0, Parameters = { new("packageId", packageId) },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var part = 0;
        for (; await row.ReadAsync(cancellation); part++)
        {
            var packed = sealing.Open(
                row.GetFieldValue<byte[]>(0), new SealedPart(packageId, part, part == parts - 1));
            await using var deflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            await deflate.CopyToAsync(output, cancellation);
        }

        if (part != parts) throw new CryptographicException("A part of a return is gone.");
    }

    private async Task KeepAsync(bool isLast, CancellationToken cancellation)
    {
        using var packed = new MemoryStream();
        await using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await deflate.WriteAsync(_part.AsMemory(0, _filled), cancellation);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into quality.return_part (package_id, part, sealed) values (@packageId, @part, @content)",
            new
            {
                packageId, part = Parts,
                content = sealing.Seal(packed.ToArray(), new SealedPart(packageId, Parts, isLast)),
            },
            transaction,
            cancellationToken: cancellation));
        (_filled, Parts) = (0, Parts + 1);
    }
}
