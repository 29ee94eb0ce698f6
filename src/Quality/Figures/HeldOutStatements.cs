using Kilde.Definitions.Checks;
using Kilde.Register.Reading;

namespace Kilde.Quality.Figures;

/// <summary>Who is held out of figures: those of whom a finding that holds out stands, and is not accepted.</summary>
internal static class HeldOutStatements
{
    private const string Holding =
        """
        holding as materialized (
          select distinct person_key, data_year from quality.finding
          where check_id = any(@checks) and closed_at is null and state <> 'accepted' and not is_shadow
            and person_key is not null
        )
        """;

    /// <summary>Whether <c>quality.held_out</c> is anything but up to date. Reads, and locks nothing.</summary>
    public const string IsChanged =
        $"""
        with {Holding}, held as (select person_key, data_year from quality.held_out)
        select exists (table holding except table held) or exists (table held except table holding)
        """;

    /// <summary>Brings <c>quality.held_out</c> up to date; what has changed is in <c>held_out_changed</c>.</summary>
    public const string KeepChanged =
        $"""
        create temporary table held_out_changed (person_key bigint not null, data_year integer not null) on commit drop;
        with {Holding}, let_in as (
          delete from quality.held_out
          where (person_key, data_year) not in (select person_key, data_year from holding)
          returning person_key, data_year
        ), held as (
          insert into quality.held_out (person_key, data_year) select person_key, data_year from holding
          on conflict do nothing
          returning person_key, data_year
        )
        insert into held_out_changed
        select person_key, data_year from let_in union all select person_key, data_year from held
        """;

    /// <summary>The units' years that have records of those persons, as <c>touched_unit</c>.</summary>
    public static string KeepUnits(IEnumerable<RecordView> views)
    {
        var units = views.Select(view =>
            $"""
            select v.sender, v.data_year from {RecordViewSql.Of(view)} as v
            join held_out_changed c on c.person_key = v.person_key and c.data_year = v.data_year
            """);
        return $"""
            create temporary table touched_unit (unit text not null, data_year integer not null) on commit drop;
            insert into touched_unit {string.Join("\nunion\n", units)};
            analyze touched_unit
            """;
    }
}
