using Dapper;
using Kilde.Audit;
using Kilde.Identity.Crypto;
using Kilde.Identity.Linking;
using Kilde.Identity.Resolving;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;

namespace Kilde.Identity;

/// <summary>A record's person, and whose series its local and help numbers belong to.</summary>
/// <param name="Scope">
/// The sender. Help numbers and local patient numbers are internal to it and never match across senders (F10).
/// </param>
public readonly record struct IdentifierClaim(RowPerson Person, OrganizationNumber Scope)
{
    /// <summary>
    /// The reporting unit as it names itself (institusjonID), when the local number is a patient number within it: of
    /// one of nine or ten digits, a RESH id, a municipality. Null where the local number is the sender's.
    /// </summary>
    public string? Institution { get; init; }

    /// <summary>
    /// True when the record decides who is who, as the population register's does: two persons that are known already
    /// are then one, unless they have a fødselsnummer each (ADR 123).
    /// </summary>
    public bool IsDecided { get; init; }
}

/// <summary>What the register gets to know of a person.</summary>
/// <param name="ChangeNo">The vault's newest person change when this was read: a later merge or split wins.</param>
public readonly record struct ResolvedPerson(PersonKey PersonKey, IdentifierKey IdentifierKey, long ChangeNo);

/// <summary>What came of an identity message.</summary>
/// <param name="Told">Patient numbers in it.</param>
/// <param name="Linked">Those that had no known person and have one now.</param>
/// <param name="Corrected">Those that stood for another person.</param>
/// <param name="Overtaken">Those a newer message has given to another person.</param>
/// <param name="WithoutNumber">Those it tells no number for that a person can be known by.</param>
public readonly record struct IdentitiesTold(int Told, int Linked, int Corrected, int Overtaken, int WithoutNumber)
{
    public static IdentitiesTold operator +(IdentitiesTold a, IdentitiesTold b) => new(
        a.Told + b.Told, a.Linked + b.Linked, a.Corrected + b.Corrected, a.Overtaken + b.Overtaken,
        a.WithoutNumber + b.WithoutNumber);
}

/// <summary>An identifier moved from one person to another, by merge or split. Read in order, without gaps.</summary>
public sealed record PersonChange(long ChangeNo, IdentifierKey Identifier, PersonKey From, PersonKey To);

/// <summary>The only place with clear-text identity.</summary>
public sealed class IdentityVault
{
    /// <summary>Questions up to this many claims share transactions with others; larger ones have their own.</summary>
    private const int SharedClaimsMax = 200;

    private readonly IdentityDatabase _database;
    private readonly BlindIndex _index;
    private readonly ResolveTransaction _transaction;
    private readonly ResolveQueue _queue;
    private readonly AuditLog _audit;

    public IdentityVault(
        IdentityDatabase database, IKeyStore keys, AuditLog audit, TimeProvider clock, IdentityOptions options)
    {
        _database = database;
        _audit = audit;
        _index = new BlindIndex(keys.Secret(DataKeys.KeyPurpose));
        _transaction = new ResolveTransaction(
            database, new DataKeys(keys, clock), audit, new StandingCache(options.CachedIdentifiersMax), clock);
        _queue = new ResolveQueue(_transaction);
    }

    /// <summary>
    /// Person keys for the claims, in their order. Identifiers not seen before get new persons; a claim with only a
    /// local number gets the person that number is known to stand for, or an unknown person (negative key), and one
    /// with nothing at all an unknown person of its own and identifier key 0. Numbers that stand in one claim are of
    /// one person: an unseen one joins the seen one's, and when two persons are known already, staff get to decide.
    /// </summary>
    /// <remarks>Any number of claims; batches of 1 000–10 000 are the fastest. Each call is one audit entry.</remarks>
    /// <exception cref="ArgumentException">The ground names no purpose, or a local number is too long.</exception>
    public async Task<ResolvedPerson[]> ResolveAsync(
        IReadOnlyList<IdentifierClaim> claims, AccessGround ground, CancellationToken cancellation)
    {
        Grounds.DemandPurpose(ground);
        if (claims.Count == 0) return [];

        var indexed = new IndexedClaim[claims.Count];
        for (var i = 0; i < indexed.Length; i++) indexed[i] = IndexedClaim.Of(claims[i], _index);
        var entry = new AuditEntry(ground, "identity.resolve", "claims", claims.Count);
        var resolved = claims.Count <= SharedClaimsMax
            ? await _queue.AskAsync(indexed, entry, cancellation)
            : await _transaction.RunAsync(indexed, [entry], cancellation);
        VaultTelemetry.Resolved.Add(claims.Count);
        return resolved;
    }

