using DocumentFormat.OpenXml.Spreadsheet;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Tests.Kit;

namespace Kilde.Quality.Tests;

public class ActivityWorkbookTests
{
    [Fact]
    public void The_validator_finds_nothing_wrong()
    {
        foreach (var register in (RegisterCounts?[])[Cases.Register, null])
        {
            using var book = Open(register);
            book.Faults.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_front_sheet_says_what_it_is_and_leads_to_the_others()
    {
        using var book = Open(Cases.Register);

        var names = book.Sheets.ToList();

        names.ShouldBe(
            ["Om rapporten", "Per måned", "Per enhet", "Per omsorgsnivå", "Mot i fjor", "Mot registeret"]);
        var words = book.AllRows("Om rapporten").SelectMany(row => row).ToList();
        words.ShouldContain("Aktivitet i innsendte data");
        words.ShouldContain("Somatikk");
        words.ShouldContain("01.01.2026–30.04.2026");
        names[1..].ShouldAllBe(name => words.Contains(name));
    }

    [Fact]
    public void The_months_add_up_to_the_file_the_register_and_last_year()
    {
        using var book = Open(Cases.Register);
        var cells = Cases.Activity.Activity;

        var rows = book.Rows("Per måned");

        rows.Count.ShouldBe(5);
        for (var month = 1; month <= 4; month++)
        {
            var file = cells.Where(cell => cell.Keys[0] == $"{month:00}").Sum(cell => cell.Amounts[0]);
            var deviation = month == 3 ? -6 : 0;
            var before = Cases.Register.LastYear.Where(cell => cell.Keys[0] == $"{month:00}")
                .Sum(cell => cell.Amounts[0]);
            rows[month - 1][1..6].ShouldBe(
                [$"{file}", $"{file + deviation}", $"{deviation}", $"{before}", $"{file - before}"]);
        }

        rows[4][0].ShouldBe("Sum");
        rows[4][1].ShouldBe($"{cells.Sum(cell => cell.Amounts[0])}");
        rows[4][3].ShouldBe("-6");
    }

    [Fact]
    public void A_month_of_the_period_with_nothing_is_told_with_none_once_it_is_over()
    {
        var subject = Cases.Activity with
        {
            Activity = [.. Cases.Activity.Activity.Where(cell => cell.Keys[0] is "01" or "03")],
            Message = Cases.Activity.Message with { ExtractedOn = new DateOnly(2026, 4, 30) },
        };

        using var book = Open(register: null, subject);

        book.Rows("Per måned").Select(row => row[0]).ShouldBe(["Januar", "Februar", "Mars", "Sum"]);
        book.Rows("Per måned")[1][1].ShouldBe("0");
        book.Rows("Per omsorgsnivå").ShouldAllBe(row => row[1] != "Februar");
    }

    [Fact]
    public void Every_sheet_has_the_same_sum()
    {
        using var book = Open(Cases.Register);
        var total = $"{Cases.Activity.Activity.Sum(cell => cell.Amounts[0])}";

        foreach (var (sheet, column) in ((string, int)[])[
            ("Per måned", 1), ("Per enhet", 3), ("Per omsorgsnivå", 2), ("Mot i fjor", 4)])
        {
            book.AllRows(sheet)[^1][column].ShouldBe(total, sheet);
        }
    }

    [Fact]
    public void Only_what_deviates_from_the_register_is_listed()
    {
        using var book = Open(Cases.Register);

        var rows = book.Rows("Mot registeret");

        rows.Count.ShouldBe(7);
        rows[..6].ShouldAllBe(row => row[3] == "Mars" && row[7] == "-1");
        rows[6][7].ShouldBe("-6");
    }

    [Fact]
    public void Without_the_registers_counts_the_columns_are_empty_and_the_front_says_so()
    {
        using var book = Open(register: null);

        book.Rows("Per måned").ShouldAllBe(row => row[2] == "" && row[4] == "");
        book.AllRows("Om rapporten").SelectMany(row => row)
            .ShouldContain("Registerets tall var ikke klare da rapporten ble laget.");
    }

    [Fact]
    public void Where_the_register_has_nothing_of_last_year_nothing_is_called_new()
    {
        using var book = Open(Cases.Register with { LastYear = [] });

        book.Rows("Per måned").ShouldAllBe(row => row[4] == "" && row[5] == "" && row[7] == "");
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
        var subject = Cases.Activity with
        {
            Activity = [cells[0] with { Keys = ["01", "=HYPERLINK(\"http://x\")", "A", "B", "1"] }],
        };

        using var book = Open(Cases.Register, subject);

        var sheet = book.Part("Per enhet");
        sheet.Worksheet.Descendants<Cell>().Single(cell => cell.InnerText.StartsWith('=')).DataType!.Value
            .ShouldBe(CellValues.InlineString);
    }

    private static OpenedWorkbook Open(RegisterCounts? register, FeedbackCase? subject = null) =>
        new(subject ?? Cases.Activity, TestForms.Of("NPR_ORD"), Sector.Somatic, register);
}
