using System.Security.Cryptography;
using Dapper;
using Kilde.Audit;
using Kilde.Identity.Crypto;
using Kilde.Identity.Linking;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Npgsql;

namespace Kilde.Identity;

/// <summary>
/// Renews the vault's encryption (R4.22): a new key-encryption key, a new data key, and then, batch by batch in the
/// background, every identifier encrypted anew. Old ciphertext stays readable until its turn. It can stop anywhere and
/// goes on from there.
/// </summary>
/// <remarks>The pepper is not renewed: every blind index would have to be made anew in one moment.</remarks>
public sealed class RotateKeys
{
    private const int IdentifiersPerStep = 1000;

    private static readonly AccessGround Reencryption =
        new(Actor.System("identity.rotate"), "Omkryptering etter bytte av nøkkel");

    private readonly IdentityDatabase _database;
    private readonly IKeyStore _keys;
    private readonly DataKeys _dataKeys;
    private readonly LoggedDecryption _decryption;
    private readonly AuditLog _audit;

    internal RotateKeys(
        IdentityDatabase database, IKeyStore keys, DataKeys dataKeys, LoggedDecryption decryption, AuditLog audit) =>
        (_database, _keys, _dataKeys, _decryption, _audit) = (database, keys, dataKeys, decryption, audit);

    /// <summary>Makes the new keys. What is written from now on uses them.</summary>
    /// <returns>The new data key's number.</returns>
    public async Task<int> BeginAsync(AccessGround ground, CancellationToken cancellation)
    {
        Grounds.DemandPurpose(ground);
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var writer = await connection.BeginTransactionAsync(cancellation);
        await ChangeCounter.LockAsync(writer, cancellation);
        var current = await _dataKeys.NewestAsync(writer, cancellation);
        _keys.Rotate(DataKeys.KeyPurpose);
        await _dataKeys.RewrapAsync(writer, cancellation);
        var next = await _dataKeys.MakeAsync(current.Number + 1, writer, cancellation);
        await _audit.AppendAsync(
            writer, [new AuditEntry(ground, "identity.rotate", $"data key {next.Number}")], cancellation);
        await writer.CommitAsync(cancellation);
        return next.Number;
    }

    /// <summary>
    /// How much of the vault has been walked through, of <see cref="long.MaxValue"/>: the walk goes by key, and keys
    /// are random, so a share of the keys is a share of the identifiers.
    /// </summary>
    public async Task<long> WalkedAsync(CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleAsync<long>(new CommandDefinition(
            "select coalesce(walked_to, 0) from identity.data_key order by data_key_no desc limit 1",
            cancellationToken: cancellation));
    }

    /// <summary>Encrypts the next identifiers anew. Several at it take turns.</summary>
    /// <returns>False when there are none left under an older key.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var writer = await connection.BeginTransactionAsync(cancellation);
        if (await NextAsync(writer, cancellation) is not { } walk) return false;

        var key = await _dataKeys.GetAsync(walk.DataKeyNo, writer, cancellation);
        var rows = (await connection.QueryAsync<EncryptedIdentifier>(new CommandDefinition(
            """
            select identifier_key, person_key, kind, data_key_no, ciphertext
            from identity.identifier
            where identifier_key > @WalkedTo and data_key_no < @DataKeyNo
            order by identifier_key
            limit @IdentifiersPerStep
            """,
            new { walk.WalkedTo, walk.DataKeyNo, IdentifiersPerStep },
            writer,
            cancellationToken: cancellation))).AsList();
        var entry = new AuditEntry(
            Reencryption, "identity.reencrypt", $"data key {walk.DataKeyNo}", Math.Max(1, rows.Count));
        var clearTexts = await _decryption.OpenAsync(writer, rows, [entry], cancellation);
        await ReplaceAsync(rows, clearTexts, key, walk.DataKeyNo, writer, cancellation);
        await writer.CommitAsync(cancellation);
        VaultTelemetry.Reencrypted.Add(rows.Count);
        return rows.Count > 0;
    }

    // The walk is over when nothing is left ahead of it: everything written after the key was made uses it.
    private static async Task<(int DataKeyNo, long WalkedTo)?> NextAsync(
        NpgsqlTransaction writer, CancellationToken cancellation)
    {
        var walks = (await writer.Connection!.QueryAsync<(int DataKeyNo, long WalkedTo)>(new CommandDefinition(
            """
            select data_key_no, coalesce(walked_to, 0)
            from identity.data_key
            where data_key_no = (select max(data_key_no) from identity.data_key)
              and data_key_no > 1
              and coalesce(walked_to, 0) < @end
            for update
            """,
            new { end = long.MaxValue },
            writer,
            cancellationToken: cancellation))).AsList();
        return walks is [var walk] ? walk : null;
    }

    private static async Task ReplaceAsync(
        List<EncryptedIdentifier> rows, byte[][] clearTexts, DataKey key, int dataKeyNo, NpgsqlTransaction writer,
        CancellationToken cancellation)
    {
        using var cipher = SealedIdentifier.Cipher(key);
        var anew = new byte[rows.Count][];
        for (var i = 0; i < anew.Length; i++)
        {
            anew[i] = SealedIdentifier.Seal(cipher, dataKeyNo, rows[i].IdentifierKey, clearTexts[i]);
            CryptographicOperations.ZeroMemory(clearTexts[i]);
        }

        await writer.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update identity.identifier
            set ciphertext = anew.ciphertext, data_key_no = @dataKeyNo
            from unnest(@identifiers, @anew) as anew (identifier_key, ciphertext)
            where identifier.identifier_key = anew.identifier_key;

            update identity.data_key set walked_to = @walkedTo where data_key_no = @dataKeyNo;
            """,
            new
            {
                identifiers = rows.Select(row => row.IdentifierKey).ToArray(),
                anew,
                dataKeyNo,
                walkedTo = rows.Count == 0 ? long.MaxValue : rows[^1].IdentifierKey,
            },
            writer,
            cancellationToken: cancellation));
    }
}
