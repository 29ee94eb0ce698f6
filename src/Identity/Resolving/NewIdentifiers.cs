using System.Security.Cryptography;
using System.Text;
using Kilde.Identity.Crypto;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Identity.Resolving;

/// <summary>Encrypts identifiers that are seen for the first time and adds them, by binary COPY.</summary>
internal static class NewIdentifiers
{
    private const int ClearTextBytesMax = BlindIndex.LocalIdCharactersMax * 3;

    public static async Task WriteAsync(
        IReadOnlyCollection<NewIdentifier> identifiers, DataKey key, DateTimeOffset now, NpgsqlTransaction writer,
        CancellationToken cancellation)
    {
        var connection = writer.Connection!;
        var madeNow = await NewPersonsAsync(identifiers, connection, cancellation);
        await using (var persons = await connection.BeginBinaryImportAsync(
            "copy identity.person (person_key, made_at) from stdin (format binary)", cancellation))
        {
            foreach (var person in madeNow)
            {
                await persons.StartRowAsync(cancellation);
                await persons.WriteAsync(person, NpgsqlDbType.Bigint, cancellation);
                await persons.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellation);
            }

            await persons.CompleteAsync(cancellation);
        }

        using var cipher = SealedIdentifier.Cipher(key);
        await using var rows = await connection.BeginBinaryImportAsync(Copy, cancellation);
        foreach (var identifier in identifiers)
        {
            await rows.StartRowAsync(cancellation);
            await rows.WriteAsync(identifier.Named.Index, NpgsqlDbType.Uuid, cancellation);
            await rows.WriteAsync(identifier.IdentifierKey, NpgsqlDbType.Bigint, cancellation);
            await rows.WriteAsync(identifier.PersonKey, NpgsqlDbType.Bigint, cancellation);
            await rows.WriteAsync(identifier.Named.Kind, NpgsqlDbType.Smallint, cancellation);
            await rows.WriteAsync(key.Number, NpgsqlDbType.Integer, cancellation);
            await rows.WriteAsync(Seal(identifier, cipher, key.Number), NpgsqlDbType.Bytea, cancellation);
            await rows.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellation);
        }

        await rows.CompleteAsync(cancellation);
    }

    // A new identifier may belong to a person who is known already, by another identifier.
    private static async Task<List<long>> NewPersonsAsync(
        IReadOnlyCollection<NewIdentifier> identifiers, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select named.person_key
            from (select distinct unnest($1::bigint[]) as person_key) as named
            where not exists (select from identity.person where person.person_key = named.person_key)
            """,
            connection);
        select.Parameters.Add(new NpgsqlParameter<long[]>
        {
            TypedValue = [.. identifiers.Select(identifier => identifier.PersonKey)],
        });
        var persons = new List<long>(identifiers.Count);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) persons.Add(rows.GetInt64(0));
        return persons;
    }

    private static byte[] Seal(NewIdentifier identifier, AesGcm cipher, int dataKeyNo)
    {
        Span<byte> clearText = stackalloc byte[ClearTextBytesMax];
        var length = identifier.Named.LocalId is { } local
            ? Encoding.UTF8.GetBytes(local, clearText)
            : identifier.Named.Identifier.Reveal(clearText);
        var sealedText = SealedIdentifier.Seal(cipher, dataKeyNo, identifier.IdentifierKey, clearText[..length]);
        CryptographicOperations.ZeroMemory(clearText);
        return sealedText;
    }

    private const string Copy =
        """
        copy identity.identifier (
          blind_index, identifier_key, person_key, kind, data_key_no, ciphertext, first_seen_at)
        from stdin (format binary)
        """;
}
