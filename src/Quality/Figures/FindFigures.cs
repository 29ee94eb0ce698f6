using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Figures;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Caveats;
using Kilde.Quality.Overview;
using Npgsql;

namespace Kilde.Quality.Figures;

/// <summary>Whose figures are asked for, and by whom.</summary>
/// <param name="Unit">The reporting unit.</param>
/// <param name="Part">Organisation number or urban district; null for the whole unit.</param>
/// <param name="IsOwner">
/// True for someone who speaks for the whole unit: sees small cells of it. Everybody else sees none.
/// </param>
public sealed record FigureScope(OrganizationNumber Unit, string? Part, bool IsOwner);

/// <summary>
/// What a unit gets back of its own, with what it may be compared with: size group, county and country for a
/// municipality, the whole unit for a part of it (R3.16, R8.06, R8.12).
/// </summary>
public sealed class FindFigures(RegisterDatabase database, DefinitionCatalogue catalogue, FindCaveats caveats)
{
    /// <summary>Codes of counties and size groups are those of this year.</summary>
    private const int CodeYear = 2024;

    /// <summary>The newest years; services tell of those they began in too, before the register was.</summary>
    private const int YearsMax = 5;

    private static readonly LocalizedText Country = new("Hele landet", "Heile landet", "The whole country");
    private static readonly LocalizedText WholeUnit = new("Hele enheten", "Heile eininga", "The whole unit");
    private static readonly LocalizedText Nameless = new("");

    /// <summary>Null when there are no figures of the unit, or of the part, for any year.</summary>
    /// <param name="year">
    /// Null, or a year without figures, gives the newest that a file has come of, else the newest.
    /// </param>
    public async Task<FigureReport?> ReadAsync(FigureScope scope, int? year, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var about = await connection.QuerySingleAsync<AboutRow>(new CommandDefinition(
            $"""
            select array({UnitNames.OfUnit})::text[] as names,
              (select unit_name from quality.submission where unit = @unit order by received_at desc limit 1) as name,
              (select max(received_at) from quality.submission
                where unit = @unit and outcome = 'in_register') as last_at,
              (select max(extract(year from period_to))::integer from quality.submission
                where unit = @unit and outcome = 'in_register') as file_year,
              array(select distinct data_year from {ImputedCounts.Relation} as counted
                where unit = {UnitNames.AnyOfUnit} and part = @part
                order by data_year desc limit {YearsMax})::integer[] as years
            """,
            new { unit = scope.Unit.ToString(), part = scope.Part ?? Figure.Whole },
            cancellationToken: cancellation));
        if (about.Years.Length == 0) return null;
        var chosen = about.Choose(year);

        var rows = await OwnAsync(connection, about.Names, chosen, scope.Part ?? Figure.Whole, cancellation);
        var whole = scope.Part is null
            ? []
            : await OwnAsync(connection, about.Names, chosen, Figure.Whole, cancellation);
        var municipality = rows.Select(row => row.Municipality).FirstOrDefault(code => code is not null);
        var groups = scope is { Part: null, IsOwner: true } && MunicipalityCode.TryParse(municipality, out var code)
            ? await GroupsAsync(connection, code, chosen, cancellation)
            : [];
        return new FigureReport(
            about.Name ?? scope.Unit.ToString(), PartName(scope.Part), chosen, about.Years, scope.IsOwner, about.LastAt,
            [
                .. from figure in catalogue.Figures
                   let shown = ShowFigure.Of(
                       figure,
                       Column(figure, rows, chosen, municipality),
                       Column(figure, rows, chosen - 1, municipality),
                       scope.IsOwner,
                       WholeOf(figure),
                       [.. groups.Select(each => each.Of(figure))])
                   select shown with { Imputed = ImputedIn(shown, chosen, [.. rows, .. whole], groups) },
            ])
        {
            Caveats = [.. (await caveats.ReadAsync(year: null, about.Names, cancellation))
                .Where(caveat => caveat.DataYear == chosen || caveat.DataYear == chosen - 1)],
        };

        (FigureColumn Now, FigureColumn Before)? WholeOf(Figure figure)
        {
            if (scope.Part is null) return null;
            var now = Column(figure, whole, chosen, Country.Nb) with { Name = WholeUnit };
            return (now, Column(figure, whole, chosen - 1, Country.Nb));
        }
    }

