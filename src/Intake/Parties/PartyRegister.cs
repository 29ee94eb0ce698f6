using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Npgsql;

namespace Kilde.Intake.Parties;

/// <summary>
/// Who is who on the message bus, and which certificates count: the development form of Adresseregisteret.
/// </summary>
public sealed class PartyRegister(RegisterDatabase database, IKeyStore keys)
{
    /// <summary>The key store's purpose for private keys of our own certificates.</summary>
    internal const string KeyPurpose = "intake-rsa";

    private const string PartyColumns =
        "her_id, name, parent_her_id, unit, is_own, receipt_version, valid_from, valid_to";

    /// <summary>All parties, without certificates.</summary>
    public async Task<IReadOnlyList<Party>> ListAsync(CancellationToken cancellation)
    {
        await using var select = database.Source.CreateCommand(
            $"select {PartyColumns} from intake.party order by her_id");
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var parties = new List<Party>();
        while (await row.ReadAsync(cancellation)) parties.Add(ReadParty(row));
        return parties;
    }

    /// <returns>Null when nobody has that HER-id. Certificates of others never have a private key.</returns>
    public async Task<RegisteredParty?> FindAsync(HerId herId, CancellationToken cancellation)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Command(
            $"select {PartyColumns} from intake.party where her_id = @her_id", herId));
        batch.BatchCommands.Add(Command(
            """
            select c.her_id, c.usage, c.certificate, c.valid_from, c.valid_to, c.revoked_at,
              c.wrapped_private, c.key_encryption_key_id
            from intake.party p
            join intake.party_certificate c on c.her_id in (p.her_id, p.parent_her_id)
            where p.her_id = @her_id
            order by c.valid_from desc, c.certificate_id
            """, herId));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        var party = ReadParty(row);

        var certificates = new List<PartyCertificate>();
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation)) certificates.Add(ReadCertificate(row));
        var own = certificates.Where(certificate => certificate.HerId == herId).Select(one => one.Usage).ToHashSet();
        return new RegisteredParty(
            party, certificates.FindAll(one => one.HerId == herId || !own.Contains(one.Usage)));
    }

    private static NpgsqlBatchCommand Command(string sql, HerId herId) => new(sql)
    {
        Parameters = { new NpgsqlParameter<int>("her_id", herId.Number) },
    };

    private static Party ReadParty(NpgsqlDataReader row) => new(
        Her(row, 0), row.GetString(1), row.IsDBNull(2) ? null : Her(row, 2),
        row.IsDBNull(3) ? null : OrganizationNumber.Parse(row.GetString(3)), row.GetBoolean(4),
        PartyText.Version(row.GetString(5)), Moment(row, 6), Moment(row, 7));

    private PartyCertificate ReadCertificate(NpgsqlDataReader row)
    {
        var certificate = X509CertificateLoader.LoadCertificate(row.GetFieldValue<byte[]>(2));
        if (!row.IsDBNull(6))
            certificate = WithKey(certificate, new WrappedKey(row.GetString(7), row.GetFieldValue<byte[]>(6)));
        return new PartyCertificate(
            Her(row, 0), PartyText.Usage(row.GetString(1)), certificate, row.GetFieldValue<DateTimeOffset>(3),
            row.GetFieldValue<DateTimeOffset>(4), Moment(row, 5));
    }

    private X509Certificate2 WithKey(X509Certificate2 certificate, WrappedKey wrapped)
    {
        var key = keys.Unwrap(KeyPurpose, wrapped);
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key, out _);
        CryptographicOperations.ZeroMemory(key);
        using (certificate) return certificate.CopyWithPrivateKey(rsa);
    }

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static HerId Her(NpgsqlDataReader row, int column) =>
        HerId.TryFromNumber(row.GetInt32(column), out var her) ? her : default;
}
