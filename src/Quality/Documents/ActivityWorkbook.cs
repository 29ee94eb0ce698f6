using System.Globalization;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>
/// The activity feedback (R3.08): a workbook of the sheets its form asks for, against last year and against the
/// register's own count, with a front sheet that says what it is. A pure function of form, case and counts.
/// </summary>
public static class ActivityWorkbook
{
    private const int FigureWidth = 13;
    private const int KeyWidth = 30;
    private const int MonthWidth = 16;

    /// <param name="sector">Null where the form has no sectors.</param>
    /// <param name="register">The register's own counts; null when they are not ready.</param>
    public static byte[] Write(
        FeedbackCase subject, ActivityForm form, Sector? sector, RegisterCounts? register, ReportTexts texts)
    {
        var cube = new ActivityCube(subject.Activity, register, sector ?? Sector.Somatic, MonthsPassed(subject));
        SheetPlan[] sheets = [.. form.Sheets.Select(sheet => PlanOf(sheet, cube, texts))];
        return WorkbookFile.Write(
            [Front(subject, form, sector, cube, sheets, texts), .. sheets], texts.Of(form.Title));
    }

    // The months of the file's period that were over when it was made, as keys of the counts are.
    private static string[] MonthsPassed(FeedbackCase subject)
    {
        if (subject.Message is not { From: { } from, To: { } to }) return [];
        var made = subject.Message.ExtractedOn ?? Norwegian.Day(subject.ReceivedAt);
        List<string> months = [];
        for (var next = from.AddDays(1 - from.Day); next <= to && next.AddMonths(1) <= made; next = next.AddMonths(1))
            months.Add(next.Month.ToString("00", CultureInfo.InvariantCulture));
        return [.. months.Distinct()];
    }

    private static SheetPlan Front(
        FeedbackCase subject, ActivityForm form, Sector? sector, ActivityCube cube, SheetPlan[] sheets,
        ReportTexts texts)
    {
        var message = subject.Message;
        List<IReadOnlyList<SheetCell>> rows =
            [[SheetCell.Label(texts["fact.unit"]), SheetCell.Sent($"{subject.UnitName} ({subject.Institution})")]];
        if (sector is { } known)
            rows.Add([SheetCell.Label(texts["wb.sector"]), SheetCell.Text(texts[$"wb.sector.{(int)known}"])]);
        rows.Add([SheetCell.Label(texts["fact.message"]),
            SheetCell.Text($"{message.Type} {texts["fact.version"]} {message.Version}")]);
        if (message is { From: { } from, To: { } to })
        {
            rows.Add([SheetCell.Label(texts["fact.period"]),
                SheetCell.Text($"{Norwegian.Date(from)}–{Norwegian.Date(to)}")]);
        }

        rows.Add([SheetCell.Label(texts["fact.received"]), SheetCell.Text(Norwegian.Time(subject.ReceivedAt))]);
        rows.Add([SheetCell.Label(texts["fact.submission"]), SheetCell.Text(subject.SubmissionId.ToString())]);
        AddTotals(rows, form, cube, texts);
        rows.Add([]);
        foreach (var how in (string[])["file", "register", "lastyear"])
            rows.Add([SheetCell.Wrapped(texts[$"wb.how.{how}"])]);
        if (!cube.HasRegister) rows.Add([SheetCell.Wrapped(texts["wb.how.unknown"])]);
        rows.Add([]);
        rows.Add([SheetCell.Heading(texts["wb.sheets"])]);
        rows.AddRange(sheets.Select(sheet =>
            (IReadOnlyList<SheetCell>)[SheetCell.Link(sheet.Name), SheetCell.Text(sheet.About)]));
        var what = string.Format(texts["wb.what"], texts.Of(form.Counted));
        return new SheetPlan(texts["wb.front"], texts.Of(form.Title), what, [], rows, Total: null)
        {
            Widths = [26, 74],
        };
    }

    // Persons have no sum: one may be in many rows.
    private static void AddTotals(
        List<IReadOnlyList<SheetCell>> rows, ActivityForm form, ActivityCube cube, ReportTexts texts)
    {
        foreach (var count in form.Counts)
        {
            for (var i = 0; i < count.Amounts.Count; i++)
            {
                if (count.Amounts[i].Kind == AmountKind.Persons) continue;
                var total = cube.TotalOf(count, i);
                rows.Add([]);
                rows.Add([SheetCell.Heading($"{texts["wb.total"]}, {Small(texts.Of(count.Amounts[i].Title))}")]);
                rows.Add([SheetCell.Label(texts["wb.column.file"]), SheetCell.Number(total.File)]);
                rows.Add([SheetCell.Label(texts["wb.column.register"]), SheetCell.Number(total.Register)]);
                rows.Add([SheetCell.Label(texts["wb.column.lastyear"]), SheetCell.Number(total.LastYear)]);
            }
        }
    }

