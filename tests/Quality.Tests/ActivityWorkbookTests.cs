using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Tests;

public class ActivityWorkbookTests
{
    private static readonly ReportTexts Texts = ReportTexts.In("nb");

    [Fact]
    public void The_validator_finds_nothing_wrong()
    {
        foreach (var register in (RegisterCounts?[])[Cases.Register, null])
        {
            using var book = Open(register);
            new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(book, TestContext.Current.CancellationToken)
                .Select(fault => $"{fault.Part?.Uri} {fault.Path?.XPath}: {fault.Description}").ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_front_sheet_says_what_it_is_and_leads_to_the_others()
    {
        using var book = Open(Cases.Register);

        var names = book.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().Select(sheet => sheet.Name!.Value).ToList();

        names.ShouldBe(
            ["Om rapporten", "Per måned", "Per enhet", "Per omsorgsnivå", "Mot i fjor", "Mot registeret"]);
        var words = Rows(book, "Om rapporten").SelectMany(row => row).ToList();
        words.ShouldContain("Aktivitet i innsendte data");
        words.ShouldContain("Somatikk");
        words.ShouldContain("01.01.2026–30.04.2026");
        names[1..].ShouldAllBe(name => words.Contains(name!));
    }

    [Fact]
    public void The_months_add_up_to_the_file_the_register_and_last_year()
    {
        using var book = Open(Cases.Register);
        var cells = Cases.Activity.Activity;

        var rows = Rows(book, "Per måned").Skip(3).ToList();

        rows.Count.ShouldBe(5);
        for (var month = 1; month <= 4; month++)
        {
            var file = cells.Where(cell => cell.Month == month).Sum(cell => cell.Episodes);
            var deviation = month == 3 ? -6 : 0;
            var before = Cases.Register.LastYear.Where(cell => cell.Month == month).Sum(cell => cell.Episodes);
            rows[month - 1][1..6].ShouldBe(
                [$"{file}", $"{file + deviation}", $"{deviation}", $"{before}", $"{file - before}"]);
        }

        rows[4][0].ShouldBe("Sum");
        rows[4][1].ShouldBe($"{cells.Sum(cell => cell.Episodes)}");
        rows[4][3].ShouldBe("-6");
    }

    [Fact]
    public void Every_sheet_has_the_same_sum()
    {
        using var book = Open(Cases.Register);
        var total = $"{Cases.Activity.Activity.Sum(cell => cell.Episodes)}";

        foreach (var (sheet, column) in ((string, int)[])[
            ("Per måned", 1), ("Per enhet", 3), ("Per omsorgsnivå", 2), ("Mot i fjor", 4)])
        {
            Rows(book, sheet)[^1][column].ShouldBe(total, sheet);
        }
    }

    [Fact]
    public void Only_what_deviates_from_the_register_is_listed()
    {
        using var book = Open(Cases.Register);

        var rows = Rows(book, "Mot registeret").Skip(3).ToList();

        rows.Count.ShouldBe(7);
        rows[..6].ShouldAllBe(row => row[3] == "Mars" && row[7] == "-1");
        rows[6][7].ShouldBe("-6");
    }

    [Fact]
    public void Without_the_registers_counts_the_columns_are_empty_and_the_front_says_so()
    {
        using var book = Open(register: null);

        Rows(book, "Per måned").Skip(3).ShouldAllBe(row => row[2] == "" && row[4] == "");
        Rows(book, "Om rapporten").SelectMany(row => row)
            .ShouldContain("Registerets tall var ikke klare da rapporten ble laget.");
    }

    [Theory]
    [InlineData(100, 50, "wb.big")]
    [InlineData(50, 100, "wb.big")]
    [InlineData(99, 50, null)]
    [InlineData(9, 3, null)]
    [InlineData(0, 12, "wb.gone")]
    [InlineData(12, 0, "wb.new")]
    [InlineData(0, 0, null)]
    [InlineData(12, null, null)]
    public void A_doubling_a_halving_and_a_stop_are_remarked_on(int now, int? before, string? remark) =>
        new ActivityFigures(now, now, before).Remark.ShouldBe(remark);

    [Fact]
    public void A_formula_in_a_unit_name_stays_text()
    {
        var cells = Cases.Activity.Activity;
        var subject = Cases.Activity with { Activity = [cells[0] with { Place = "=HYPERLINK(\"http://x\")" }] };

        using var book = Open(Cases.Register, subject);

        var sheet = Part(book, "Per enhet");
        sheet.Worksheet.Descendants<Cell>().Single(cell => cell.InnerText.StartsWith('=')).DataType!.Value
            .ShouldBe(CellValues.InlineString);
    }

    private static SpreadsheetDocument Open(RegisterCounts? register, FeedbackCase? subject = null) =>
        SpreadsheetDocument.Open(
            new MemoryStream(ActivityWorkbook.Write(subject ?? Cases.Activity, Sector.Somatic, register, Texts)),
            isEditable: false);

    private static WorksheetPart Part(SpreadsheetDocument book, string sheet) =>
        (WorksheetPart)book.WorkbookPart!.GetPartById(
            book.WorkbookPart.Workbook.Sheets!.Elements<Sheet>().Single(each => each.Name == sheet).Id!);

    private static List<List<string>> Rows(SpreadsheetDocument book, string sheet) =>
        [.. Part(book, sheet).Worksheet.Descendants<Row>().Select(row =>
            row.Elements<Cell>().Select(cell => cell.InlineString?.InnerText ?? cell.CellValue?.Text ?? "").ToList())];
}
