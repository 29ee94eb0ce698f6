using System.Collections.Concurrent;
using Dapper;
using Kilde.Platform.Keys;
using Npgsql;

namespace Kilde.Identity.Crypto;

/// <summary>A key that identifiers are encrypted with.</summary>
internal sealed record DataKey(int Number, byte[] Secret);

/// <summary>The vault's data keys, unwrapped once per process.</summary>
internal sealed class DataKeys(IKeyStore keys, TimeProvider clock)
{
    /// <summary>Purpose of the vault's keys in the key store: its pepper and its key-encryption keys.</summary>
    public const string KeyPurpose = "identity";

    private const int KeyBytes = 32;

    private readonly ConcurrentDictionary<int, DataKey> _unwrapped = new();

    /// <summary>
    /// The newest key; the first one is made when there is none. The caller holds the writer's lock, so that nobody
    /// encrypts under an old key after a new one was made.
    /// </summary>
    public async Task<DataKey> NewestAsync(NpgsqlTransaction writer, CancellationToken cancellation)
    {
        var number = await writer.Connection!.ExecuteScalarAsync<int?>(new CommandDefinition(
            "select max(data_key_no) from identity.data_key", transaction: writer, cancellationToken: cancellation));
        return number is { } newest
            ? await GetAsync(newest, writer, cancellation)
            : await MakeAsync(1, writer, cancellation);
    }

    public async Task<DataKey> GetAsync(int number, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (_unwrapped.TryGetValue(number, out var known)) return known;

        var (id, wrapped) = await transaction.Connection!.QuerySingleAsync<(string, byte[])>(new CommandDefinition(
            "select key_encryption_key_id, wrapped from identity.data_key where data_key_no = @number",
            new { number },
            transaction,
            cancellationToken: cancellation));
        var secret = keys.Unwrap(KeyPurpose, new WrappedKey(id, wrapped));
        return _unwrapped.GetOrAdd(number, new DataKey(number, secret));
    }

    public async Task<DataKey> MakeAsync(int number, NpgsqlTransaction writer, CancellationToken cancellation)
    {
        var secret = System.Security.Cryptography.RandomNumberGenerator.GetBytes(KeyBytes);
        var wrapped = keys.Wrap(KeyPurpose, secret);
        await writer.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into identity.data_key (data_key_no, key_encryption_key_id, wrapped, made_at)
            values (@number, @KeyEncryptionKeyId, @Ciphertext, @now)
            """,
            new { number, wrapped.KeyEncryptionKeyId, wrapped.Ciphertext, now = clock.GetUtcNow() },
            writer,
            cancellationToken: cancellation));

        // Kept only by number: if the caller rolls back, the next maker of this number must not meet it here.
        return new DataKey(number, secret);
    }

    /// <summary>Encrypts every data key anew under the newest key-encryption key.</summary>
    public async Task RewrapAsync(NpgsqlTransaction writer, CancellationToken cancellation)
    {
        var rows = await writer.Connection!.QueryAsync<(int Number, string Id, byte[] Wrapped)>(new CommandDefinition(
            "select data_key_no, key_encryption_key_id, wrapped from identity.data_key order by data_key_no",
            transaction: writer, cancellationToken: cancellation));
        foreach (var (number, id, wrapped) in rows)
        {
            var anew = keys.Wrap(KeyPurpose, keys.Unwrap(KeyPurpose, new WrappedKey(id, wrapped)));
            await writer.Connection!.ExecuteAsync(new CommandDefinition(
                """
                update identity.data_key set key_encryption_key_id = @KeyEncryptionKeyId, wrapped = @Ciphertext
                where data_key_no = @number
                """,
                new { anew.KeyEncryptionKeyId, anew.Ciphertext, number },
                writer,
                cancellationToken: cancellation));
        }
    }
}