    private static string Small(string words) =>
        words.Length > 1 && char.IsLower(words[1]) ? char.ToLowerInvariant(words[0]) + words[1..] : words;

    private static SheetPlan PlanOf(ActivitySheet sheet, ActivityCube cube, ReportTexts texts)
    {
        ActivityKey[] keys = [.. sheet.Keys.Select(key => sheet.Count.Keys[key])];
        IReadOnlyList<SheetCell>[] rows =
        [
            .. cube.By(sheet)
                .Where(row => sheet.Rows != SheetRows.Deviation || row.Figures.Deviation is not (null or 0))
                .Select(row => (IReadOnlyList<SheetCell>)[
                    .. row.Keys.Select((token, i) => CellOf(keys[i], token, texts)),
                    .. FiguresOf(sheet.Rows, row.Figures, texts),
                ]),
        ];
        SheetColumn[] columns =
        [
            .. keys.Select(key => new SheetColumn(
                texts.Of(key.Title), key.Source == KeySource.Month ? MonthWidth : KeyWidth)),
            .. ColumnsOf(sheet, texts),
        ];
        var isSummed = rows.Length > 0 && columns.Any(column => column.IsSummed)
            && (cube.HasRegister || sheet.Rows != SheetRows.Deviation);
        return new SheetPlan(
            sheet.Title is { } title ? texts.Of(title) : texts["wb." + sheet.Id], AboutOf(sheet, keys, texts),
            NoteOf(sheet, rows.Length, cube, keys, texts), columns, rows, isSummed ? texts["wb.total"] : null)
        {
            HasChart = sheet.HasChart,
        };
    }

    // «Episoder per behandlingssted, avdeling, fagenhet»
    private static string AboutOf(ActivitySheet sheet, ActivityKey[] keys, ReportTexts texts) => string.Format(
        texts["wb.about"], texts.Of(sheet.Amount.Title),
        string.Join(", ", keys.Select(key => Small(texts.Of(key.Title)))));

    private static string NoteOf(
        ActivitySheet sheet, int rows, ActivityCube cube, ActivityKey[] keys, ReportTexts texts) =>
        (sheet.Rows, rows, cube.HasRegister) switch
        {
            (SheetRows.Change, _, _) => texts["wb.lastyear.about"],
            (SheetRows.Deviation, _, false) => texts["wb.how.unknown"],
            (SheetRows.Deviation, 0, _) => texts["wb.noDeviation"],
            (SheetRows.Deviation, _, _) => texts["wb.register.about"],
            _ => AboutOf(sheet, keys, texts),
        };

    private static SheetCell CellOf(ActivityKey key, string token, ReportTexts texts)
    {
        if (key.Source == KeySource.Month)
            return SheetCell.Text(texts["month." + token.TrimStart('0')]);
        if (key.WordOf(token) is not { } word) return SheetCell.Sent(token);
        return key.Groups.Count > 0
            ? SheetCell.Text(texts.Of(word))
            : SheetCell.Sent($"{token} {texts.Of(word)}");
    }

    private static SheetColumn[] ColumnsOf(ActivitySheet sheet, ReportTexts texts)
    {
        var canBeSummed = sheet.Amount.Kind != AmountKind.Persons;
        SheetColumn Figure(string key) =>
            new(texts["wb.column." + key], FigureWidth) { IsSummed = canBeSummed };
        SheetColumn[] change =
        [
            Figure("lastyear"), Figure("change"), new SheetColumn(texts["wb.column.percent"], 14),
            new SheetColumn(texts["wb.column.remark"], KeyWidth),
        ];
        return sheet.Rows switch
        {
            SheetRows.Change => [Figure("file"), .. change],
            SheetRows.Deviation => [Figure("file"), Figure("register"), Figure("deviation")],
            _ => [Figure("file"), Figure("register"), Figure("deviation"), .. change],
        };
    }

    private static SheetCell[] FiguresOf(SheetRows rows, ActivityFigures figures, ReportTexts texts)
    {
        SheetCell[] change =
        [
            SheetCell.Number(figures.LastYear), SheetCell.Signed(figures.Change), SheetCell.Share(figures.ChangeShare),
            figures.Remark is { } remark ? SheetCell.Mark(texts[remark]) : SheetCell.Blank,
        ];
        SheetCell[] register = [SheetCell.Number(figures.Register), SheetCell.Difference(figures.Deviation)];
        return rows switch
        {
            SheetRows.Change => [SheetCell.Number(figures.File), .. change],
            SheetRows.Deviation => [SheetCell.Number(figures.File), .. register],
            _ => [SheetCell.Number(figures.File), .. register, .. change],
        };
    }
}