    /// <summary>Persons of a message that may yet be refused.</summary>
    public PersonDraft BeginDraft() => new(_transaction, _index);

    /// <summary>
    /// Hears what an identity message says: whom each patient number of an institution is. A number whose person was
    /// not known gets that person, and one that stood for another is corrected; both are person changes that the
    /// register follows. A claim without a number that a person can be known by moves nothing: its patient number keeps
    /// the person it has, or gets an unknown one.
    /// </summary>
    /// <returns>What came of it, and the patient number of each claim, in their order.</returns>
    /// <param name="mayCorrect">
    /// False when a newer message of the same institution has been heard: then only what is not known is filled in.
    /// </param>
    /// <remarks>Any number of claims; batches of 10 000 are the fastest. Each call is one audit entry.</remarks>
    public async Task<(IdentitiesTold Told, IdentifierKey[] Patients)> TellAsync(
        IReadOnlyList<IdentifierClaim> claims, bool mayCorrect, AccessGround ground, CancellationToken cancellation)
    {
        Grounds.DemandPurpose(ground);
        if (claims.Count == 0) return (default, []);

        IndexedClaim[] indexed = [.. claims.Select(claim => IndexedClaim.Of(claim, _index))];
        var entry = new AuditEntry(ground, "identity.tell", "claims", claims.Count);
        var (outcomes, patients) = await _transaction.TellAsync(indexed, mayCorrect, [entry], cancellation);
        var told = new IdentitiesTold(
            outcomes.Length,
            outcomes.Count(outcome => outcome == TellingOutcome.Linked),
            outcomes.Count(outcome => outcome == TellingOutcome.Corrected),
            outcomes.Count(outcome => outcome == TellingOutcome.Overtaken),
            outcomes.Count(outcome => outcome == TellingOutcome.NoNumber));
        return (told, patients);
    }

    /// <summary>
    /// The persons that identifiers stand for, in their order; null where the vault has not seen one. Nothing is added
    /// or decrypted.
    /// </summary>
    /// <param name="scope">The sender, for a help number; it does not matter for the others.</param>
    /// <remarks>Any number; batches of 10 000 are the fastest. Each call is one audit entry.</remarks>
    /// <exception cref="ArgumentException">The ground names no actor, purpose or case.</exception>
    public async Task<ResolvedPerson?[]> FindAsync(
        IReadOnlyList<PersonIdentifier> identifiers, OrganizationNumber scope, AccessGround ground,
        CancellationToken cancellation)
    {
        Grounds.DemandCase(ground);
        if (identifiers.Count == 0) return [];

        Guid[] indexes = [.. identifiers.Select(identifier => _index.Of(identifier, scope))];
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var changeNo = await ChangeCounter.ReadAsync(transaction, cancellation);
        var found = (await connection.QueryAsync<(Guid Index, long Identifier, long Person)>(new CommandDefinition(
            "select blind_index, identifier_key, person_key from identity.identifier where blind_index = any(@indexes)",
            new { indexes },
            transaction,
            cancellationToken: cancellation))).ToDictionary(row => row.Index);
        await _audit.AppendAsync(
            transaction, [new AuditEntry(ground, "identity.find", "identifiers", identifiers.Count)], cancellation);
        await transaction.CommitAsync(cancellation);
        return [.. indexes.Select(index => found.TryGetValue(index, out var keys)
            ? new ResolvedPerson(new(keys.Person), new(keys.Identifier), changeNo)
            : (ResolvedPerson?)null)];
    }

    /// <summary>Person changes after a number, oldest first.</summary>
    public async Task<IReadOnlyList<PersonChange>> ReadChangesAsync(
        long after, int limit, CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        var changes = await connection.QueryAsync<PersonChange>(new CommandDefinition(
            """
            select change_no, identifier_key as identifier, from_person_key as "from", to_person_key as "to"
            from identity.person_change
            where change_no > @after
            order by change_no
            limit @limit
            """,
            new { after, limit },
            cancellationToken: cancellation));
        return changes.AsList();
    }
}
