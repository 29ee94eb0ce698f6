using Kilde.Audit;
using Kilde.Identity.Crypto;
using Kilde.Identity.Linking;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Identity.Resolving;

/// <summary>Resolves many claims in one transaction, set-based, with their audit entries.</summary>
/// <remarks>
/// Claims whose identifiers are all known only read. When something must be written, a transaction begins that takes
/// the lock of the change counter first, and asks the question again: one writer at a time, so nothing can be added
/// twice or deadlock.
/// </remarks>
internal sealed class ResolveTransaction(
    IdentityDatabase database, DataKeys dataKeys, AuditLog audit, StandingCache cache, TimeProvider clock)
{
    private const int KeyAttemptsMax = 3;

    public async Task<ResolvedPerson[]> RunAsync(
        IReadOnlyList<IndexedClaim> claims, IReadOnlyList<AuditEntry> entries, CancellationToken cancellation)
    {
        var (linking, changeNo) = await LinkAsync(claims, entries, known => Link(claims, known), cancellation);
        return Answer(claims, linking, changeNo);
    }

    /// <summary>Writes nothing; what is new is added to the draft. Null when more than that would be written.</summary>
    public async Task<ResolvedPerson[]?> DraftAsync(
        IReadOnlyList<IndexedClaim> claims, Dictionary<Guid, NewIdentifier> draft, AuditEntry entry,
        CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (changeNo, chain) = await BeginAsync(transaction, cancellation);
        var generation = cache.At(changeNo);
        var known = await ReadAsync(claims, generation, draft, transaction, cancellation);
        var linking = Link(claims, known);
        if (linking.Attachments.Count > 0 || !linking.Candidates.All(pair => IsWritten(pair, generation))) return null;

        await AppendAndCommitAsync(transaction, chain, [entry], cancellation);
        foreach (var identifier in linking.New) draft.Add(identifier.Named.Index, identifier);
        foreach (var (index, standing) in known)
        {
            if (!draft.ContainsKey(index)) generation.Keep(index, standing);
        }

        return Answer(claims, linking, changeNo);
    }

    /// <summary>Writes what was drafted. False when one was seen, or a person has changed, meanwhile.</summary>
    /// <param name="begunAt">The newest person change before the first of them was drafted.</param>
    public async Task<bool> KeepAsync(
        IReadOnlyCollection<NewIdentifier> drafted, long begunAt, AuditEntry entry, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await ChangeCounter.LockAsync(transaction, cancellation) != begunAt) return false;
        await using (var seen = new NpgsqlCommand(
            "select exists (select from identity.identifier where blind_index = any($1))", connection))
        {
            seen.Parameters.Add(new NpgsqlParameter<Guid[]>
            {
                TypedValue = [.. drafted.Select(identifier => identifier.Named.Index)],
            });
            if ((bool)(await seen.ExecuteScalarAsync(cancellation))!) return false;
        }

        var key = await dataKeys.NewestAsync(transaction, cancellation);
        await NewIdentifiers.WriteAsync(drafted, key, clock.GetUtcNow(), transaction, cancellation);
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Hears what an identity message says: of each claim, the outcome and the patient number.</summary>
    public async Task<(TellingOutcome[] Outcomes, IdentifierKey[] Patients)> TellAsync(
        IReadOnlyList<IndexedClaim> claims, bool mayCorrect, IReadOnlyList<AuditEntry> entries,
        CancellationToken cancellation)
    {
        var outcomes = new TellingOutcome[claims.Count];
        var (told, _) = await LinkAsync(claims, entries, Tell, cancellation);
        return (outcomes, [.. claims.Select(claim => new IdentifierKey(told.LocalKeyOf(claim)))]);

        ClaimLinking Tell(Dictionary<Guid, Standing> known)
        {
            var linking = new ClaimLinking(known, PersonKeys.New);
            for (var i = 0; i < claims.Count; i++) outcomes[i] = linking.Tell(claims[i], mayCorrect);
            return linking;
        }
    }

    private async Task<(ClaimLinking Linking, long ChangeNo)> LinkAsync(
        IReadOnlyList<IndexedClaim> claims, IReadOnlyList<AuditEntry> entries,
        Func<Dictionary<Guid, Standing>, ClaimLinking> link, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await LinkOnceAsync(claims, entries, link, cancellation);
            }
            catch (PostgresException taken) when (
                taken.SqlState == PostgresErrorCodes.UniqueViolation && attempt < KeyAttemptsMax)
            {
                // A random key had been given out before. New ones are drawn.
            }
        }
    }

    private async Task<(ClaimLinking Linking, long ChangeNo)> LinkOnceAsync(
        IReadOnlyList<IndexedClaim> claims, IReadOnlyList<AuditEntry> entries,
        Func<Dictionary<Guid, Standing>, ClaimLinking> link, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await LinkKnownAsync(connection, claims, entries, link, cancellation)
            ?? await LinkNewAsync(connection, claims, entries, link, cancellation);
    }

    // Null when something is to be written. Nothing is waited for after the chain of the audit is taken.
    private async Task<(ClaimLinking Linking, long ChangeNo)?> LinkKnownAsync(
        NpgsqlConnection connection, IReadOnlyList<IndexedClaim> claims, IReadOnlyList<AuditEntry> entries,
        Func<Dictionary<Guid, Standing>, ClaimLinking> link, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var (changeNo, chain) = await BeginAsync(transaction, cancellation);
        var generation = cache.At(changeNo);
        var known = await ReadAsync(claims, generation, draft: null, transaction, cancellation);
        var linking = link(known);
        if (linking.New.Count > 0 || linking.Attachments.Count > 0
            || !linking.Candidates.All(pair => IsWritten(pair, generation)))
        {
            return null;
        }

        await AppendAndCommitAsync(transaction, chain, entries, cancellation);
        Keep(generation, known, linking);
        return (linking, changeNo);
    }

    // A pair that was only suspected may have been decided on since, so that is always written.
    private static bool IsWritten(KeyValuePair<Candidate, string> pair, StandingCache.Generation generation) =>
        pair.Value != ClaimLinking.BasisDecided && generation.Has(pair.Key);

    private async Task AppendAndCommitAsync(
        NpgsqlTransaction transaction, ChainHead chain, IReadOnlyList<AuditEntry> entries,
        CancellationToken cancellation)
    {
        await using var append = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var command in audit.Append(chain, entries)) append.BatchCommands.Add(command);

        // It commits by itself: nothing is left to decide, and the server skips it when the entry fails.
        append.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await append.PrepareAsync(cancellation);
        await append.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<(ClaimLinking Linking, long ChangeNo)> LinkNewAsync(
        NpgsqlConnection connection, IReadOnlyList<IndexedClaim> claims, IReadOnlyList<AuditEntry> entries,
        Func<Dictionary<Guid, Standing>, ClaimLinking> link, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var lockedNo = await ChangeCounter.LockAsync(transaction, cancellation);
        var known = await ReadAsync(claims, cache.At(lockedNo), draft: null, transaction, cancellation);
        var linking = link(known);
        var changeNo = await WriteAsync(linking, lockedNo, transaction, cancellation);
        await audit.AppendAsync(transaction, entries, cancellation);
        await transaction.CommitAsync(cancellation);
        Keep(cache.At(changeNo), known, linking);
        return (linking, changeNo);
    }

    // In one round trip: what is asked most is known, and then these two and the commit are all there is.
    private async Task<(long ChangeNo, ChainHead Chain)> BeginAsync(
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var begin = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands = { new NpgsqlBatchCommand(ChangeCounter.Read), audit.TakeChain() },
        };
        await begin.PrepareAsync(cancellation);
        await using var row = await begin.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var changeNo = row.GetInt64(0);
        await row.NextResultAsync(cancellation);
        return (changeNo, await AuditLog.ReadAsync(row, cancellation));
    }

    private static void Keep(
        StandingCache.Generation generation, Dictionary<Guid, Standing> known, ClaimLinking linking)
    {
        foreach (var (index, standing) in known) generation.Keep(index, standing);
        foreach (var candidate in linking.Candidates.Keys) generation.Keep(candidate);
    }

    private static ResolvedPerson[] Answer(IReadOnlyList<IndexedClaim> claims, ClaimLinking linking, long changeNo)
    {
        var resolved = new ResolvedPerson[claims.Count];
        for (var i = 0; i < resolved.Length; i++)
        {
            var standing = linking.Of(claims[i]);
            resolved[i] = new ResolvedPerson(new(standing.PersonKey), new(standing.IdentifierKey), changeNo);
        }

        return resolved;
    }

    private static ClaimLinking Link(IReadOnlyList<IndexedClaim> claims, Dictionary<Guid, Standing> known)
    {
        var linking = new ClaimLinking(known, PersonKeys.New);
        for (var i = 0; i < claims.Count; i++) linking.Read(claims[i]);
        return linking;
    }

    private static async Task<Dictionary<Guid, Standing>> ReadAsync(
        IReadOnlyList<IndexedClaim> claims, StandingCache.Generation generation,
        Dictionary<Guid, NewIdentifier>? draft, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var known = new Dictionary<Guid, Standing>(claims.Count);
        var asked = new HashSet<Guid>();
        for (var i = 0; i < claims.Count; i++)
        {
            foreach (var number in claims[i].Numbers) Look(number.Index);
            if (claims[i].Local is { } local) Look(local.Index);
        }

        if (asked.Count == 0) return known;
        await using var select = new NpgsqlCommand(
            """
            select blind_index, identifier_key, person_key
            from identity.identifier
            where blind_index = any($1)
            """,
            transaction.Connection);
        select.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. asked] });
        await using var rows = await select.ExecuteReaderAsync(cancellation);

        // Of an index that stands in several claims, another call may have filled the cache between them.
        while (await rows.ReadAsync(cancellation))
            known.TryAdd(rows.GetGuid(0), new Standing(rows.GetInt64(1), rows.GetInt64(2)));
        return known;

        void Look(Guid index)
        {
            if (generation.TryGet(index, out var standing)) known.TryAdd(index, standing);
            else if (draft?.TryGetValue(index, out var drafted) == true)
                known.TryAdd(index, new Standing(drafted.IdentifierKey, drafted.PersonKey));
            else asked.Add(index);
        }
    }

    /// <returns>The newest change number after this.</returns>
    private async Task<long> WriteAsync(
        ClaimLinking linking, long changeNo, NpgsqlTransaction writer, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (linking.New.Count > 0)
        {
            var key = await dataKeys.NewestAsync(writer, cancellation);
            await NewIdentifiers.WriteAsync(linking.New, key, now, writer, cancellation);
        }

        if (linking.Candidates.Count > 0)
            await LinkCandidates.WriteAsync(linking.Candidates, now, writer, cancellation);
        if (linking.Attachments.Count == 0) return changeNo;

        changeNo = await PersonMoves.WriteAsync(
            MovesOf(linking, isCorrection: false), MoveCause.Attachment, changeNo, now, writer, cancellation);
        return await PersonMoves.WriteAsync(
            MovesOf(linking, isCorrection: true), MoveCause.Correction, changeNo, now, writer, cancellation);
    }

    private static PersonMove[] MovesOf(ClaimLinking linking, bool isCorrection) =>
    [
        .. linking.Attachments.Where(attachment => attachment.IsCorrection == isCorrection)
            .Select(attachment => new PersonMove(attachment.IdentifierKey, attachment.From, attachment.To)),
    ];
}
