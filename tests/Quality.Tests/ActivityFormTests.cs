using System.Globalization;
using System.Text;
using Kilde.Definitions.Publishing;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Tests.Kit;

namespace Kilde.Quality.Tests;

/// <summary>The forms of all modules, each on the example message of its definition.</summary>
public class ActivityFormTests
{
    public static TheoryData<string> Messages { get; } = [.. TestForms.All.All.Select(form => form.MessageType)];

    [Theory]
    [InlineData("2026-04-30", "2025-04-30")]
    [InlineData("2028-02-29", "2027-02-28")]
    [InlineData("2028-02-28", "2027-02-28")]
    [InlineData("2029-02-28", "2028-02-29")]
    [InlineData("2029-02-27", "2028-02-27")]
    public void Last_year_is_cut_at_the_same_day_and_at_the_same_end_of_a_month(string day, string before) =>
        RegisterActivity.YearBefore(DateOnly.Parse(day)).ShouldBe(DateOnly.Parse(before));

    [Fact]
    public void Every_module_with_activity_has_a_form() =>
        TestForms.All.All.Select(form => form.MessageType).ShouldBe(
            ["KPR_HST", "KPR_IPL", "KPR_IPLOS", "NPR_KPP", "NPR_ORD", "NPR_PAK", "NPR_PRE", "NPR_RAD", "NPR_STR"],
            ignoreOrder: true);

    // A message of single events holds some hours' changes: no activity to hold against a year.
    [Theory]
    [InlineData("53.1.3", true)]
    [InlineData("56.0.0", false)]
    public void A_form_is_for_the_versions_that_have_its_records(string version, bool isCounted) =>
        (ActivityTally.For(TestForms.Catalogue.Find("KPR_IPL", version)!, TestForms.All) is not null)
            .ShouldBe(isCounted);

    [Fact]
    public void The_codes_that_activity_is_counted_by_are_in_the_three_languages() =>
        TestForms.All.All.SelectMany(form => form.Sheets).SelectMany(sheet => sheet.Count.Keys)
            .Where(key => key.Groups.Count == 0).SelectMany(key => key.Codes?.Codes ?? [])
            .Where(code => code.Texts.Nn is null || code.Texts.En is null)
            .Select(code => code.Value.ToString()).Distinct().ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_sheets_of_a_workbook_hold_what_the_file_holds(string message)
    {
        var form = TestForms.Of(message);
        var tallied = Tally(form);
        tallied.Cells.ShouldNotBeEmpty();
        var subject = CaseOf(form, tallied);
        Sector? sector = form.SectorColumn is null ? null : tallied.Cells[0].Sector;

        using var book = new OpenedWorkbook(subject, form, sector, new RegisterCounts(tallied.Cells, []));

        book.Faults.ShouldBeEmpty();
        book.Sheets.Count.ShouldBe(form.Sheets.Count + 1);
        foreach (var (sheet, name) in form.Sheets.Zip(book.Sheets.Skip(1)))
        {
            var rows = book.Rows(name);
            if (sheet.Rows == SheetRows.Deviation)
            {
                rows.ShouldBeEmpty(name);
                continue;
            }

            var isSummed = sheet.Amount.Kind != AmountKind.Persons;
            var counted = tallied.Cells.Where(cell => cell.Count == sheet.Count.Id)
                .Sum(cell => cell.Amounts[sheet.AmountIndex]);
            rows[..^(isSummed ? 1 : 0)].Sum(row => Number(row[sheet.Keys.Count])).ShouldBe(counted, name);
            if (isSummed) Number(rows[^1][sheet.Keys.Count]).ShouldBe(counted, name);
        }
    }

    [Theory]
    [InlineData("nb")]
    [InlineData("nn")]
    [InlineData("en")]
    public void Every_sheet_has_a_name_of_its_own_that_a_spreadsheet_takes(string language)
    {
        var texts = ReportTexts.In(language);
        foreach (var form in TestForms.All.All)
        {
            string[] names =
            [
                .. form.Sheets.Select(sheet => sheet.Title is { } title ? texts.Of(title) : texts["wb." + sheet.Id]),
            ];
            names.ShouldBeUnique(form.MessageType);
            names.ShouldAllBe(name => name.Length <= 31 && !name.Any(letter => "[]:*?/\\'".Contains(letter)));
        }
    }

