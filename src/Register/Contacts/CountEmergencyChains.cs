using Dapper;
using Kilde.Platform.Databases;

namespace Kilde.Register.Contacts;

/// <summary>
/// How people come through emergency care (R5.43): from the emergency medical communication centre and its ambulances
/// (AMK) or the local out-of-hours service, by way of municipal emergency beds, to urgent hospital care and discharge.
/// Contacts of one person are links of one chain when each begins while the one before lasts, or within a day after it
/// began or ended. A contact whose person is not known is no part of a chain (R4.21).
/// </summary>
/// <remarks>
/// The day is that of the studies of who refers to hospital: the doctor with a claim for a consultation in the 24 hours
/// before an urgent admission (Blinkenberg et al., BMC Health Services Research 2019, 19:568). Letters and telephone
/// calls of the out-of-hours service are therefore no links. Counts what stands now.
/// </remarks>
public sealed class CountEmergencyChains(RegisterDatabase database)
{
    /// <summary>How long after a contact the next may begin and still be of the same chain.</summary>
    public static readonly TimeSpan LinkMax = TimeSpan.FromHours(24);

    /// <param name="Path">
    /// The links in order, each named once where it comes several times in a row: AMK, LV (out-of-hours), KOHD
    /// (municipal emergency bed) and SOM (urgent hospital care), as <c>AMK &gt; LV &gt; SOM</c>.
    /// </param>
    /// <param name="Persons">Different persons; one may have gone the same way several times.</param>
    /// <param name="Acute">Chains that AMK gave the highest urgency, A.</param>
    /// <param name="MinutesToArrival">
    /// Median from when AMK took the call until the first help came; null where none is told.
    /// </param>
    /// <param name="MinutesToHospital">
    /// Median from the first contact until the hospital received the patient; null where the chain has no hospital.
    /// </param>
    public sealed record EmergencyPath(
        string Path, long Chains, long Persons, long Acute, double? MinutesToArrival, double? MinutesToHospital);

    /// <summary>Chains that begin within the days, both included, as days are in Norway; the commonest first.</summary>
    /// <remarks>
    /// A chain that began before the first day is not cut in two: its contacts are looked for as far back as it goes,
    /// but never more than <see cref="LookBackDays"/> days.
    /// </remarks>
    public async Task<IReadOnlyList<EmergencyPath>> CountAsync(
        DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var paths = await connection.QueryAsync<EmergencyPath>(new CommandDefinition(
            Count,
            new
            {
                from, after = to.AddDays(1), since = from.AddDays(-LookBackDays), until = to.AddDays(LookBackDays),
                linkMax = LinkMax,
            },
            commandTimeout: 0, cancellationToken: cancellation));
        return paths.AsList();
    }

    /// <summary>As long as a hospital stay that somebody else's contact follows upon may have lasted.</summary>
    private const int LookBackDays = 90;

    // A link that begins no later than the day after all before it have ended goes on with the chain: the latest end is
    // what counts, since a stay may outlast the contacts that come during it.
    private const string Count =
        """
        with link as (
          select c.person_key, c.service_area as link, c.started_at,
            greatest(c.started_at, coalesce(c.ended_at, c.started_at)) as ended_at, c.kind, p.arrived_at
          from register.contact c
          left join lateral (
            select a.hendelse_forste_ankomst_hentested_dato_tid as arrived_at from register.pre_pasientkontakt a
            where c.service_area = 'AMK' and a.person_key = c.person_key and a.record_key = c.record_key
          ) as p on true
          where c.service_area = 'AMK' or (c.service_area = 'LV' and c.kind in ('K', 'S', 'O', 'E'))
          union all
          select person_key, 'KOHD', started_at, greatest(started_at, coalesce(ended_at, started_at)), null, null
          from register.contact where record_table = 'kohd_opphold'
          union all
          select c.person_key, 'SOM', c.started_at, greatest(c.started_at, coalesce(c.ended_at, c.started_at)), null,
            null
          from register.contact c
          join register.ord_episode e on e.person_key = c.person_key and e.record_key = c.record_key
          where c.record_table = 'ord_episode' and e.innmate_hast = '1'
        ), within as (
          select *, max(ended_at) over (
            partition by person_key order by started_at, link rows between unbounded preceding and 1 preceding
          ) as latest
          from link
          where person_key >= 0 and started_at >= @since::timestamp at time zone 'Europe/Oslo'
            and started_at < @until::timestamp at time zone 'Europe/Oslo'
        ), chained as (
          select *, count(*) filter (where latest is null or started_at > latest + @linkMax) over (
            partition by person_key order by started_at, link) as chain,
            lag(link) over (partition by person_key order by started_at, link) as previous,
            latest is null or started_at > latest + @linkMax as is_first
          from within
        ), chain as (
          select person_key, min(started_at) as started_at,
            string_agg(link, ' > ' order by started_at, link) filter (
              where is_first or link is distinct from previous) as path,
            bool_or(link = 'AMK' and kind = 'A') as is_acute,
            min(arrived_at) - min(started_at) filter (where link = 'AMK') as to_arrival,
            min(started_at) filter (where link = 'SOM') - min(started_at) as to_hospital
          from chained
          group by person_key, chain
        )
        select path, count(*) as chains, count(distinct person_key) as persons,
          count(*) filter (where is_acute) as acute,
          percentile_cont(0.5) within group (order by extract(epoch from to_arrival)::float8 / 60)
            as minutes_to_arrival,
          percentile_cont(0.5) within group (order by extract(epoch from to_hospital)::float8 / 60)
            as minutes_to_hospital
        from chain
        where started_at >= @from::timestamp at time zone 'Europe/Oslo'
          and started_at < @after::timestamp at time zone 'Europe/Oslo'
        group by path
        order by chains desc, path
        """;
}
