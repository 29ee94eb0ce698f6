using Kilde.Definitions.Checks;
using Kilde.Register.Reading;

namespace Kilde.Quality.Checks;

/// <summary>The statements of a run. Conditions are from here; queries come from <see cref="CheckSql"/>.</summary>
internal static class CheckStatements
{
    public const string OfTouchedPersons = "person_key in (select person_key from touched_person)";

    /// <summary>
    /// The records of touched persons. An array goes into each table of a view and finds them by index there, where a
    /// join would read them all.
    /// </summary>
    public const string RowsOfTouchedPersons = "person_key = any(array(select person_key from touched_person))";

    /// <summary>The years whose results may be others now: the touched, and those that are held against them.</summary>
    public static string OfTouchedUnits(int yearsBack) =>
        $"""
        (unit, data_year) in (
          select unit, data_year + ahead from touched_unit, generate_series(0, {yearsBack}) as ahead)
        """;

    /// <summary>The years that those results are made of.</summary>
    public static string RowsOfTouchedUnits(int yearsBack) =>
        $"""
        (sender, data_year) in (
          select unit, data_year + around from touched_unit, generate_series({-yearsBack}, {yearsBack}) as around)
        """;

    /// <summary>The results of the touched years, and of those that are held against them.</summary>
    public static string OfTouchedYears(int yearsBack) =>
        $"data_year in (select data_year + ahead from touched_unit, generate_series(0, {yearsBack}) as ahead)";

    /// <summary>The years that those results are made of.</summary>
    public static string RowsOfTouchedYears(int yearsBack) =>
        $"""
        data_year in (
          select data_year + around from touched_unit, generate_series({-yearsBack}, {yearsBack}) as around)
        """;

    /// <summary>Remembers the touched years for checks of whole years, which are too much for every change.</summary>
    public const string KeepDueYears =
        """
        insert into quality.due_year (data_year) select distinct data_year from touched_unit on conflict do nothing
        """;

    /// <summary>
    /// Remembers the touched units' years for checks of them: a day's changes touch every unit, and each one's year is
    /// read whole.
    /// </summary>
    public const string KeepDueUnits =
        """
        insert into quality.due_unit as due (unit, data_year, touched_at, record_tables)
        select unit, data_year, @now, @tables from touched_unit
        on conflict (unit, data_year) do update
        set record_tables = array(select distinct unnest(due.record_tables || excluded.record_tables))
        where not due.record_tables @> excluded.record_tables
        """;

    /// <summary>
    /// Some of the units' years that were touched before <c>@before</c>, as <c>touched_unit</c>; gives the tables that
    /// were touched. A unit's years come together.
    /// </summary>
    public const string TakeDueUnits =
        """
        create temporary table touched_unit (unit text not null, data_year integer not null) on commit drop;
        with due as (
          delete from quality.due_unit
          where (unit, data_year) in (
            select unit, data_year from quality.due_unit where touched_at <= @before
            order by unit, data_year limit @unitsMax)
          returning unit, data_year, record_tables
        ), taken as (
          insert into touched_unit select unit, data_year from due
        )
        select distinct record_table from due, unnest(record_tables) as record_table
        """;

    /// <summary>The years that have been touched since the last time, as <c>touched_unit</c>.</summary>
    public const string TakeDueYears =
        """
        create temporary table touched_unit (unit text not null, data_year integer not null) on commit drop;
        with due as (delete from quality.due_year returning data_year)
        insert into touched_unit select '', data_year from due;
        select count(*) from touched_unit
        """;

    /// <summary>From touched records to the persons and the units' years they belong to, and belonged to.</summary>
    /// <param name="tables">
    /// The record tables that were touched: said in so many words, they keep the planner from all the others of a view.
    /// </param>
    public static string KeepTouched(IEnumerable<RecordView> views, IReadOnlySet<string> tables)
    {
        var told = WhatIsTold(views).Where(view => view.List is null).ToList();
        var units = OfRecords(told, tables).Concat(told.SelectMany(view => OfLookUps(view, tables)))
            .DefaultIfEmpty("select null::text as sender, null::integer as data_year where false");
        return $"""
            create temporary table touched_person (person_key bigint not null) on commit drop;
            insert into touched_person select distinct person_key from touched;
            analyze touched_person;
            create temporary table touched_unit (unit text not null, data_year integer not null) on commit drop;
            -- Materialized, or the year of every row of the tables would be made to ask whether it has one.
            with touching as materialized ({string.Join("\nunion\n", units)})
            insert into touched_unit select sender, data_year from touching where data_year is not null;
            analyze touched_unit;
            """;
    }

    /// <summary>
    /// The persons whose records counted, or did not, until a whole year of another source came: they were not touched
    /// themselves.
    /// </summary>
    /// <returns>Null when no such year was touched.</returns>
    public static string? KeepOutcounted(IEnumerable<RecordView> views, IReadOnlySet<string> tables)
    {
        var others =
            from view in WhatIsTold(views)
            from line in view.Counting
            let years = OfRecords([view], line.Tables.Where(tables.Contains).ToHashSet(StringComparer.Ordinal)).ToList()
            where line.WholeYearsOf.Count > 0 && years.Count > 0
            select $"""
                select v.person_key
                from {RecordViewSql.Of(view)} as v
                where v.record_table not in ({Quoted(line.Tables)}) and (v.sender, v.data_year) in (
                {string.Join("\nunion all\n", years)})
                """;
        return string.Join("\nunion\n", others) is { Length: > 0 } outcounted
            ? $"""
                insert into touched_person ({outcounted}) except select person_key from touched_person;
                analyze touched_person
                """
            : null;
    }

