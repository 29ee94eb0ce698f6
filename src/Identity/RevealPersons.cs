using System.Text;
using Dapper;
using Kilde.Audit;
using Kilde.Identity.Crypto;
using Kilde.Identity.Linking;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Identity;

/// <summary>An identifier in clear text, for the one who has shown a ground for seeing it.</summary>
/// <param name="Identifier">Not set for a local number.</param>
/// <param name="LocalId">The sender's own patient number; null for the others.</param>
public sealed record RevealedIdentifier(
    PersonKey PersonKey, IdentifierKey IdentifierKey, PersonIdentifier Identifier, string? LocalId)
{
    public override string ToString() => "***";
}

/// <summary>
/// Gives the clear-text identifiers of persons. Each person looked up gets an entry in the log, in the same
/// transaction, with actor, purpose and case; nothing is given before the log is written (R4.16).
/// </summary>
public sealed class RevealPersons
{
    /// <summary>Persons in one question.</summary>
    public const int PersonsMax = 1000;

    private readonly IdentityDatabase _database;
    private readonly LoggedDecryption _decryption;

    internal RevealPersons(IdentityDatabase database, LoggedDecryption decryption) =>
        (_database, _decryption) = (database, decryption);

    /// <summary>All identifiers of the persons, ordered by person. Persons who are not known give none.</summary>
    /// <exception cref="ArgumentException">The ground lacks actor, purpose or case, or there are too many.</exception>
    public async Task<IReadOnlyList<RevealedIdentifier>> HandleAsync(
        IReadOnlyCollection<PersonKey> persons, AccessGround ground, CancellationToken cancellation)
    {
        Grounds.DemandCase(ground);
        if (persons.Count > PersonsMax)
            throw new ArgumentException($"At most {PersonsMax} persons are revealed at a time.", nameof(persons));

        long[] asked = [.. persons.Select(person => person.Value).Distinct()];
        return await RevealAsync(
            """
            select identifier_key, person_key, kind, data_key_no, ciphertext
            from identity.identifier
            where person_key = any(@asked)
            order by person_key, kind, identifier_key
            """,
            asked, ground, cancellation);
    }

    /// <summary>
    /// The identifiers with these keys and no others, ordered by person: for whoever sent them in, and so knows them
    /// already, and shall not learn of others the person has.
    /// </summary>
    /// <exception cref="ArgumentException">The ground lacks actor, purpose or case, or there are too many.</exception>
    public async Task<IReadOnlyList<RevealedIdentifier>> OfIdentifiersAsync(
        IReadOnlyCollection<IdentifierKey> identifiers, AccessGround ground, CancellationToken cancellation)
    {
        Grounds.DemandCase(ground);
        if (identifiers.Count > PersonsMax)
            throw new ArgumentException($"At most {PersonsMax} are revealed at a time.", nameof(identifiers));

        long[] asked = [.. identifiers.Select(identifier => identifier.Value).Where(key => key != 0).Distinct()];
        if (asked.Length == 0) return [];
        return await RevealAsync(
            """
            select identifier_key, person_key, kind, data_key_no, ciphertext
            from identity.identifier
            where identifier_key = any(@asked)
            order by person_key, kind, identifier_key
            """,
            asked, ground, cancellation);
    }

    private async Task<IReadOnlyList<RevealedIdentifier>> RevealAsync(
        string which, long[] asked, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var rows = (await connection.QueryAsync<EncryptedIdentifier>(new CommandDefinition(
            which,
            new { asked },
            transaction,
            cancellationToken: cancellation))).AsList();
        AuditEntry[] entries =
        [
            .. rows.GroupBy(row => row.PersonKey)
                .Select(person => new AuditEntry(ground, "identity.reveal", $"{person.Key}", person.Count())),
        ];
        var clearTexts = await _decryption.OpenAsync(transaction, rows, entries, cancellation);
        await transaction.CommitAsync(cancellation);
        VaultTelemetry.Revealed.Add(rows.Count);
        return [.. rows.Zip(clearTexts, Reveal)];
    }

    private static RevealedIdentifier Reveal(EncryptedIdentifier row, byte[] clearText)
    {
        var (person, key) = (new PersonKey(row.PersonKey), new IdentifierKey(row.IdentifierKey));
        if (row.Kind == (short)StoredKind.LocalNumber)
            return new RevealedIdentifier(person, key, default, Encoding.UTF8.GetString(clearText));

        return PersonIdentifier.TryParse(clearText, (PersonIdentifierKind)row.Kind, out var identifier)
            ? new RevealedIdentifier(person, key, identifier, LocalId: null)
            : throw new InvalidOperationException($"Identifier {row.IdentifierKey} is not what its kind says.");
    }
}
