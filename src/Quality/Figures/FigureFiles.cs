using System.Globalization;
using Kilde.Definitions.Figures;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Figures;

/// <summary>
/// A report as files to take away, in the reader's language: the same cells as on the page, and no others (R8.11).
/// </summary>
public static class FigureFiles
{
    public const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const int TextWidth = 46;
    private const int NumberWidth = 14;
    private const int SheetNameCharactersMax = 31;

    private static readonly string[] Header =
        ["figure", "name", "group", "code", "category", "who", "year", "persons", "of", "mean", "imputed"];

    /// <summary>One line for each cell.</summary>
    public static byte[] Csv(FigureReport report, ReportTexts texts)
    {
        var file = new CsvFile(Header.Select(column => texts[$"fig.csv.{column}"]));
        foreach (var table in report.Tables)
        {
            foreach (var line in LinesOf(table))
            {
                foreach (var (who, year, measured) in CellsOf(report, table, line, texts))
                {
                    file.Add(
                        table.Figure.Id, texts.Of(table.Figure.Titles),
                        line.Category.Group is { } group ? texts.Of(group) : "", line.Category.Code,
                        texts.Of(line.Category.Text), who, $"{year}", $"{measured.Persons}",
                        table.Figure.Kind == FigureKind.Shares ? $"{measured.Basis}" : "", Decimal(measured, table),
                        ImputedIn(table, year));
                }
            }
        }

        return file.ToBytes();
    }

    /// <summary>A sheet for each figure that tells something of the unit.</summary>
    public static byte[] Workbook(FigureReport report, ReportTexts texts)
    {
        var title = $"{texts["fig.title"]} {report.Year}, {SafeText.Of(report.PartName ?? report.UnitName)}";
        var told = report.Tables.Where(table => table.IsTold).ToList();
        var tables = told.Count > 0 ? told : report.Tables;
        return WorkbookFile.Write([.. tables.Select(table => SheetOf(report, table, texts))], title);
    }

    private static SheetPlan SheetOf(FigureReport report, FigureTable table, ReportTexts texts)
    {
        var isShare = table.Figure.Kind == FigureKind.Shares;
        List<SheetColumn> columns = [new(texts["fig.category"], TextWidth)];
        foreach (var year in (int[])[report.Year, report.Year - 1])
        {
            columns.Add(new SheetColumn($"{texts[isShare ? "fig.mapped" : "fig.persons"]} {year}", NumberWidth));
            if (isShare) columns.Add(new SheetColumn($"{texts["fig.of"]} {year}", NumberWidth));
            if (table.Figure.AmountTitle is { } amount)
                columns.Add(new SheetColumn($"{texts.Of(amount)} {year}", NumberWidth));
        }

        columns.AddRange(table.ComparedWith.Select(name => new SheetColumn(texts.Of(name), NumberWidth)));
        var title = texts.Of(table.Figure.Titles);
        return new SheetPlan(
            title.Length > SheetNameCharactersMax ? title[..SheetNameCharactersMax] : title, title,
            AboutOf(report, table, texts), columns,
            [.. LinesOf(table).Select(line => (IReadOnlyList<SheetCell>)[.. Row(line, table, isShare, texts)])],
            Total: null);
    }

    private static string AboutOf(FigureReport report, FigureTable table, ReportTexts texts) =>
        texts.Of(table.Figure.About)
        + string.Concat(table.Imputed.Select(each => each.Year).Distinct().Select(year =>
            $" {string.Format(texts["fig.imputed"], year, year - 1, ImputedIn(table, year))}"))
        + string.Concat(report.Caveats.Select(caveat =>
            $" {texts["fig.caveat"]} {caveat.DataYear}: {SafeText.Of(caveat.Reason)}"));

    private static string ImputedIn(FigureTable table, int year) =>
        string.Join(", ", table.Imputed.Where(each => each.Year == year).Select(each => each.Unit));

    private static IEnumerable<SheetCell> Row(
        FigureLine line, FigureTable table, bool isShare, ReportTexts texts)
    {
        var category = texts.Of(line.Category.Text);
        yield return SheetCell.Text(
            line.Category.Group is { } group ? $"{texts.Of(group)}: {category}" : category);
        foreach (var measured in (Measured?[])[line.Now, line.Before])
        {
            yield return SheetCell.Number(measured?.Persons);
            if (isShare) yield return SheetCell.Number(measured?.Basis);
            if (table.Figure.AmountTitle is not null)
                yield return SheetCell.Number(measured?.Mean is { } mean ? decimal.Round(mean, 1) : null);
        }

        foreach (var compared in line.Compared)
        {
            yield return isShare
                ? SheetCell.Share(compared is { Basis: > 0 } of ? (decimal)of.Persons / of.Basis : null)
                : SheetCell.Number(compared?.Persons);
        }
    }

    private static IEnumerable<FigureLine> LinesOf(FigureTable table)
    {
        if (table.Total is { } total) yield return total;
        foreach (var line in table.Lines) yield return line;
        if (table.Merged?.Sum is { } rest) yield return rest;
    }

    private static IEnumerable<(string Who, int Year, Measured Measured)> CellsOf(
        FigureReport report, FigureTable table, FigureLine line, ReportTexts texts)
    {
        var own = SafeText.Of(report.PartName ?? report.UnitName);
        if (line.Now is { } now) yield return (own, report.Year, now);
        if (line.Before is { } before) yield return (own, report.Year - 1, before);
        for (var i = 0; i < line.Compared.Count; i++)
        {
            if (line.Compared[i] is { } compared) yield return (texts.Of(table.ComparedWith[i]), report.Year, compared);
        }
    }

    private static string Decimal(Measured measured, FigureTable table) =>
        table.Figure.AmountTitle is not null && measured.Mean is { } mean
            ? mean.ToString("0.0", CultureInfo.InvariantCulture).Replace('.', ',')
            : "";
}