    // Of those it is compared with, only what is shown.
    private static List<ImputedYear> ImputedIn(
        FigureTable shown, int year, IReadOnlyList<CountRow> own, IReadOnlyList<Group> groups)
    {
        var ofOwn = own.Where(row => row.IsImputed && row.FigureId == shown.Figure.Id)
            .Select(row => (row.Municipality, row.DataYear));
        var ofGroups = groups.Where(group => shown.ComparedWith.Contains(group.Name))
            .SelectMany(group => group.Rows).Where(row => row.FigureId == shown.Figure.Id)
            .SelectMany(row => row.Imputed).Select(municipality => ((string?)municipality, year));
        return
        [
            .. ofOwn.Concat(ofGroups).Distinct()
                .Select(each => new ImputedYear(
                    MunicipalityCode.TryParse(each.Item1, out var code) ? code.Name : each.Item1 ?? "–", each.Item2))
                .OrderByDescending(each => each.Year).ThenBy(each => each.Unit, StringComparer.Ordinal),
        ];
    }

    private static string? PartName(string? part) =>
        UrbanDistrictCode.TryParse(part, out var district) ? district.Name ?? part : part;

    private static FigureColumn Column(Figure figure, IReadOnlyList<CountRow> rows, int year, string? member) => new(
        Nameless, new HashSet<string>(member is null ? [] : [member], StringComparer.Ordinal),
        rows.Where(row => row.FigureId == figure.Id && row.DataYear == year)
            .GroupBy(row => row.Category, StringComparer.Ordinal)
            .ToDictionary(
                category => category.Key,
                category => category.Aggregate(default(Measured), (sum, row) => sum + row.Measured),
                StringComparer.Ordinal));

    private static async Task<List<CountRow>> OwnAsync(
        NpgsqlConnection connection, string[] names, int year, string part, CancellationToken cancellation) =>
        (await connection.QueryAsync<CountRow>(new CommandDefinition(
            $"""
            select figure_id, municipality, data_year, category, persons, basis, amount, is_imputed
            from {ImputedCounts.Relation} as counted
            where unit = any(@names) and data_year in (@year, @year - 1) and part = @part
            """,
            new { names, year, part },
            cancellationToken: cancellation))).AsList();

    // Who there are figures of is found by steps in the index, one for each municipality.
    private static async Task<IReadOnlyList<Group>> GroupsAsync(
        NpgsqlConnection connection, MunicipalityCode own, int year, CancellationToken cancellation)
    {
        var places = (await connection.QueryAsync<string>(new CommandDefinition(
            $"""
            with recursive place as (
              (select municipality from quality.figure_count
                where data_year = @year and part = '' and municipality is not null
                order by municipality limit 1)
              union all
              select (select c.municipality from quality.figure_count c
                where c.data_year = @year and c.part = '' and c.municipality > p.municipality
                order by c.municipality limit 1)
              from place p where p.municipality is not null
            )
            select municipality from place where municipality is not null
            union
            select counted.municipality from {ImputedCounts.Added} as counted
            where counted.data_year = @year and counted.part = '' and counted.municipality is not null
            """,
            new { year },
            cancellationToken: cancellation))).ToDictionary(
                text => text,
                text => MunicipalityCode.TryParse(text, out var code) ? code : MunicipalityCode.Unknown,
                StringComparer.Ordinal);
        var (county, size) = (CountyOf(own), MunicipalitySizeGroup.Of(own));
        (LocalizedText Name, HashSet<string> Members)[] groups =
        [
            (Country, [.. places.Keys]),
            (new(county?.Name ?? ""), county is null ? [] : Those(place => CountyOf(place) == county)),
            (
                size is null ? Nameless : NameOf(size),
                size is null ? [] : Those(place => MunicipalitySizeGroup.Of(place) == size)),
        ];
        var rows = await SumAsync(connection, [.. groups.Select(group => group.Members)], year, cancellation);
        return [.. groups.Select((group, no) => new Group(group.Name, group.Members, [.. rows[no]]))];

        HashSet<string> Those(Func<MunicipalityCode, bool> isIn) =>
            [.. places.Where(place => isIn(place.Value)).Select(place => place.Key)];
    }

