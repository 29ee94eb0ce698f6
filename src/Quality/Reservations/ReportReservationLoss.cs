using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Protection;
using Kilde.Register.Reading;

namespace Kilde.Quality.Reservations;

/// <summary>By what those who have reserved are held against the population.</summary>
public enum LossBy
{
    AgeAndSex = 1,

    /// <summary>County of residence, in the numbering of today.</summary>
    Region,
}

/// <param name="Group">Age group and sex, or county.</param>
/// <param name="Persons">Residents.</param>
/// <param name="Reserved">Those of them who have reserved.</param>
/// <param name="Share">Reserved of residents, 0–1; null where it may not be told.</param>
public sealed record LossGroup(
    LossBy By, LocalizedText Group, ToldNumber Persons, ToldNumber Reserved, decimal? Share);

/// <summary>What a register loses by reservation.</summary>
/// <param name="Persons">Residents.</param>
/// <param name="Reserved">Those of them who have reserved.</param>
/// <param name="Deviations">
/// How far those who remain are from the population, by each way of grouping: the share of them that would have to be
/// in another group, 0–1 (index of dissimilarity); null where too few have reserved to tell.
/// </param>
public sealed record ReservationLoss(
    DateOnly Day, long Persons, ToldNumber Reserved, IReadOnlyDictionary<LossBy, decimal?> Deviations,
    IReadOnlyList<LossGroup> Groups);

/// <summary>
/// Who is missing from a register because they have reserved: held against the population by age, sex and region, for
/// even a small loss distorts when those who reserve are not like the others (R7.46).
/// </summary>
public sealed class ReportReservationLoss(RegisterDatabase database, DefinitionCatalogue catalogue)
{
    private readonly RecordView _population = catalogue.Views.First(view => view.Name == "population");
    private readonly RecordView _reservations = catalogue.Views.First(view => view.Name == "reservation");

    /// <param name="day">Residents and reservations are those of this day, as they are known now.</param>
    public async Task<ReservationLoss> RunAsync(RegisterCode register, DateOnly day, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var counted = await connection.QueryAsync<CountedGroup>(new CommandDefinition(
            Count(RecordViewSql.Of(_population), RecordViewSql.Of(_reservations)),
            new { day, scope = register.ToString().ToUpperInvariant() }, commandTimeout: 0,
            cancellationToken: cancellation));
        return Of(day, [.. counted]);
    }

    /// <summary>Pure: what may be told of the counts.</summary>
    internal static ReservationLoss Of(DateOnly day, IReadOnlyList<CountedGroup> counted)
    {
        var ways = counted.GroupBy(group => group.By).OrderBy(by => by.Key).Select(by => by.ToList()).ToList();
        var columns = ways.ConvertAll(groups => HideSmallCells.Of([.. groups.Select(group => group.Reserved)]));
        var reserved = counted.Where(group => group.By == LossBy.Region).Sum(group => group.Reserved);
        var told = columns.Select(column => column.Told(reserved)).FirstOrDefault(
            each => each.Number is null, new ToldNumber(reserved, IsFew: false));
        return new ReservationLoss(
            day, counted.Where(group => group.By == LossBy.Region).Sum(group => group.Persons), told,
            ways.ToDictionary(
                groups => groups[0].By, groups => told.Number is null ? (decimal?)null : DeviationOf(groups)),
            [.. ways.Zip(columns, Show).SelectMany(groups => groups)]);
    }

    private static IEnumerable<LossGroup> Show(List<CountedGroup> groups, ToldColumn reserved)
    {
        var persons = HideSmallCells.Of([.. groups.Select(group => group.Persons)]);
        return groups.Select((group, at) => new LossGroup(
            group.By, LossWords.Of(group), persons.Cells[at], reserved.Cells[at],
            persons.Cells[at].Number is { } of && reserved.Cells[at].Number is { } within
                && SmallCells.MayTellShare(within, of)
                ? Math.Round((decimal)within / of, 4)
                : null));
    }

    // Half the sum of how much each group's share differs.
    private static decimal DeviationOf(IReadOnlyList<CountedGroup> groups)
    {
        var all = groups.Sum(group => group.Persons);
        var remaining = all - groups.Sum(group => group.Reserved);
        return all == 0 || remaining == 0
            ? 0
            : Math.Round(groups.Sum(group => Math.Abs(
                ((decimal)group.Persons / all) - ((decimal)(group.Persons - group.Reserved) / remaining))) / 2, 5);
    }

    // What was always so is the newest that is known; where one lives is that of the day. A person of whom nothing but
    // a reservation is known is no resident.
    private static string Count(string population, string reservations) =>
        $"""
        with person as (
          select person_key,
            (array_agg(birth_date order by registered_at desc) filter (where birth_date is not null))[1] as born_on,
            (array_agg(sex order by registered_at desc) filter (where sex is not null))[1] as sex,
            (array_agg(municipality order by valid_from desc, registered_at desc)
              filter (where municipality is not null))[1] as municipality,
            max(died_on) as died_on, max(emigrated_on) as emigrated_on, max(immigrated_on) as immigrated_on
          from {population}
          where person_key >= 0 and valid_from <= @day
          group by person_key
        ), resident as (
          select width_bucket(extract(year from age(@day, born_on)), array[18, 30, 50, 67, 80]) as age, sex,
            municipality, person_key in (
              select person_key from {reservations}
              where scope = @scope and valid_from <= @day and coalesce(withdrawn_on, 'infinity') > @day) as is_reserved
          from person
          where coalesce(died_on, 'infinity') > @day
            and (emigrated_on is null or emigrated_on > @day or immigrated_on >= emigrated_on)
        ), counted as (
          select coalesce(age, {LossWords.AgeUnknown}) || coalesce(sex, '') as age_and_sex,
            coalesce(left((register.municipalities_today(municipality))[1], 2), '') as county, persons, reserved
          from (
            select age, case when sex in ('1', '2') then sex end as sex, municipality, count(*) as persons,
              count(*) filter (where is_reserved) as reserved
            from resident
            group by 1, 2, 3
          ) as alike
        )
        select case when grouping(age_and_sex) = 0 then 1 else 2 end as "by", coalesce(age_and_sex, county) as code,
          sum(persons)::bigint as persons, sum(reserved)::bigint as reserved
        from counted
        group by grouping sets ((age_and_sex), (county))
        order by 1, 2
        """;
}

/// <summary>Residents of a group, and those of them who have reserved.</summary>
/// <param name="Code">See <see cref="LossWords"/>.</param>
internal sealed record CountedGroup(LossBy By, string Code, long Persons, long Reserved);
