using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Log;

/// <summary>How a row of a payload is to be taken.</summary>
internal enum PayloadForm : short
{
    /// <summary>All of the message, as it is.</summary>
    Whole = 0,

    /// <summary>One part of the message, compressed; more come.</summary>
    Part = 1,

    /// <summary>The last part.</summary>
    LastPart = 2,

    /// <summary>No payload: the contact persons that stood in it.</summary>
    Contacts = 3,
}

/// <summary>A payload, or a part of one, as it lies on disk.</summary>
/// <param name="Ciphertext">AES-256-GCM; the 16-byte tag comes last.</param>
internal sealed record SealedPayload(Guid DataKeyId, byte[] Nonce, byte[] Ciphertext);

/// <summary>Which part of which payload: what a ciphertext is bound to.</summary>
internal readonly record struct PayloadPlace(Guid SubmissionId, PayloadForm Form = PayloadForm.Whole, int Part = 0)
{
    private const int IdBytes = 16;

    // Of another length for a part than for a whole, so that neither can stand for the other.
    public byte[] AssociatedData()
    {
        var id = SubmissionId.ToByteArray(bigEndian: true);
        if (Form == PayloadForm.Whole) return id;
        var bound = new byte[IdBytes + sizeof(int) + 1];
        id.CopyTo(bound, 0);
        BinaryPrimitives.WriteInt32BigEndian(bound.AsSpan(IdBytes), Part);
        bound[^1] = (byte)Form;
        return bound;
    }
}

/// <summary>
/// Encrypts and decrypts payloads under data keys, which the key store wraps. A data key is replaced by age and by
/// number of payloads; older keys stay as long as payloads need them.
/// </summary>
internal sealed class PayloadCipher(
    RegisterDatabase database, IKeyStore keys, TimeProvider clock, IOptions<IntakeOptions> options) : IDisposable
{
    private const string Purpose = "intake";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly ConcurrentDictionary<Guid, byte[]> _opened = new();
    private readonly SemaphoreSlim _making = new(1);
    private DataKey? _current;

    /// <summary>The ciphertext is bound to its place: moved to another row, it does not open.</summary>
    public async ValueTask<SealedPayload> SealAsync(
        PayloadPlace place, ReadOnlyMemory<byte> plain, CancellationToken cancellation)
    {
        var dataKey = await CurrentKeyAsync(cancellation);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var sealedBytes = new byte[plain.Length + TagBytes];
        using var aes = new AesGcm(dataKey.Bytes, TagBytes);
        aes.Encrypt(
            nonce, plain.Span, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length),
            place.AssociatedData());
        return new SealedPayload(dataKey.Id, nonce, sealedBytes);
    }

    /// <exception cref="CryptographicException">The bytes on disk are not what was written for this
    /// place.</exception>
    public async ValueTask<byte[]> OpenAsync(
        PayloadPlace place, SealedPayload payload, CancellationToken cancellation)
    {
        var plain = new byte[payload.Ciphertext.Length - TagBytes];
        await OpenAsync(place, payload.DataKeyId, payload.Nonce, payload.Ciphertext, plain, cancellation);
        return plain;
    }

    /// <summary>The clear text takes the ciphertext's place; gives its length.</summary>
    /// <param name="ciphertext">With the tag last, as <see cref="SealedPayload.Ciphertext"/>.</param>
    /// <exception cref="CryptographicException">The bytes are not what was written for this place.</exception>
    public async ValueTask<int> OpenInPlaceAsync(
        PayloadPlace place, Guid dataKeyId, byte[] nonce, Memory<byte> ciphertext, CancellationToken cancellation)
    {
        var text = ciphertext[..^TagBytes];
        await OpenAsync(place, dataKeyId, nonce, ciphertext, text, cancellation);
        return text.Length;
    }

    private async ValueTask OpenAsync(
        PayloadPlace place, Guid dataKeyId, byte[] nonce, ReadOnlyMemory<byte> ciphertext, Memory<byte> plain,
        CancellationToken cancellation)
    {
        var key = _opened.TryGetValue(dataKeyId, out var known) ? known : await FetchKeyAsync(dataKeyId, cancellation);
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            nonce, ciphertext.Span[..^TagBytes], ciphertext.Span[^TagBytes..], plain.Span, place.AssociatedData());
    }

    public void Dispose()
    {
        foreach (var key in _opened.Values) CryptographicOperations.ZeroMemory(key);
        _making.Dispose();
    }

    private async ValueTask<DataKey> CurrentKeyAsync(CancellationToken cancellation)
    {
        if (Usable(_current) is { } usable) return usable;

        await _making.WaitAsync(cancellation);
        try
        {
            return Usable(_current) ?? (_current = await MakeKeyAsync(cancellation));
        }
        finally
        {
            _making.Release();
        }
    }

    private DataKey? Usable(DataKey? key) =>
        key is not null && clock.GetUtcNow() < key.ReplaceAt && key.TryUse(options.Value.DataKeyPayloadsMax) ? key
            : null;

    private async Task<DataKey> MakeKeyAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var made = new DataKey(
            Guid.CreateVersion7(now), RandomNumberGenerator.GetBytes(KeyBytes),
            now.AddHours(options.Value.DataKeyHoursMax));
        var wrapped = keys.Wrap(Purpose, made.Bytes);

        await using var insert = database.Source.CreateCommand(
            """
            insert into intake.data_key (data_key_id, key_encryption_key_id, wrapped, created_at)
            values (@id, @kek, @wrapped, @now)
            """);
        insert.Parameters.AddWithValue("id", made.Id);
        insert.Parameters.AddWithValue("kek", wrapped.KeyEncryptionKeyId);
        insert.Parameters.AddWithValue("wrapped", wrapped.Ciphertext);
        insert.Parameters.AddWithValue("now", now);
        await insert.ExecuteNonQueryAsync(cancellation);

        _opened[made.Id] = made.Bytes;
        made.TryUse(options.Value.DataKeyPayloadsMax);
        return made;
    }

    private async Task<byte[]> FetchKeyAsync(Guid dataKeyId, CancellationToken cancellation)
    {
        await using var select = database.Source.CreateCommand(
            "select key_encryption_key_id, wrapped from intake.data_key where data_key_id = @id");
        select.Parameters.AddWithValue("id", dataKeyId);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) throw new CryptographicException("The data key of a payload is gone.");

        var key = keys.Unwrap(Purpose, new WrappedKey(row.GetString(0), row.GetFieldValue<byte[]>(1)));
        return _opened.GetOrAdd(dataKeyId, key);
    }

    private sealed class DataKey(Guid id, byte[] bytes, DateTimeOffset replaceAt)
    {
        private int _uses;

        public Guid Id { get; } = id;

        public byte[] Bytes { get; } = bytes;

        public DateTimeOffset ReplaceAt { get; } = replaceAt;

        public bool TryUse(int usesMax) => Interlocked.Increment(ref _uses) <= usesMax;
    }
}
