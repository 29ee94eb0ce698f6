using Kilde.Kernel;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>
/// The activity feedback (R3.08): a workbook by month, unit and level of care, against last year and against the
/// register's own count, with a front sheet that says what it is. A pure function of the case and the counts.
/// </summary>
public static class ActivityWorkbook
{
    /// <param name="register">The register's own counts; null when they are not ready.</param>
    public static byte[] Write(FeedbackCase subject, Sector sector, RegisterCounts? register, ReportTexts texts)
    {
        var cube = new ActivityCube(subject.Activity, register, sector);
        SheetPlan[] sheets =
        [
            ByMonth(cube, texts), ByUnit(cube, texts), ByLevel(cube, texts), AgainstLastYear(cube, texts),
            AgainstRegister(cube, texts),
        ];
        return WorkbookFile.Write([Front(subject, sector, cube, sheets, texts), .. sheets], texts["wb.title"]);
    }

    private static SheetPlan Front(
        FeedbackCase subject, Sector sector, ActivityCube cube, SheetPlan[] sheets, ReportTexts texts)
    {
        var message = subject.Message;
        List<IReadOnlyList<SheetCell>> rows =
        [
            [SheetCell.Label(texts["fact.unit"]), SheetCell.Sent($"{subject.UnitName} ({subject.Institution})")],
            [SheetCell.Label(texts["wb.sector"]), SheetCell.Text(texts[$"wb.sector.{(int)sector}"])],
            [SheetCell.Label(texts["fact.message"]),
                SheetCell.Text($"{message.Type} {texts["fact.version"]} {message.Version}")],
        ];
        if (message is { From: { } from, To: { } to })
        {
            rows.Add([SheetCell.Label(texts["fact.period"]),
                SheetCell.Text($"{Norwegian.Date(from)}–{Norwegian.Date(to)}")]);
        }

        rows.Add([SheetCell.Label(texts["fact.received"]), SheetCell.Text(Norwegian.Time(subject.ReceivedAt))]);
        rows.Add([SheetCell.Label(texts["fact.submission"]), SheetCell.Text(subject.SubmissionId.ToString())]);
        rows.Add([]);
        rows.Add([SheetCell.Heading(texts["wb.total"])]);
        rows.Add([SheetCell.Label(texts["wb.column.file"]), SheetCell.Number(cube.Total.File)]);
        rows.Add([SheetCell.Label(texts["wb.column.register"]), SheetCell.Number(cube.Total.Register)]);
        rows.Add([SheetCell.Label(texts["wb.column.lastyear"]), SheetCell.Number(cube.Total.LastYear)]);
        rows.Add([]);
        rows.Add([SheetCell.Wrapped(texts["wb.how.file"])]);
        rows.Add([SheetCell.Wrapped(texts["wb.how.register"])]);
        rows.Add([SheetCell.Wrapped(texts["wb.how.lastyear"])]);
        if (!cube.HasRegister) rows.Add([SheetCell.Wrapped(texts["wb.how.unknown"])]);
        rows.Add([]);
        rows.Add([SheetCell.Heading(texts["wb.sheets"])]);
        rows.AddRange(sheets.Select(sheet =>
            (IReadOnlyList<SheetCell>)[SheetCell.Link(sheet.Name), SheetCell.Text(sheet.About)]));
        return new SheetPlan(texts["wb.front"], texts["wb.title"], texts["wb.what"], [], rows, Total: null)
        {
            Widths = [26, 74],
        };
    }

    private static SheetPlan ByMonth(ActivityCube cube, ReportTexts texts) => Sheet(
        "month", texts, [("month", 16)], Compared(texts), [.. cube.By(cell => cell.Month).Select(row =>
            Row([texts[$"month.{row.Key}"]], row.Figures, texts))], cube) with { HasChart = true };

    private static SheetPlan ByUnit(ActivityCube cube, ReportTexts texts) => Sheet(
        "unit", texts, [("place", 30), ("department", 30), ("section", 30)], Compared(texts),
        [.. cube.By(cell => (cell.Place, cell.Department, cell.Section)).Select(row =>
            Row([row.Key.Place, row.Key.Department, row.Key.Section], row.Figures, texts))], cube);

