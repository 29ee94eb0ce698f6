using Kilde.Quality.Activity;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>The register's own counts beside those of a file.</summary>
/// <param name="Now">After the file was taken in, for the same period.</param>
/// <param name="LastYear">The same period a year before.</param>
public sealed record RegisterCounts(IReadOnlyList<ActivityCell> Now, IReadOnlyList<ActivityCell> LastYear);

/// <summary>What one row of the workbook counts: in the file, in the register, last year.</summary>
/// <param name="Register">Null when the register's counts were not ready.</param>
/// <param name="LastYear">The same.</param>
public sealed record ActivityFigures(decimal File, decimal? Register, decimal? LastYear)
{
    // A doubling or a halving is asked about (R7.14), except where a few episodes make it.
    private const decimal BigFactor = 2;
    private const decimal BigDifferenceMin = 10;

    /// <summary>The register against the file: negative when records were left out.</summary>
    public decimal? Deviation => Register - File;

    /// <summary>The file against last year.</summary>
    public decimal? Change => File - LastYear;

    /// <summary>The change as a share of last year; null when last year had none.</summary>
    public decimal? ChangeShare => LastYear is > 0 ? (File - LastYear.Value) / LastYear.Value : null;

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

/// <summary>Adds up cells of one sector by any of their keys, side by side for file, register and last year.</summary>
/// <param name="months">Those that are told where months stand alone, though none of the three has any.</param>
internal sealed class ActivityCube(
    IReadOnlyList<ActivityCell> file, RegisterCounts? register, Sector sector, IReadOnlyList<string> months)
{
    // Codes of digits by their number, as a code list has them.
    private const int DigitsMax = 12;

    public bool HasRegister => register is not null;

    // A register that has nothing of the year before has nothing to compare with.
    private bool HasLastYear => register is { LastYear.Count: > 0 };

    /// <summary>The figures of each combination of keys that any of the three has, in the order of the keys.</summary>
    public IReadOnlyList<(string[] Keys, ActivityFigures Figures)> By(ActivitySheet sheet)
    {
        var inFile = Sum(file, sheet);
        var now = register is null ? null : Sum(register.Now, sheet);
        var before = HasLastYear ? Sum(register!.LastYear, sheet) : null;
        var told = sheet.Keys is [var only] && sheet.Count.Keys[only].Source == KeySource.Month ? months : [];
        return
        [
            .. told.Union(inFile.Keys).Union(now?.Keys.AsEnumerable() ?? []).Union(before?.Keys.AsEnumerable() ?? [])
                .OrderBy(Sorted, StringComparer.Ordinal)
                .Select(each => (each.Split(Separator), new ActivityFigures(
                    inFile.GetValueOrDefault(each), Of(now, each), Of(before, each)))),
        ];
    }

    /// <summary>Of an amount that can be added up.</summary>
    public ActivityFigures TotalOf(ActivityCount count, int amount) => new(
        Total(file, count, amount), register is null ? null : Total(register.Now, count, amount),
        HasLastYear ? Total(register!.LastYear, count, amount) : null);

    // Sorts before anything that a sender may write, so that keys sort one after the other.
    private const char Separator = '\u0001';

    private static string Sorted(string keys) => string.Join(
        Separator,
        keys.Split(Separator).Select(key => key.All(char.IsAsciiDigit) ? key.PadLeft(DigitsMax, '0') : key));

    private static decimal? Of(Dictionary<string, decimal>? sums, string key) =>
        sums is null ? null : sums.GetValueOrDefault(key);

    private Dictionary<string, decimal> Sum(IReadOnlyList<ActivityCell> cells, ActivitySheet sheet) =>
        cells.Where(cell => cell.Sector == sector && cell.Count == sheet.Count.Id)
            .GroupBy(cell => string.Join(
                Separator, sheet.Keys.Select(key => cell.Keys[key].Replace(Separator, ' '))))
            .ToDictionary(group => group.Key, group => group.Sum(cell => cell.Amounts[sheet.AmountIndex]));

    private decimal Total(IReadOnlyList<ActivityCell> cells, ActivityCount count, int amount) =>
        cells.Where(cell => cell.Sector == sector && cell.Count == count.Id).Sum(cell => cell.Amounts[amount]);
}