    // Added up where the counts are: of all municipalities they are a hundred thousand, and a few hundred sums.
    private static async Task<ILookup<int, GroupRow>> SumAsync(
        NpgsqlConnection connection, HashSet<string>[] groups, int year, CancellationToken cancellation)
    {
        var members = groups.SelectMany((group, no) => group.Select(municipality => (municipality, no))).ToList();
        var rows = await connection.QueryAsync<GroupRow>(new CommandDefinition(
            $"""
            select m.group_no, c.figure_id, c.category, sum(c.persons)::bigint as persons,
              sum(c.basis)::bigint as basis, sum(c.amount) as amount,
              array_remove(array_agg(distinct case when c.is_imputed then c.municipality end), null) as imputed
            from {ImputedCounts.Relation} as c
            join unnest(@municipalities, @groups) as m (municipality, group_no) on m.municipality = c.municipality
            where c.data_year = @year and c.part = ''
            group by m.group_no, c.figure_id, c.category
            """,
            new
            {
                municipalities = members.ConvertAll(member => member.municipality).ToArray(),
                groups = members.ConvertAll(member => member.no).ToArray(), year,
            },
            cancellationToken: cancellation));
        return rows.ToLookup(row => row.GroupNo);
    }

    private static LocalizedText NameOf(MunicipalitySizeGroup size)
    {
        var english = size.Name.Replace(" 000", ",000", StringComparison.Ordinal)
            .Replace(" 999", ",999", StringComparison.Ordinal)
            .Replace("og flere", "or more", StringComparison.Ordinal);
        return new(
            $"Kommuner med {size.Name} innbyggere",
            $"Kommunar med {size.Name.Replace("flere", "fleire", StringComparison.Ordinal)} innbyggjarar",
            $"Municipalities with {english} inhabitants");
    }

    private static CountyCode? CountyOf(MunicipalityCode municipality) =>
        municipality.IsSpecial ? null : municipality.MapTo(CodeYear) is [var today, ..] ? today.County : null;

    // Dapper fills arrays by property only.
    private sealed record AboutRow
    {
        public string[] Names { get; init; } = [];

        public string? Name { get; init; }

        public DateTimeOffset? LastAt { get; init; }

        public int? FileYear { get; init; }

        public int[] Years { get; init; } = [];

        public int Choose(int? year) => Array.Find(Years, each => each == year) is > 0 and var asked ? asked
            : Array.Find(Years, each => each == FileYear) is > 0 and var filed ? filed
            : Years[0];
    }

    private sealed record CountRow(
        string FigureId, string? Municipality, int DataYear, string Category, long Persons, long Basis, decimal Amount,
        bool IsImputed)
    {
        public Measured Measured => new(Persons, Basis, Amount);
    }

    // Dapper fills arrays by property only.
    private sealed record GroupRow
    {
        public int GroupNo { get; init; }

        public string FigureId { get; init; } = "";

        public string Category { get; init; } = "";

        public long Persons { get; init; }

        public long Basis { get; init; }

        public decimal Amount { get; init; }

        public string[] Imputed { get; init; } = [];
    }

    private sealed record Group(LocalizedText Name, IReadOnlySet<string> Members, IReadOnlyList<GroupRow> Rows)
    {
        public FigureColumn Of(Figure figure) => new(
            Name,
            Members,
            Rows.Where(row => row.FigureId == figure.Id).ToDictionary(
                row => row.Category, row => new Measured(row.Persons, row.Basis, row.Amount), StringComparer.Ordinal));
    }
}
