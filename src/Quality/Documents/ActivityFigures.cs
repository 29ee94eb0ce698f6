using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>The register's own counts beside those of a file.</summary>
/// <param name="Now">After the file was taken in, for the same period.</param>
/// <param name="LastYear">The same period a year before.</param>
public sealed record RegisterCounts(IReadOnlyList<ActivityCell> Now, IReadOnlyList<ActivityCell> LastYear);

/// <summary>What one row of the workbook counts: in the file, in the register, last year. Episodes.</summary>
/// <param name="Register">Null when the register's counts were not ready.</param>
/// <param name="LastYear">The same.</param>
public sealed record ActivityFigures(int File, int? Register, int? LastYear)
{
    // A doubling or a halving is asked about (R7.14), except where a few episodes make it.
    private const double BigFactor = 2.0;
    private const int BigDifferenceMin = 10;

    /// <summary>The register against the file: negative when records were left out.</summary>
    public int? Deviation => Register - File;

    /// <summary>The file against last year.</summary>
    public int? Change => File - LastYear;

    /// <summary>The change as a share of last year; null when last year had none.</summary>
    public double? ChangeShare => LastYear is > 0 ? (double)(File - LastYear.Value) / LastYear.Value : null;

    /// <summary>Key of the remark on the change, or null when there is nothing to remark.</summary>
    internal string? Remark => (File, LastYear) switch
    {
        (_, null) => null,
        (0, > 0) => "wb.gone",
        ( > 0, 0) => "wb.new",
        var (now, before) when Math.Abs(now - before.Value) >= BigDifferenceMin
            && (now >= before * BigFactor || now * BigFactor <= before) => "wb.big",
        _ => null,
    };
}

/// <summary>Adds up cells by any key, side by side for file, register and last year.</summary>
internal sealed class ActivityCube(
    IReadOnlyList<ActivityCell> file, RegisterCounts? register, Sector sector)
{
    public bool HasRegister => register is not null;

    /// <summary>The figures of each key that any of the three has, in the order of the keys.</summary>
    public IReadOnlyList<(TKey Key, ActivityFigures Figures)> By<TKey>(Func<ActivityCell, TKey> key)
        where TKey : IComparable<TKey>
    {
        var inFile = Sum(file, key);
        var now = register is null ? null : Sum(register.Now, key);
        var before = register is null ? null : Sum(register.LastYear, key);
        return
        [
            .. inFile.Keys.Union(now?.Keys.AsEnumerable() ?? []).Union(before?.Keys.AsEnumerable() ?? []).Order()
                .Select(each => (each, new ActivityFigures(
                    inFile.GetValueOrDefault(each), now?.GetValueOrDefault(each), before?.GetValueOrDefault(each)))),
        ];
    }

    public ActivityFigures Total { get; } = new(
        Count(file, sector), register is null ? null : Count(register.Now, sector),
        register is null ? null : Count(register.LastYear, sector));

    private Dictionary<TKey, int> Sum<TKey>(IReadOnlyList<ActivityCell> cells, Func<ActivityCell, TKey> key)
        where TKey : notnull =>
        cells.Where(cell => cell.Sector == sector).GroupBy(key)
            .ToDictionary(group => group.Key, group => group.Sum(cell => cell.Episodes));

    private static int Count(IReadOnlyList<ActivityCell> cells, Sector sector) =>
        cells.Where(cell => cell.Sector == sector).Sum(cell => cell.Episodes);
}
