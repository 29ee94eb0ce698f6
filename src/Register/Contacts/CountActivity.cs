using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Persons;

namespace Kilde.Register.Contacts;

/// <summary>
/// How many of the patients that specialist care has reported activity of (NPR's module ord) are known (R3.07).
/// </summary>
/// <remarks>Counts what stands now, in numbers only.</remarks>
public sealed class CountActivity(RegisterDatabase database, FollowPersonChanges follow)
{
    /// <param name="Identified">Patients of the newest identity message that have a usable number.</param>
    /// <param name="Active">Patients with activity whose person is known.</param>
    /// <param name="Unidentified">Patients with activity whose person is not known.</param>
    public sealed record PatientCount(int Identified, int Active, int Unidentified);

    /// <summary>Patients of a year, counted when the register has followed every identity that is told.</summary>
    /// <returns>Null while one half of the year has not come: then there is nothing to hold against.</returns>
    public async Task<PatientCount?> CountPatientsAsync(
        IReadOnlyCollection<string> senders, DataYear year, CancellationToken cancellation)
    {
        while (await follow.FollowAsync(cancellation) > 0)
        {
        }

        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<PatientCount>(new CommandDefinition(
            Patients,
            new { senders = senders.ToArray(), year = year.Year },
            commandTimeout: 0,
            cancellationToken: cancellation));
    }

    private const string Patients =
        """
        with year as (
          select period_no, message_type from register.period
          where sender = any(@senders) and message_type in ('NPR_ORD', 'NPR_IDE') and data_year = @year
        ), patient as (
          select identifier_key, person_key from register.ord_episode
          where sender = any(@senders) and period_no in (select period_no from year) and identifier_key <> 0
          union
          select identifier_key, person_key from register.ord_henvisning
          where sender = any(@senders) and period_no in (select period_no from year) and identifier_key <> 0
        ), newest as (
          select distinct on (sender) told - without_number as identified
          from register.identity_told
          where sender = any(@senders) and message_type = 'NPR_IDE' and data_year = @year
          order by sender, extracted_on desc, submission_id desc
        )
        select coalesce((select sum(identified) from newest), 0)::integer as identified,
          (count(distinct identifier_key) filter (where person_key >= 0))::integer as active,
          (count(distinct identifier_key) filter (where person_key < 0))::integer as unidentified
        from patient
        having (select count(distinct message_type) from year) = 2
        """;
}
