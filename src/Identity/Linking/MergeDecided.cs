using Dapper;
using Kilde.Audit;
using Kilde.Identity.Resolving;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Identity.Linking;

/// <summary>
/// Merges persons that the population register says are one: the holder of a D-number has got a fødselsnummer (R4.15).
/// Two who have a fødselsnummer each are left to staff: one of the numbers is wrong, and which is not known.
/// </summary>
public sealed class MergeDecided(IdentityDatabase database, LinkPersons link)
{
    private const int PairsMax = 200;

    private static readonly AccessGround Ground = new(
        Actor.System("identity.population-register"), "Fødselsnummer etter D-nummer", "Folkeregisteret");

    /// <returns>True when there may be more.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var pairs = (await connection.QueryAsync<(long From, long Into)>(new CommandDefinition(
            Decided,
            new { ClaimLinking.BasisDecided, national = (short)PersonIdentifierKind.NationalIdentityNumber, PairsMax },
            cancellationToken: cancellation))).AsList();
        var moved = new HashSet<long>();
        foreach (var (from, into) in pairs)
        {
            // A person in several pairs is looked at again, when the first merge has been written.
            if (!moved.Add(from) || !moved.Add(into)) continue;
            await link.MergeAsync(
                new PersonKey(from), new PersonKey(into), Ground,
                "Folkeregisteret oppgir begge numrene for samme person.", cancellation);
        }

        return pairs.Count > 0;
    }

    private const string Decided =
        """
        select case when bool_or(i.kind = @national and i.person_key = c.person_key)
            then c.other_person_key else c.person_key end as "from",
          case when bool_or(i.kind = @national and i.person_key = c.person_key)
            then c.person_key else c.other_person_key end as "into"
        from identity.link_candidate c
        join identity.identifier i on i.person_key in (c.person_key, c.other_person_key)
        where c.decision is null and c.basis = @BasisDecided
        group by c.person_key, c.other_person_key, c.first_seen_at
        having count(*) filter (where i.kind = @national) <= 1 and count(distinct i.person_key) = 2
        order by c.first_seen_at, c.person_key
        limit @PairsMax
        """;
}
