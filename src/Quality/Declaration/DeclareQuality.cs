using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Calendar;
using Kilde.Quality.Caveats;
using Kilde.Register.Contacts;

namespace Kilde.Quality.Declaration;

/// <summary>
/// Makes the declaration of quality of a register, an area and a year, from what the register holds, who had to report
/// and what the checks have found (R7.04). It holds numbers and names of units, and nothing of persons.
/// </summary>
public sealed class DeclareQuality(
    RegisterDatabase database, DefinitionCatalogue catalogue, CountFilled count, IReportingObligations obligations,
    FindCaveats caveats, TimeProvider clock)
{
    /// <summary>The areas there are definitions for, by register and name.</summary>
    public IReadOnlyList<DeclaredArea> Areas { get; } =
    [
        .. catalogue.MessageTypes
            .GroupBy(type => (type.Register, type.ServiceArea))
            .Select(area => new DeclaredArea(
                area.Key.Register, area.Key.ServiceArea, [.. area.Select(type => type.Titles)])
            {
                Types = [.. area.Select(type => type.Name).Distinct(StringComparer.Ordinal)],
            })
            .OrderBy(area => area.Register).ThenBy(area => area.Area, StringComparer.Ordinal),
    ];

    /// <returns>Null when no definition is of the area.</returns>
    public Task<QualityDeclaration?> DeclareAsync(
        RegisterCode register, string area, DataYear year, CancellationToken cancellation) =>
        DeclareAsync(register, area, year, units: null, cancellation);

    /// <param name="units">
    /// Only records and findings of these reporting units, as they name themselves; null for all. Who has to report is
    /// told of all.
    /// </param>
    /// <returns>Null when no definition is of the area.</returns>
    public async Task<QualityDeclaration?> DeclareAsync(
        RegisterCode register, string area, DataYear year, IReadOnlyCollection<string>? units,
        CancellationToken cancellation)
    {
        var types = catalogue.MessageTypes
            .Where(type => type.Register == register && type.ServiceArea == area && !type.HasIdentities).ToList();
        if (types.Count == 0) return null;

        var filled = new List<(MessageType Type, FilledTable Table)>();
        foreach (var (type, record) in NewestOf(types))
            filled.Add((type, await count.CountAsync(type, record, year, units, cancellation)));
        var (expected, missing, names) = await HoldAsync(types, filled, year, cancellation);
        var tables = filled.Select(one => one.Table.Type.Table).ToHashSet(StringComparer.Ordinal);
        return new QualityDeclaration(
            register, area, year, clock.GetUtcNow(), expected, expected - missing.Count, missing,
            [.. filled.Where(one => one.Table.Records > 0).Select(one => DeclaredOf(one.Type, one.Table))],
            await FindAsync(register, tables, year, units, cancellation))
        {
            Caveats = [.. (await caveats.ReadAsync(year.Year, units, cancellation))
                .Where(caveat => units is not null || names.Contains(caveat.Unit))],
        };
    }

    // A table that several types and versions fill is declared once for each type that fills it by itself.
    internal static IEnumerable<(MessageType Type, RecordType Record)> NewestOf(IEnumerable<MessageType> types) =>
        types.SelectMany(type => type.RecordTypes.Select(record => (type, record)))
            .GroupBy(pair => pair.record.Table)
            .OrderBy(table => table.Key, StringComparer.Ordinal)
            .Select(table => table.Last());

    // What those that report in the area are called in messages, and those that are to and have sent nothing.
    private async Task<(int Expected, IReadOnlyList<string> Missing, IReadOnlySet<string> Names)> HoldAsync(
        List<MessageType> types, List<(MessageType Type, FilledTable Table)> filled, DataYear year,
        CancellationToken cancellation)
    {
        var names = types.Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        var senders = filled.SelectMany(one => one.Table.Senders).ToHashSet(StringComparer.Ordinal);
        var units = (await obligations.ReadAsync(cancellation))
            .Where(each => names.Contains(each.MessageType)
                && each.FromOn <= year.LastDay && !(each.ToOn < year.FirstDay))
            .GroupBy(each => each.Unit)
            .Select(unit => unit.First())
            .ToList();
        var missing = units
            .Where(unit => !senders.Contains(unit.Unit.ToString()) && !unit.Institutions.Any(senders.Contains))
            .Select(unit => unit.Name)
            .Order(StringComparer.Ordinal);
        var called = units.SelectMany(unit => unit.Institutions.Append($"{unit.Unit}")).Concat(senders);
        return (units.Count, [.. missing], called.ToHashSet(StringComparer.Ordinal));
    }

    internal static DeclaredRecords DeclaredOf(MessageType type, FilledTable table) => new(
        table.Type.Titles, type.Name, table.Records, table.Senders.Count, table.Months,
        [
            .. table.Columns
                .Where(column => !column.Column.IsOfUnit)
                .Select(column => new DeclaredItem(
                    column.Column.Name, column.Column.Titles, column.Column.Field.IsRequired, table.Records,
                    column.Filled, column.Unknown)),
        ]);

    private async Task<IReadOnlyList<DeclaredFinding>> FindAsync(
        RegisterCode register, HashSet<string> tables, DataYear year, IReadOnlyCollection<string>? units,
        CancellationToken cancellation)
    {
        var checks = catalogue.Checks
            .Where(check => check.Register == register && check.Status == CheckStatus.Active
                && check.Reads.SelectMany(view => view.Tables).Any(tables.Contains))
            .ToDictionary(check => check.Id, StringComparer.Ordinal);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var counts = await connection.QueryAsync<(string CheckId, long Standing, int Units)>(new CommandDefinition(
            """
            select check_id, count(*), count(distinct unit)::integer
            from quality.finding
            where check_id = any(@checks) and data_year = @year and closed_at is null and not is_shadow
              and (@units::text[] is null or unit = any(@units))
            group by check_id
            order by check_id
            """,
            new { checks = checks.Keys.ToArray(), year = year.Year, units = units?.ToArray() },
            cancellationToken: cancellation));
        return
        [
            .. counts.Select(each => new DeclaredFinding(
                each.CheckId, checks[each.CheckId].Titles, checks[each.CheckId].Affects, each.Standing,
                each.Units)),
        ];
    }
}