    // What counts is some of what is told, and a unit's year is touched by either.
    private static IEnumerable<RecordView> WhatIsTold(IEnumerable<RecordView> views) =>
        views.Select(view => view.CountedOf ?? view).Distinct();

    private static IEnumerable<string> OfRecords(IEnumerable<RecordView> views, IReadOnlySet<string> tables) =>
        RecordViewSql.UnitYearsOf(
            [.. views.SelectMany(view => view.Sources).Where(source => tables.Contains(source.Table))], "touched");

    // A record that another looks up has no row of its own. What ends a service takes years from it, so those after the
    // ones it has are looked at too.
    private static IEnumerable<string> OfLookUps(RecordView view, IReadOnlySet<string> tables) =>
        view.Sources.Where(source => source.With.Any(tables.Contains)).Select(source =>
            $"""
            select v.sender, years as data_year
            from {RecordViewSql.Of(view)} as v
            join touched t on t.person_key = v.person_key and v.record_table = '{source.Table}'
              and t.record_table in ({Quoted(source.With)}),
              generate_series(v.data_year, v.data_year + {YearsLostMax}) as years
            where v.{RowsOfTouchedPersons}
            """);

    private static string Quoted(IEnumerable<string> tables) =>
        string.Join(", ", tables.Select(table => $"'{table}'"));

    /// <summary>Years that a record may have lost by another that came after it.</summary>
    private const int YearsLostMax = 20;

    /// <summary>Brings the measurements of a check up to date; gives how many there are of those looked at.</summary>
    public static string Keep(string measured, string among) =>
        $"""
        with measured as materialized (
        {measured}
        ), gone as (
          delete from quality.measurement
          where check_id = @check and ({among})
            and subject not in (select subject from measured)
        ), kept as (
          insert into quality.measurement as m (
            check_id, subject, person_key, unit, data_year, record_key, local_id, measured, basis, detail)
          select @check, subject, person_key, unit, data_year, record_key, local_id, measured, basis, detail
          from measured
          on conflict (check_id, subject) do update
          set person_key = excluded.person_key, unit = excluded.unit, data_year = excluded.data_year,
            record_key = excluded.record_key, local_id = excluded.local_id, measured = excluded.measured,
            basis = excluded.basis, detail = excluded.detail
          where (m.person_key, m.unit, m.data_year, m.record_key, m.local_id, m.measured, m.basis, m.detail)
            is distinct from (excluded.person_key, excluded.unit, excluded.data_year, excluded.record_key,
              excluded.local_id, excluded.measured, excluded.basis, excluded.detail)
        )
        select count(*) from measured
        """;

    /// <summary>
    /// Brings the findings of a check up to date with what was measured: opens, closes, and tells of values that have
    /// changed; what was accepted or explained at another value is open again.
    /// </summary>
    /// <remarks>
    /// Nothing is joined: how much is found nobody can guess before, and a plan made for a handful takes the square of
    /// the time for thousands.
    /// </remarks>
    public static string Judge(string found, string among) =>
        $"""
        with found as materialized (
          select * from quality.measurement where check_id = @check and ({among}) and ({found})
        ), closed as (
          update quality.finding
          set state = @closing::text, closed_at = @now, changed_at = @now
          where check_id = @check and closed_at is null and ({among}) and subject not in (select subject from found)
          returning finding_id
        ), written as (
          insert into quality.finding as o (
            finding_id, check_id, subject, person_key, unit, data_year, record_key, local_id, measured, basis, detail,
            state, is_shadow, opened_at, changed_at)
          select gen_random_uuid(), @check, subject, person_key, unit, data_year, record_key, local_id, measured, basis,
            detail, 'open', @isShadow, @now, @now
          from found
          on conflict (check_id, subject) where closed_at is null do update
          set person_key = excluded.person_key, unit = excluded.unit, data_year = excluded.data_year,
            measured = excluded.measured, basis = excluded.basis, detail = excluded.detail, changed_at = @now,
            is_shadow = @isShadow, state = case when o.state in ('accepted', 'explained') then 'open' else o.state end
          where (o.person_key, o.unit, o.data_year, o.measured, o.basis, o.detail, o.is_shadow)
            is distinct from (excluded.person_key, excluded.unit, excluded.data_year, excluded.measured,
              excluded.basis, excluded.detail, @isShadow)
          -- A row that was there carries the transaction that held it while it was changed.
          returning finding_id, xmax = 0 as is_opened
        ), told as (
          insert into quality.finding_event (finding_id, kind, occurred_at)
          select finding_id, case when is_opened then 'opened' else 'changed' end, @now from written
          union all select finding_id, @closing::text, @now from closed
        )
        select (select count(*) from written where is_opened), (select count(*) from closed)
        """;
}
