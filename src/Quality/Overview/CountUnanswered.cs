using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Overview;

/// <summary>What nobody has explained yet of one check at one unit.</summary>
/// <param name="Unit">The reporting unit; as it names itself, where no submission tells whose the name is.</param>
/// <param name="OldestAt">When the oldest of them was found.</param>
public sealed record UnitFindings(string Unit, string? Name, Check Check, int Findings, DateTimeOffset OldestAt);

/// <summary>Findings that count and are not answered, by unit and check: all of them in one query.</summary>
public sealed class CountUnanswered(RegisterDatabase database, DefinitionCatalogue catalogue)
{
    private readonly Dictionary<string, Check> _checks =
        catalogue.Checks.ToDictionary(check => check.Id, StringComparer.Ordinal);

    /// <param name="year">Null for all years.</param>
    public async Task<IReadOnlyList<UnitFindings>> ReadAsync(DataYear? year, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            with counted as materialized (
              select unit as named, check_id, count(*)::integer as findings, min(opened_at) as oldest_at
              from quality.finding
              where closed_at is null and not is_shadow and state in ('open', 'seen')
                and (@year::integer is null or data_year = @year)
              group by unit, check_id
            ), owner as (
              select n.named, coalesce(s.unit, n.named) as unit, s.unit_name
              from (select distinct named from counted) n
              left join lateral (
                select s.unit, s.unit_name from quality.submission s
                where s.institution = n.named and s.outcome = 'in_register' order by s.received_at desc limit 1) s
                on true
            )
            select o.unit, max(o.unit_name) as name, c.check_id, sum(c.findings)::integer as findings,
              min(c.oldest_at) as oldest_at
            from counted c join owner o using (named)
            group by o.unit, c.check_id
            """,
            new { year = year?.Year },
            cancellationToken: cancellation));
        return
        [
            .. rows.Where(row => _checks.ContainsKey(row.CheckId))
                .Select(row => new UnitFindings(
                    row.Unit, row.Name, _checks[row.CheckId], row.Findings, row.OldestAt)),
        ];
    }

    private sealed record Row(string Unit, string? Name, string CheckId, int Findings, DateTimeOffset OldestAt);
}
