using Dapper;
using Kilde.Audit;
using Kilde.Identity.Resolving;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Identity.Linking;

/// <summary>
/// Staff's decisions on who is who: persons found to be one are merged, wrongly merged ones split. Both keep their
/// history, need a case and a reason, are audited, and are told to the register as person changes.
/// </summary>
public sealed class LinkPersons(IdentityDatabase database, AuditLog audit, TimeProvider clock)
{
    /// <summary>
    /// All identifiers of <paramref name="from"/> go to <paramref name="into"/>: as when a holder of a D-number has got
    /// a fødselsnummer. The emptied key is never used again.
    /// </summary>
    /// <returns>How many identifiers moved.</returns>
    /// <exception cref="ArgumentException">
    /// No case or reason, the same person twice, an unknown person, or one without identifiers.
    /// </exception>
    public async Task<int> MergeAsync(
        PersonKey from, PersonKey into, AccessGround ground, string reason, CancellationToken cancellation)
    {
        Demand(ground, reason);
        if (from == into || from.IsUnknownPerson || into.IsUnknownPerson)
            throw new ArgumentException("A merge takes two known persons.", nameof(from));

        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var writer = await connection.BeginTransactionAsync(cancellation);
        var changeNo = await ChangeCounter.LockAsync(writer, cancellation);
        var moving = await IdentifiersOfAsync(from.Value, writer, cancellation);
        var staying = await IdentifiersOfAsync(into.Value, writer, cancellation);
        if (moving.Length == 0 || staying.Length == 0)
            throw new ArgumentException("A merge takes two persons who have identifiers.", nameof(from));

        var now = clock.GetUtcNow();
        await PersonMoves.WriteAsync(
            [.. moving.Select(key => new PersonMove(key, from.Value, into.Value))],
            MoveCause.Merge(ground, reason), changeNo, now, writer, cancellation);
        await LinkCandidates.DecideAsync(
            Candidate.Of(from.Value, into.Value), "merged", ground, now, writer, cancellation);
        await LogAsync("identity.merge", [from.Value, into.Value], moving.Length, ground, writer, cancellation);
        await writer.CommitAsync(cancellation);
        return moving.Length;
    }

    /// <summary>The identifiers leave their person and become one of their own, with a new key.</summary>
    /// <exception cref="ArgumentException">
    /// No case or reason, or the identifiers are unknown, of several persons, or all that their person has.
    /// </exception>
    public async Task<PersonKey> SplitAsync(
        IReadOnlyCollection<IdentifierKey> identifiers, AccessGround ground, string reason,
        CancellationToken cancellation)
    {
        Demand(ground, reason);
        long[] leaving = [.. identifiers.Select(identifier => identifier.Value).Distinct().Order()];
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var writer = await connection.BeginTransactionAsync(cancellation);
        var changeNo = await ChangeCounter.LockAsync(writer, cancellation);
        var from = await PersonOfAsync(leaving, writer, cancellation);
        var all = await IdentifiersOfAsync(from, writer, cancellation);
        if (all.Length == leaving.Length)
            throw new ArgumentException("A split must leave something behind.", nameof(identifiers));

        var now = clock.GetUtcNow();
        var to = PersonKeys.New();
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into identity.person (person_key, made_at) values (@to, @now)", new { to, now }, writer,
            cancellationToken: cancellation));
        await PersonMoves.WriteAsync(
            [.. leaving.Select(key => new PersonMove(key, from, to))],
            MoveCause.Split(ground, reason), changeNo, now, writer, cancellation);
        await LogAsync("identity.split", [from, to], leaving.Length, ground, writer, cancellation);
        await writer.CommitAsync(cancellation);
        return new PersonKey(to);
    }

    private static void Demand(AccessGround ground, string reason)
    {
        Grounds.DemandCase(ground);
        if (string.IsNullOrWhiteSpace(reason)) throw new ArgumentException("A reason is needed.", nameof(reason));
    }

    private static async Task<long[]> IdentifiersOfAsync(
        long person, NpgsqlTransaction writer, CancellationToken cancellation) =>
        [.. await writer.Connection!.QueryAsync<long>(new CommandDefinition(
            "select identifier_key from identity.identifier where person_key = @person order by identifier_key",
            new { person }, writer, cancellationToken: cancellation))];

    private static async Task<long> PersonOfAsync(
        long[] identifiers, NpgsqlTransaction writer, CancellationToken cancellation)
    {
        var persons = (await writer.Connection!.QueryAsync<(long Person, long Count)>(new CommandDefinition(
            """
            select person_key, count(*) from identity.identifier where identifier_key = any(@identifiers)
            group by person_key
            """,
            new { identifiers }, writer, cancellationToken: cancellation))).AsList();
        return persons is [var (person, count)] && count == identifiers.Length
            ? person
            : throw new ArgumentException("The identifiers are not all of one person.", nameof(identifiers));
    }

    // One entry per person, so that each is found in that person's own log.
    private Task LogAsync(
        string action, long[] persons, int identifiers, AccessGround ground, NpgsqlTransaction writer,
        CancellationToken cancellation) =>
        audit.AppendAsync(
            writer,
            [.. persons.Select(person => new AuditEntry(ground, action, $"{person}", identifiers))],
            cancellation);
}
