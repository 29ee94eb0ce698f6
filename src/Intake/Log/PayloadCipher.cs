using System.Collections.Concurrent;
using System.Security.Cryptography;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Log;

/// <summary>A payload as it lies on disk.</summary>
/// <param name="Ciphertext">AES-256-GCM; the 16-byte tag comes last.</param>
internal sealed record SealedPayload(Guid DataKeyId, byte[] Nonce, byte[] Ciphertext);

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

    /// <summary>The ciphertext is bound to the submission: moved to another row, it does not open.</summary>
    public async ValueTask<SealedPayload> SealAsync(
        Guid submissionId, ReadOnlyMemory<byte> plain, CancellationToken cancellation)
    {
        var dataKey = await CurrentKeyAsync(cancellation);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var sealedBytes = new byte[plain.Length + TagBytes];
        using var aes = new AesGcm(dataKey.Bytes, TagBytes);
        aes.Encrypt(
            nonce, plain.Span, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length),
            AssociatedData(submissionId));
        return new SealedPayload(dataKey.Id, nonce, sealedBytes);
    }

    /// <exception cref="CryptographicException">The bytes on disk are not what was written for this
    /// submission.</exception>
    public async ValueTask<byte[]> OpenAsync(
        Guid submissionId, SealedPayload payload, CancellationToken cancellation)
    {
        var key = _opened.TryGetValue(payload.DataKeyId, out var known)
            ? known
            : await FetchKeyAsync(payload.DataKeyId, cancellation);
        var plain = new byte[payload.Ciphertext.Length - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            payload.Nonce, payload.Ciphertext.AsSpan(0, plain.Length), payload.Ciphertext.AsSpan(plain.Length), plain,
            AssociatedData(submissionId));
        return plain;
    }

    public void Dispose()
    {
        foreach (var key in _opened.Values) CryptographicOperations.ZeroMemory(key);
        _making.Dispose();
    }

    private static byte[] AssociatedData(Guid submissionId) => submissionId.ToByteArray(bigEndian: true);

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
