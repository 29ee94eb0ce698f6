using Dapper;
using Kilde.Platform.Databases;

namespace Kilde.Register.Contacts;

/// <summary>
/// The three volume figures of the basic message for each sub-unit (R2.06): health personnel, persons and contacts. A
/// contact whose person is not known counts as a contact and not as a person, and its number stands beside (R4.21).
/// </summary>
/// <remarks>
/// Counts what stands now. A published figure is counted on a vintage instead, where nothing moves.
/// </remarks>
public sealed class CountVolumes(RegisterDatabase database)
{
    /// <param name="Unit">Organisation number of the sub-unit.</param>
    /// <param name="HealthPersonnel">Different HPR numbers.</param>
    /// <param name="Persons">Different known persons.</param>
    /// <param name="ContactsWithoutPerson">How many of the contacts have no known person.</param>
    public sealed record Volume(
        string Unit, long HealthPersonnel, long Persons, long Contacts, long ContactsWithoutPerson);

    /// <summary>Figures for contacts that begin within the days, both included, as days are in Norway.</summary>
    public async Task<IReadOnlyList<Volume>> CountAsync(DateOnly from, DateOnly to, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var volumes = await connection.QueryAsync<Volume>(new CommandDefinition(
            Count, new { from, after = to.AddDays(1) }, cancellationToken: cancellation));
        return volumes.AsList();
    }

    private const string Count =
        """
        with contact as (
          select underenhet_org_nr as unit, person_key, hpr_nr
          from register.basis_kontakt
          where start_tid >= @from::timestamp at time zone 'Europe/Oslo'
            and start_tid < @after::timestamp at time zone 'Europe/Oslo'
        ), personnel as (
          select unit, count(distinct hpr) as health_personnel
          from contact cross join unnest(hpr_nr) as hpr
          group by unit
        ), activity as (
          select unit, count(distinct person_key) filter (where person_key >= 0) as persons, count(*) as contacts,
            count(*) filter (where person_key < 0) as contacts_without_person
          from contact
          group by unit
        )
        select unit, coalesce(health_personnel, 0) as health_personnel, persons, contacts, contacts_without_person
        from activity left join personnel using (unit)
        order by unit
        """;
}
