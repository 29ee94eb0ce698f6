using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Quality.Overview;

namespace Kilde.Quality.Figures;

/// <summary>What the standing findings of a check do to a unit's own figures.</summary>
/// <param name="Year">The data year they do most to.</param>
/// <param name="Persons">Different persons with a finding of the check that year.</param>
/// <param name="Recipients">All recipients that year; null where they are not counted.</param>
/// <param name="IsOfAll">The finding is of the year as a whole, and so of everybody.</param>
public sealed record FindingEffect(string CheckId, int Year, long Persons, long? Recipients, bool IsOfAll)
{
    /// <summary>How much of the figures it touches, 0–1.</summary>
    public decimal Share => IsOfAll ? 1
        : Recipients is > 0 and var all ? Math.Min(1, (decimal)Persons / all) : 0;
}

/// <summary>Holds a unit's findings against its own figures, so that what does most is mended first.</summary>
public sealed class WeighFindings(RegisterDatabase database)
{
    /// <summary>The effect of each check that has findings nobody has answered.</summary>
    public async Task<IReadOnlyDictionary<string, FindingEffect>> ReadAsync(
        OrganizationNumber unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<FindingEffect>(new CommandDefinition(
            $"""
            with found as (
              select f.check_id, f.data_year, count(distinct f.person_key) as persons,
                bool_or(f.person_key is null) as is_of_all
              from quality.finding f
              where f.closed_at is null and f.state in ('open', 'seen') and {FindFindings.MayBeSeen}
              group by f.check_id, f.data_year
            ), all_of as (
              select data_year, sum(persons)::bigint as recipients
              from quality.figure_count
              where figure_id = 'recipients' and part = '' and category = '' and unit = {UnitNames.AnyOfUnit}
              group by data_year
            )
            select found.check_id, found.data_year as year, found.persons, all_of.recipients, found.is_of_all
            from found left join all_of on all_of.data_year = found.data_year
            """,
            new { unit = unit.ToString() },
            cancellationToken: cancellation));
        return rows.GroupBy(row => row.CheckId, StringComparer.Ordinal).ToDictionary(
            check => check.Key,
            check => check.OrderByDescending(row => row.Share).ThenByDescending(row => row.Year).First(),
            StringComparer.Ordinal);
    }
}
