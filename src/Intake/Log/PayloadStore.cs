using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using Kilde.Platform.Databases;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Log;

/// <summary>What was written of a streamed payload.</summary>
/// <param name="Bytes">Before compression.</param>
/// <param name="Hash">SHA-256 of the bytes as they came.</param>
internal sealed record StoredPayload(long Bytes, byte[] Hash);

/// <summary>
/// Payloads of any size, in memory that does not grow with them: compressed, encrypted and written part by part, and
/// read in the same way.
/// </summary>
/// <remarks>
/// The parts of a submission are there before the submission is: a stop in between leaves parts that nobody knows of,
/// and <see cref="Retention.RemoveExpired"/> takes them away.
/// </remarks>
internal sealed class PayloadStore(RegisterDatabase database, PayloadCipher cipher)
{
    /// <summary>Bytes of a part before compression.</summary>
    public const int PartBytes = 1024 * 1024;

    /// <summary>Reads the stream to its end. All parts are on disk when this returns, or none.</summary>
    public async Task<StoredPayload> WriteAsync(Guid submissionId, Stream plain, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            copy intake.payload (submission_id, part, form, data_key_id, nonce, ciphertext) from stdin (format binary)
            """,
            cancellation);

        var (current, next) = (new byte[PartBytes], new byte[PartBytes]);
        using var room = new MemoryStream();
        var bytes = 0L;
        var filled = await plain.ReadAtLeastAsync(current, PartBytes, throwOnEndOfStream: false, cancellation);
        for (var part = 0; ; part++)
        {
            hash.AppendData(current, 0, filled);
            bytes += filled;

            // Whether this part is the last one shows when the next is read.
            var following = filled < PartBytes
                ? 0
                : await plain.ReadAtLeastAsync(next, PartBytes, throwOnEndOfStream: false, cancellation);
            var place = new PayloadPlace(
                submissionId, following == 0 ? PayloadForm.LastPart : PayloadForm.Part, part);
            var packed = await cipher.SealAsync(place, Compress(current.AsSpan(0, filled), room), cancellation);
            await WriteRowAsync(copy, place, packed, cancellation);
            if (following == 0) break;
            (current, next, filled) = (next, current, following);
        }

        await copy.CompleteAsync(cancellation);
        return new StoredPayload(bytes, hash.GetHashAndReset());
    }

    /// <summary>The payload from its beginning.</summary>
    public Stream Open(Guid submissionId) => new PayloadStream(submissionId, ReadPartAsync);

    public async Task RemoveAsync(Guid submissionId, CancellationToken cancellation)
    {
        await using var delete = database.Source.CreateCommand(
            "delete from intake.payload where submission_id = @id");
        delete.Parameters.AddWithValue("id", submissionId);
        await delete.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task WriteRowAsync(
        NpgsqlBinaryImporter copy, PayloadPlace place, SealedPayload packed, CancellationToken cancellation)
    {
        await copy.StartRowAsync(cancellation);
        await copy.WriteAsync(place.SubmissionId, NpgsqlDbType.Uuid, cancellation);
        await copy.WriteAsync(place.Part, NpgsqlDbType.Integer, cancellation);
        await copy.WriteAsync((short)place.Form, NpgsqlDbType.Smallint, cancellation);
        await copy.WriteAsync(packed.DataKeyId, NpgsqlDbType.Uuid, cancellation);
        await copy.WriteAsync(packed.Nonce, NpgsqlDbType.Bytea, cancellation);
        await copy.WriteAsync(packed.Ciphertext, NpgsqlDbType.Bytea, cancellation);
    }

    private async Task<OpenedPart> ReadPartAsync(
        Guid submissionId, int part, byte[] spare, CancellationToken cancellation)
    {
        PayloadPlace place;
        Guid dataKey;
        byte[] nonce;
        int length;
        byte[] bytes;
        await using (var select = database.Source.CreateCommand(
            """
            select form, data_key_id, nonce, ciphertext
            from intake.payload
            where submission_id = @id and part = @part
            """))
        {
            select.Parameters.AddWithValue("id", submissionId);
            select.Parameters.AddWithValue("part", part);
            await using var row = await select.ExecuteReaderAsync(cancellation);
            if (!await row.ReadAsync(cancellation)) throw new CryptographicException("A part of a payload is gone.");
            place = new PayloadPlace(submissionId, (PayloadForm)row.GetInt16(0), part);
            (dataKey, nonce) = (row.GetGuid(1), row.GetFieldValue<byte[]>(2));
            length = checked((int)row.GetBytes(3, 0, null, 0, 0));
            bytes = ArrayPool<byte>.Shared.Rent(length);
            row.GetBytes(3, 0, bytes, 0, length);
        }

        // Lent: a gigabyte comes in a thousand of them, and what is made anew so often is what the collector goes
        // through everything for.
        try
        {
            length = await cipher.OpenInPlaceAsync(place, dataKey, nonce, bytes.AsMemory(0, length), cancellation);
            if (place.Form == PayloadForm.Whole) return new OpenedPart(bytes[..length], length, IsLast: true);
            var plain = spare.Length == PartBytes ? spare : new byte[PartBytes];
            return new OpenedPart(plain, Decompress(bytes, length, plain), place.Form == PayloadForm.LastPart);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    // Into the same room each time, which is not made anew for each of a thousand parts.
    private static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> plain, MemoryStream room)
    {
        room.SetLength(0);
        using (var deflate = new DeflateStream(room, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(plain);
        return room.GetBuffer().AsMemory(0, (int)room.Length);
    }

    private static int Decompress(byte[] packed, int length, byte[] plain)
    {
        using var deflate = new DeflateStream(new MemoryStream(packed, 0, length), CompressionMode.Decompress);
        return deflate.ReadAtLeast(plain, PartBytes, throwOnEndOfStream: false);
    }
}
