using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Npgsql;

namespace Kilde.Intake.Parties;

/// <summary>
/// Registers a party's certificate from a moment on. From that moment the one before no longer counts: the change is a
/// hard cut-over (R1.28). Our own certificate for decryption is the exception; both open messages until the older one
/// expires, because senders change over one by one.
/// </summary>
public sealed class RegisterCertificate(RegisterDatabase database, AuditLog audit, IKeyStore keys, TimeProvider clock)
{
    private const int RsaBitsMin = 2_048;
    private const int OwnKeyBits = 3_072;

    /// <param name="from">When it begins to count; null is now. Never before the certificate itself begins.</param>
    /// <param name="to">When it ends; null is when the certificate expires. Never after that.</param>
    /// <exception cref="ArgumentException">
    /// The certificate's key is too weak, its time is over, or the party is ours: a certificate of ours without its
    /// private key opens and signs nothing, and would end those that do.
    /// </exception>
    public async Task<PartyCertificate> RegisterAsync(
        HerId party, CertificateUsage usage, X509Certificate2 certificate, DateTimeOffset? from, DateTimeOffset? to,
        AccessGround ground, CancellationToken cancellation)
    {
        if (await IsOwnAsync(party, cancellation))
            throw new ArgumentException("A mailbox of ours needs the certificate's private key too.");
        return await WriteAsync(Of(party, usage, certificate, from, to), wrapped: null, ground, cancellation);
    }

