using System.Security.Cryptography;
using Dapper;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Intake.Slash.Keys;

/// <summary>The key pairs in the database: made, read, and forgotten when their time is over.</summary>
internal sealed class SlashKeyStore(
    RegisterDatabase database, IKeyStore keys, IOptions<SlashOptions> options, TimeProvider clock)
{
    private const string Purpose = "intake-rsa";

    // A message that was encrypted before the key expired may still be on its way, and staff may replay one.
    private static readonly TimeSpan PrivatePartKeptAfterExpiry = TimeSpan.FromDays(1);

    /// <summary>Every key ever published, newest first.</summary>
    public async Task<IReadOnlyList<SlashKey>> ReadAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select key_id, expires_at, public_pem, wrapped_private, key_encryption_key_id
            from intake.slash_key
            order by expires_at desc, key_id
            """,
            cancellationToken: cancellation));
        return [.. rows.Select(Unwrap)];
    }

    /// <summary>Makes a pair when the newest has too little life left, or when told to. True when it did.</summary>
    public async Task<bool> RotateAsync(bool always, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // One node makes the pair; the others wait here and then see it.
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended('intake.slash_key', 0))", transaction: transaction,
            cancellationToken: cancellation));
        var now = clock.GetUtcNow();
        await ForgetAsync(connection, transaction, now, cancellation);
        var newest = await connection.QuerySingleAsync<DateTimeOffset?>(new CommandDefinition(
            "select max(expires_at) from intake.slash_key", transaction: transaction,
            cancellationToken: cancellation));
        var isNeeded = always || newest is null || newest < now.AddDays(options.Value.KeyDaysLeftMin);
        if (isNeeded) await AddAsync(connection, transaction, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return isNeeded;
    }

    private async Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellation)
    {
        using var rsa = RSA.Create(options.Value.KeyBits);
        var privateKey = rsa.ExportPkcs8PrivateKey();
        var wrapped = keys.Wrap(Purpose, privateKey);
        CryptographicOperations.ZeroMemory(privateKey);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into intake.slash_key
              (key_id, created_at, expires_at, public_pem, wrapped_private, key_encryption_key_id)
            values (@keyId, @now, @expiresAt, @publicPem, @wrappedPrivate, @keyEncryptionKeyId)
            """,
            new
            {
                keyId = Guid.CreateVersion7(now).ToString("N").ToUpperInvariant(),
                now,
                expiresAt = now.AddDays(options.Value.KeyDays),
                publicPem = rsa.ExportSubjectPublicKeyInfoPem(),
                wrappedPrivate = wrapped.Ciphertext,
                keyEncryptionKeyId = wrapped.KeyEncryptionKeyId,
            },
            transaction, cancellationToken: cancellation));
    }

    private static Task<int> ForgetAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now,
        CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            update intake.slash_key
            set wrapped_private = null, key_encryption_key_id = null
            where expires_at < @before and wrapped_private is not null
            """,
            new { before = now - PrivatePartKeptAfterExpiry },
            transaction, cancellationToken: cancellation));

    private SlashKey Unwrap(Row row) => new(
        row.KeyId, row.ExpiresAt, row.PublicPem,
        row.WrappedPrivate is null
            ? null
            : new Lazy<byte[]>(
                () => keys.Unwrap(Purpose, new WrappedKey(row.KeyEncryptionKeyId!, row.WrappedPrivate))));

    private sealed record Row(
        string KeyId, DateTimeOffset ExpiresAt, string PublicPem, byte[]? WrappedPrivate, string? KeyEncryptionKeyId);
}
