using Dapper;
using Kilde.Audit;
using Kilde.Identity.Resolving;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Identity.Linking;

/// <summary>Two persons that a record says are one, for staff to decide on.</summary>
/// <param name="Basis">
/// <c>record</c>: both stood in one. <c>local number</c>: both had the sender's same number. <c>population
/// register</c>: both stood in one of its records (<see cref="MergeDecided"/>).
/// </param>
public sealed record LinkCandidate(
    PersonKey PersonKey, PersonKey OtherPersonKey, string Basis, DateTimeOffset FirstSeenAt);

/// <summary>The pairs of persons that wait for a decision.</summary>
public sealed class LinkCandidates(IdentityDatabase database, AuditLog audit, TimeProvider clock)
{
    private const int ListedMax = 200;

    /// <summary>The oldest undecided pairs.</summary>
    public async Task<IReadOnlyList<LinkCandidate>> ListAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var candidates = await connection.QueryAsync<LinkCandidate>(new CommandDefinition(
            """
            select person_key, other_person_key, basis, first_seen_at
            from identity.link_candidate
            where decision is null
            order by first_seen_at, person_key, other_person_key
            limit @ListedMax
            """,
            new { ListedMax },
            cancellationToken: cancellation));
        return candidates.AsList();
    }

    /// <summary>Staff have found that the two are different persons; they are not asked again.</summary>
    /// <returns>False when there is no such undecided pair.</returns>
    /// <exception cref="ArgumentException">The ground names no case.</exception>
    public async Task<bool> KeepApartAsync(
        PersonKey one, PersonKey other, AccessGround ground, CancellationToken cancellation)
    {
        Grounds.DemandCase(ground);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var isDecided = await DecideAsync(
            Candidate.Of(one.Value, other.Value), "kept apart", ground, clock.GetUtcNow(), transaction, cancellation);
        if (!isDecided) return false;

        await audit.AppendAsync(
            transaction,
            [.. ((PersonKey[])[one, other]).Select(person =>
                new AuditEntry(ground, "identity.keep-apart", $"{person.Value}"))],
            cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    internal static async Task<bool> DecideAsync(
        Candidate candidate, string decision, AccessGround ground, DateTimeOffset now, NpgsqlTransaction transaction,
        CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            update identity.link_candidate
            set decision = @decision, decided_at = @now, decided_by = @Id, case_reference = @CaseReference
            where person_key = @Person and other_person_key = @Other and decision is null
            """,
            new { candidate.Person, candidate.Other, decision, now, ground.Actor.Id, ground.CaseReference },
            transaction,
            cancellationToken: cancellation)) > 0;

    internal static Task WriteAsync(
        Dictionary<Candidate, string> candidates, DateTimeOffset now, NpgsqlTransaction writer,
        CancellationToken cancellation) =>
        writer.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into identity.link_candidate (person_key, other_person_key, basis, first_seen_at)
            select suspected.person_key, suspected.other_person_key, suspected.basis, @now
            from unnest(@persons, @others, @bases) as suspected (person_key, other_person_key, basis)
            on conflict (person_key, other_person_key) do update
            set basis = excluded.basis
            where link_candidate.decision is null and excluded.basis = 'population register'
            """,
            new
            {
                persons = candidates.Keys.Select(candidate => candidate.Person).ToArray(),
                others = candidates.Keys.Select(candidate => candidate.Other).ToArray(),
                bases = candidates.Values.ToArray(),
                now,
            },
            writer,
            cancellationToken: cancellation));
}

/// <summary>What must stand in a ground before identity is touched.</summary>
internal static class Grounds
{
    public static void DemandPurpose(AccessGround ground)
    {
        if (string.IsNullOrWhiteSpace(ground.Purpose) || string.IsNullOrWhiteSpace(ground.Actor.Id))
            throw new ArgumentException("Identity is touched only by an actor with a purpose.", nameof(ground));
    }

    public static void DemandCase(AccessGround ground)
    {
        DemandPurpose(ground);
        if (string.IsNullOrWhiteSpace(ground.CaseReference))
            throw new ArgumentException("This is done only as part of a case.", nameof(ground));
    }
}