    /// <summary>Registers a certificate from an issuer (virksomhetssertifikat) for a party of our own.</summary>
    /// <param name="key">The certificate's private key, which from now on lies in the key store.</param>
    /// <param name="from">When it begins to count; null is now. Never before the certificate itself begins.</param>
    /// <exception cref="ArgumentException">
    /// The key belongs to another certificate or is too weak, the certificate's time is over, or the party is not ours.
    /// </exception>
    public async Task<PartyCertificate> RegisterOwnAsync(
        HerId party, CertificateUsage usage, X509Certificate2 certificate, RSA key, DateTimeOffset? from,
        AccessGround ground, CancellationToken cancellation)
    {
        if (!await IsOwnAsync(party, cancellation))
            throw new ArgumentException("Only a mailbox of ours has its private key here.");
        var registered = Of(party, usage, certificate, from, to: null);
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(
            key.ExportSubjectPublicKeyInfo()))
            throw new ArgumentException("The private key is not that of the certificate.");
        return await WriteAsync(registered, Wrap(key), ground, cancellation);
    }

    /// <summary>
    /// Makes a key pair and a certificate, signed by itself, for a party of our own. Production has its certificates
    /// from an issuer instead.
    /// </summary>
    public async Task<PartyCertificate> MakeOwnAsync(
        HerId party, CertificateUsage usage, TimeSpan life, AccessGround ground, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        using var rsa = RSA.Create(OwnKeyBits);
        var request = new CertificateRequest(
            $"CN=Kilde {party},OU={PartyText.Of(usage)}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            usage == CertificateUsage.Sign ? X509KeyUsageFlags.NonRepudiation : X509KeyUsageFlags.KeyEncipherment,
            critical: true));
        using var made = request.CreateSelfSigned(now.AddMinutes(-1), now + life);

        var certificate = X509CertificateLoader.LoadCertificate(made.RawData);
        return await WriteAsync(
            Of(party, usage, certificate, from: null, to: null), Wrap(rsa), ground, cancellation);
    }

    /// <summary>From now on the certificate counts for nothing. False when the party has no such certificate.</summary>
    public async Task<bool> RevokeAsync(
        HerId party, string thumbprint, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var update = new NpgsqlCommand(
            """
            update intake.party_certificate set revoked_at = @now
            where her_id = @her_id and revoked_at is null and encode(sha256(certificate), 'hex') = lower(@thumbprint)
            """,
            connection);
        update.Parameters.AddWithValue("now", clock.GetUtcNow());
        update.Parameters.AddWithValue("her_id", party.Number);
        update.Parameters.AddWithValue("thumbprint", thumbprint);
        if (await update.ExecuteNonQueryAsync(cancellation) == 0) return false;
        await AuditAsync(transaction, ground, "party.certificate_revoked", party, thumbprint, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>What a certificate is named by: SHA-256 of all of it, in hexadecimal.</summary>
    public static string ThumbprintOf(X509Certificate2 certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    private WrappedKey Wrap(RSA key)
    {
        var pkcs8 = key.ExportPkcs8PrivateKey();
        try
        {
            return keys.Wrap(PartyRegister.KeyPurpose, pkcs8);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private async Task<bool> IsOwnAsync(HerId party, CancellationToken cancellation)
    {
        await using var select = database.Source.CreateCommand(
            "select exists (select from intake.party where her_id = @her_id and is_own)");
        select.Parameters.AddWithValue("her_id", party.Number);
        return (bool)(await select.ExecuteScalarAsync(cancellation))!;
    }

    private PartyCertificate Of(
        HerId party, CertificateUsage usage, X509Certificate2 certificate, DateTimeOffset? from, DateTimeOffset? to)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is null || rsa.KeySize < RsaBitsMin)
            throw new ArgumentException($"The certificate's key must be RSA of {RsaBitsMin} bits or more.");
        var begins = new DateTimeOffset(certificate.NotBefore.ToUniversalTime());
        var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        var validFrom = from ?? clock.GetUtcNow();
        if (validFrom < begins) validFrom = begins;
        var validTo = to is { } wanted && wanted < ends ? wanted : ends;
        return validTo > validFrom
            ? new PartyCertificate(party, usage, certificate, validFrom, validTo, RevokedAt: null)
            : throw new ArgumentException("The certificate would never count: its time is over before it begins.");
    }

    private async Task<PartyCertificate> WriteAsync(
        PartyCertificate certificate, WrappedKey? wrapped, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var isForOurDecryption = wrapped is not null && certificate.Usage == CertificateUsage.Encrypt;
        if (!isForOurDecryption) batch.BatchCommands.Add(Command(EndBefore, certificate, wrapped));
        batch.BatchCommands.Add(Command(Insert, certificate, wrapped));
        await batch.ExecuteNonQueryAsync(cancellation);
        await AuditAsync(
            transaction, ground, "party.certificate_registered", certificate.HerId,
            ThumbprintOf(certificate.Certificate), cancellation);
        await transaction.CommitAsync(cancellation);
        return certificate;
    }

    private Task AuditAsync(
        NpgsqlTransaction transaction, AccessGround ground, string action, HerId party, string thumbprint,
        CancellationToken cancellation) => audit.AppendAsync(
            transaction,
            [new AuditEntry(ground, action, party.ToString(), Details: JsonSerializer.Serialize(new { thumbprint }))],
            cancellation);

    private NpgsqlBatchCommand Command(string sql, PartyCertificate certificate, WrappedKey? wrapped) => new(sql)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid>("id", Guid.CreateVersion7(clock.GetUtcNow())),
            new NpgsqlParameter<int>("her_id", certificate.HerId.Number),
            new NpgsqlParameter<string>("usage", PartyText.Of(certificate.Usage)),
            new NpgsqlParameter<byte[]>("certificate", certificate.Certificate.RawData),
            new NpgsqlParameter<DateTimeOffset>("from", certificate.ValidFrom.ToUniversalTime()),
            new NpgsqlParameter<DateTimeOffset>("to", certificate.ValidTo.ToUniversalTime()),
            new NpgsqlParameter<byte[]?>("wrapped", wrapped?.Ciphertext),
            new NpgsqlParameter<string?>("kek", wrapped?.KeyEncryptionKeyId),
            new NpgsqlParameter<DateTimeOffset>("now", clock.GetUtcNow()),
        },
    };

    // One that would have begun later is replaced before it ever counted.
    private const string EndBefore =
        """
        update intake.party_certificate
        set valid_to = greatest(@from, valid_from)
        where her_id = @her_id and usage = @usage and valid_to > @from
        """;

    private const string Insert =
        """
        insert into intake.party_certificate (
          certificate_id, her_id, usage, certificate, valid_from, valid_to, wrapped_private, key_encryption_key_id,
          registered_at)
        values (@id, @her_id, @usage, @certificate, @from, @to, @wrapped, @kek, @now)
        """;
}