    [Theory]
    [InlineData("table: ord_annet", "has no table ord_annet")]
    [InlineData("sector: finnes_ikke", "has no column finnes_ikke")]
    [InlineData("message: NPR_FINNESIKKE", "there is no message NPR_FINNESIKKE")]
    [InlineData("sheets: [{ sheet: month, keys: [year] }]", "episodes is not counted by year")]
    [InlineData("sheets: [{ sheet: month, keys: [month], amount: cost }]", "there is no amount cost")]
    [InlineData("sheets: [{ sheet: month, keys: [month], rows: some }]", "rows are all, change or deviation")]
    [InlineData("keys: { month: { month: omsorgsniva, title: { nb: x } } }", "neither a day nor an instant")]
    [InlineData("keys: { month: { unit: '1', title: { nb: x } } }", "names no table of units")]
    [InlineData("keys: { month: { item: x, title: { nb: x } } }", "the count has no each")]
    [InlineData("counts: [{ each: ut_dato_tid, keys: [], amounts: {} }]", "ut_dato_tid does not hold several")]
    [InlineData("tabel: x", "tabel")]
    public void A_form_that_is_wrong_says_how(string line, string mistake)
    {
        var lines = new Dictionary<string, string>
        {
            ["message"] = "message: NPR_ORD", ["table"] = "table: ord_episode", ["title"] = "title: { nb: x }",
            ["counted"] = "counted: { nb: x }",
            ["keys"] = "keys: { month: { month: ut_dato_tid, title: { nb: x } } }",
            ["counts"] = "counts: [{ keys: [month], amounts: { episodes: { title: { nb: x } } } }]",
            ["sheets"] = "sheets: [{ sheet: month, keys: [month] }]",
        };
        lines[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line;

        Should.Throw<ActivityFormException>(() =>
            ActivityFormFiles.Read(string.Join('\n', lines.Values), "x.yaml", TestForms.Catalogue))
            .Message.ShouldContain(mistake);
    }

    [Theory]
    [InlineData("keys: [], amounts: { x: { sum: direktetid, title: { nb: x } } }", "there is no item Vedtak")]
    [InlineData("keys: [], amounts: { x: { sum: vedtak, title: { nb: x } } }", "vedtak is no number")]
    public void A_form_that_counts_items_wrongly_says_how(string count, string mistake)
    {
        var form = File.ReadAllText(Path.Combine(TestForms.Folder, "kpr-ipl.yaml"));
        var at = form.IndexOf("counts:", StringComparison.Ordinal);
        var wrong = $"counts: [{{ each: vedtak_beslutning_tjeneste/VedtakTjeneste, {count} }}]";

        Should.Throw<ActivityFormException>(() => ActivityFormFiles.Read(
            $"{form[..at]}{wrong}\nsheets: [{{ sheet: x, keys: [] }}]", "x.yaml", TestForms.Catalogue))
            .Message.ShouldContain(mistake);
    }

    private static Tallied Tally(ActivityForm form)
    {
        var type = TestForms.Catalogue.MessageTypes.First(each => each.Name == form.MessageType);
        var opened = TestForms.Catalogue.OpenXml(
            new MemoryStream(Encoding.UTF8.GetBytes(ExampleXml.Of(type))),
            new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2090, 1, 3)));
        using var reading = opened.Reading.ShouldNotBeNull();
        var tally = new ActivityTally(form);
        while (reading.Next() is { } batch) tally.Add(batch);
        reading.Outcome.IsAccepted.ShouldBeTrue();
        return tally.End();
    }

    private static FeedbackCase CaseOf(ActivityForm form, Tallied tallied) => Cases.Activity with
    {
        Message = Cases.Activity.Message with { Type = form.MessageType }, Activity = tallied.Cells,
        Institutions = tallied.Institutions,
    };

    private static decimal Number(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);
}