    private static SheetPlan ByLevel(ActivityCube cube, ReportTexts texts) => Sheet(
        "level", texts, [("level", 22), ("month", 16)], Compared(texts),
        [.. cube.By(cell => (Level: (int)cell.Level, cell.Month)).Select(row =>
            Row([texts[$"wb.level.{row.Key.Level}"], texts[$"month.{row.Key.Month}"]], row.Figures, texts))], cube);

    private static SheetPlan AgainstLastYear(ActivityCube cube, ReportTexts texts) => Sheet(
        "lastyear", texts, [("place", 30), ("department", 30), ("section", 30), ("month", 14)],
        [Column("file", texts), Column("lastyear", texts), Column("change", texts), Column("percent", texts),
            new SheetColumn(texts["wb.column.remark"], 30)],
        [.. cube.By(cell => (cell.Place, cell.Department, cell.Section, cell.Month)).Select(row =>
            (IReadOnlyList<SheetCell>)[
                SheetCell.Sent(row.Key.Place), SheetCell.Sent(row.Key.Department), SheetCell.Sent(row.Key.Section),
                SheetCell.Text(texts[$"month.{row.Key.Month}"]), .. Change(row.Figures, texts)])],
        cube);

    private static SheetPlan AgainstRegister(ActivityCube cube, ReportTexts texts)
    {
        IReadOnlyList<SheetCell>[] deviating =
        [
            .. cube.By(cell => (cell.Place, cell.Department, cell.Section, cell.Month, Level: (int)cell.Level))
                .Where(row => row.Figures.Deviation is not (null or 0))
                .Select(row => (IReadOnlyList<SheetCell>)[
                    SheetCell.Sent(row.Key.Place), SheetCell.Sent(row.Key.Department),
                    SheetCell.Sent(row.Key.Section), SheetCell.Text(texts[$"month.{row.Key.Month}"]),
                    SheetCell.Text(texts[$"wb.level.{row.Key.Level}"]), SheetCell.Number(row.Figures.File),
                    SheetCell.Number(row.Figures.Register), SheetCell.Difference(row.Figures.Deviation)]),
        ];
        var about = (deviating.Length, cube.HasRegister) switch
        {
            (_, false) => texts["wb.how.unknown"],
            (0, _) => texts["wb.noDeviation"],
            _ => texts["wb.register.about"],
        };
        return Sheet(
            "register", texts,
            [("place", 30), ("department", 30), ("section", 30), ("month", 14), ("level", 18)],
            [Column("file", texts), Column("register", texts), Column("deviation", texts)], deviating, cube) with
        { About = about };
    }

    private static SheetPlan Sheet(
        string key, ReportTexts texts, (string Key, int Width)[] keys, SheetColumn[] figures,
        IReadOnlyList<SheetCell>[] rows, ActivityCube cube)
    {
        SheetColumn[] columns =
            [.. keys.Select(part => new SheetColumn(texts["wb.column." + part.Key], part.Width)), .. figures];
        var total = rows.Length == 0 || (!cube.HasRegister && key == "register") ? null : texts["wb.total"];
        var about = texts[$"wb.{key}.about"];
        return new SheetPlan(texts["wb." + key], about, about, columns, rows, total);
    }

    private static SheetColumn[] Compared(ReportTexts texts) =>
        [Column("file", texts), Column("register", texts), Column("deviation", texts), Column("lastyear", texts),
            Column("change", texts), Column("percent", texts), new SheetColumn(texts["wb.column.remark"], 30)];

    private static SheetColumn Column(string key, ReportTexts texts) => key == "percent"
        ? new SheetColumn(texts["wb.column.percent"], 14)
        : new SheetColumn(texts["wb.column." + key], 13) { IsSummed = true };

    private static IReadOnlyList<SheetCell> Row(string[] keys, ActivityFigures figures, ReportTexts texts)
    {
        var change = Change(figures, texts);
        return
        [
            .. keys.Select(SheetCell.Sent), change[0], SheetCell.Number(figures.Register),
            SheetCell.Difference(figures.Deviation), .. change[1..],
        ];
    }

    private static SheetCell[] Change(ActivityFigures figures, ReportTexts texts) =>
    [
        SheetCell.Number(figures.File), SheetCell.Number(figures.LastYear), SheetCell.Signed(figures.Change),
        SheetCell.Share(figures.ChangeShare),
        figures.Remark is { } remark ? SheetCell.Mark(texts[remark]) : SheetCell.Blank,
    ];
}
