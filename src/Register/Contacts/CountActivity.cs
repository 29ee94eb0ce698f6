using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Persons;

namespace Kilde.Register.Contacts;

/// <summary>
/// The register's own count of what specialist care has reported (NPR's module ord), as senders hold it against their
/// own (R3.08), and how many of their patients are known (R3.07).
/// </summary>
/// <remarks>Counts what stands now, in numbers only.</remarks>
public sealed class CountActivity(RegisterDatabase database, FollowPersonChanges follow)
{
    /// <param name="Month">The month an episode ended, 1–12, as days are in Norway.</param>
    /// <param name="Level">Omsorgsnivå, code list 8406.</param>
    /// <param name="Field">Fagområde, code list 8451; null when not told.</param>
    /// <param name="Place">Behandlingssted, by the sender's name, else its id; empty when not told.</param>
    /// <param name="Department">Avdeling.</param>
    /// <param name="Section">Fagenhet.</param>
    public sealed record EpisodeCount(
        int Month, string Level, string? Field, string Place, string Department, string Section, int Episodes);

    /// <param name="Identified">Patients of the newest identity message that have a usable number.</param>
    /// <param name="Active">Patients with activity whose person is known.</param>
    /// <param name="Unidentified">Patients with activity whose person is not known.</param>
    public sealed record PatientCount(int Identified, int Active, int Unidentified);

    /// <summary>Episodes that ended within the days, both included, of the files about their year.</summary>
    /// <param name="senders">Reporting units as they name themselves.</param>
    public async Task<IReadOnlyList<EpisodeCount>> CountEpisodesAsync(
        IReadOnlyCollection<string> senders, DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var counts = await connection.QueryAsync<EpisodeCount>(new CommandDefinition(
            Episodes,
            new { senders = senders.ToArray(), from, after = to.AddDays(1), year = from.Year },
            commandTimeout: 0,
            cancellationToken: cancellation));
        return counts.AsList();
    }

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

    // Code list 8476: 1 is treatment place, 7 department, 2 section.
    private const string Episodes =
        """
        with year as (
          select period_no from register.period
          where sender = any(@senders) and message_type = 'NPR_ORD' and data_year = @year
        ), counted as (
          select sender, extract(month from ut_dato_tid at time zone 'Europe/Oslo')::integer as month,
            omsorgsniva as level, episode_fag as field,
            ref_enhet_enhet_id[array_position(ref_enhet_type_enhet, '1')] as place,
            ref_enhet_enhet_id[array_position(ref_enhet_type_enhet, '7')] as department,
            ref_enhet_enhet_id[array_position(ref_enhet_type_enhet, '2')] as section, count(*) as episodes
          from register.ord_episode
          where sender = any(@senders) and period_no in (select period_no from year)
            and ut_dato_tid >= @from::timestamp at time zone 'Europe/Oslo'
            and ut_dato_tid < @after::timestamp at time zone 'Europe/Oslo'
          group by 1, 2, 3, 4, 5, 6, 7
        ), named as (
          select sender, enhet_id, max(enhet_lokal) as name
          from register.ord_enhet
          where sender = any(@senders) and period_no in (select period_no from year)
          group by sender, enhet_id
        )
        select month, coalesce(level, '') as level, field, coalesce(p.name, place, '') as place,
          coalesce(d.name, department, '') as department, coalesce(s.name, section, '') as section,
          sum(episodes)::integer as episodes
        from counted c
        left join named p on p.sender = c.sender and p.enhet_id = c.place
        left join named d on d.sender = c.sender and d.enhet_id = c.department
        left join named s on s.sender = c.sender and s.enhet_id = c.section
        group by 1, 2, 3, 4, 5, 6
        """;

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
