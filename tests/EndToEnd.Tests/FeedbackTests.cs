using System.Globalization;
using System.Net;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;
using Kilde.Testing;
using Microsoft.Playwright;
using ExcelRow = DocumentFormat.OpenXml.Spreadsheet.Row;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// R3.06–R3.15: what comes in as files ends as reports that their readers open, with the password from the other
/// channel; what comes in as JSON counts in the statistics.
/// </summary>
public class FeedbackTests(FeedbackSite feedback) : IClassFixture<FeedbackSite>
{
    private static readonly FaultMix Faults = new(
        0.15,
        [
            FileFault.OutdatedCode, FileFault.UnknownCode, FileFault.IdentityMissing, FileFault.IdentityWithoutActivity,
            FileFault.WrongIdentifier,
        ]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trusts_year_gives_reports_that_open_in_their_programs()
    {
        DebianChromium.FindOrSkip();
        var activity = feedback.Write(TrustFileKind.Activity, 1, Faults);
        var identity = feedback.Write(TrustFileKind.Identity, 1, Faults);

        await IngestAsync(activity);
        var first = await ReportsAsync(FeedbackSite.Producer, FeedbackSite.ProducerMobile, "NPR_ERR", "aktivitet");
        (await IngestAsync(identity)).ShouldContain(" persons told of, ");
        var second = await ReportsAsync(FeedbackSite.Producer, FeedbackSite.ProducerMobile, "identitet");

        await ShouldOpenInBrowserAsync(first["NPR_ERR"], "Innholdsfeil", "COD-001");
        await ShouldOpenInBrowserAsync(second["identitet"], "NPR Ident", "Aktivitet uten ident");
        ShouldAgreeWithTheRegister(first["aktivitet"]);
        var pairs = await feedback.Site.ReadAsync<int>(
            "select activity_without_identity from quality.submission where message_type = 'NPR_IDE'", Cancellation);
        var missing = pairs.ShouldHaveSingleItem();
        missing.ShouldBeGreaterThan(0);

        // The half that comes last tells how they meet, whichever it is.
        await IngestAsync(feedback.Write(TrustFileKind.Activity, 1, Faults, change: text => text + "\n"));
        var third = await ReportsAsync(FeedbackSite.Producer, FeedbackSite.ProducerMobile, "identitet");
        third["identitet"].Name.ShouldStartWith("identitet-NPR_ORD");
        (await feedback.Site.ReadAsync<int>(
            """
            select activity_without_identity from quality.submission
            where message_type = 'NPR_ORD' and activity_without_identity is not null
            """,
            Cancellation)).ShouldBe([missing]);
    }

    [Fact]
    public async Task A_file_of_wrong_structure_gives_NPR_VAL_alone_and_no_mobile_number_is_seen()
    {
        var file = feedback.Write(
            TrustFileKind.Pathway, 2, FaultMix.None, mobile: "+47 22334455",
            text => text.Replace("<Institusjon ", "<Institusjon ukjentAttributt=\"1\" ", StringComparison.Ordinal));

        await IngestAsync(file, isAccepted: false);
        var report = await feedback.NextReportAsync(FeedbackSite.Vendor, "+4790909090");
        while (!report.Name.StartsWith("NPR_VAL-NPR_PAK", StringComparison.Ordinal))
            report = await feedback.NextReportAsync(FeedbackSite.Vendor, "+4790909090");

        report.Html.ShouldContain("STR-026");
        var kinds = await feedback.Site.ReadAsync<string>(
            """
            select f.kind from quality.feedback f join quality.submission s on s.submission_id = f.submission_id
            where s.message_type = 'NPR_PAK'
            """, Cancellation);
        kinds.ShouldBe(["npr_val"]);
        var ids = await feedback.Site.ReadAsync<Guid>(
            """
            select f.feedback_id from quality.feedback f join quality.submission s on s.submission_id = f.submission_id
            where s.message_type = 'NPR_PAK'
            """, Cancellation);
        var receipt = await feedback.Site.ReadAsync<string>(
            "select findings::text from intake.submission where message_type = 'NPR_PAK'", Cancellation);
        receipt.ShouldHaveSingleItem().ShouldContain("QUA-002");
        var page = WebUtility.HtmlDecode(await feedback.PageAsync($"/tilbakemeldinger/{ids[0]}"));
        page.ShouldContain("Kan ikke leveres til 1 Teknisk produksjon");
        page.ShouldContain("har ikke et norsk mobilnummer");
        page.ShouldContain("Sendt til 15 Leverandør av fagsystem");
    }

    [Fact]
    public async Task Every_JSON_message_counts_and_is_not_among_the_feedback()
    {
        var site = feedback.Site;
        var sender = site.Senders[0];
        var messages = site.Norway.MessagesOf(sender.Unit, KildeSite.Day).Take(3).ToList();
        using var client = site.Connect(sender);
        foreach (var message in messages)
        {
            await client.SendAsync(
                new OutgoingMessage(message.Type, message.Version, message.Json, message.Day), Cancellation);
        }

        var counted = $"select count(*) from quality.submission where unit = '{sender.Unit.Number}'";

        await site.WaitForAsync<long>(counted, count => count == messages.Count, Cancellation);
        (await site.ReadAsync<string>(
            $"select distinct product from quality.submission where unit = '{sender.Unit.Number}'", Cancellation))
            .ShouldBe([sender.Unit.Product.Name]);
        (await feedback.PageAsync($"/tilbakemeldinger?enhet={sender.Unit.Number}"))
            .ShouldContain("Ingen tilbakemeldinger");
    }

    private async Task<string> IngestAsync(string file, bool isAccepted = true)
    {
        var (exit, output) = await feedback.Site.RunAsync(["ingest", file, "--wait"], Cancellation);

        exit.ShouldBe(isAccepted ? 0 : 1, output);
        return output;
    }

    // Other reports to the same person are read past.
    private async Task<Dictionary<string, OpenedReport>> ReportsAsync(
        string address, string mobile, params string[] kinds)
    {
        var reports = new Dictionary<string, OpenedReport>(StringComparer.Ordinal);
        while (!kinds.All(reports.ContainsKey))
        {
            var report = await feedback.NextReportAsync(address, mobile);
            reports[report.Name.Split('-')[0]] = report;
        }

        return reports;
    }

    // Alone, as a file: no server, no net.
    private async Task ShouldOpenInBrowserAsync(OpenedReport report, string title, string words)
    {
        var file = Path.Combine(feedback.Site.Folder, report.Name);
        await File.WriteAllBytesAsync(file, report.Content, Cancellation);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = DebianChromium.FindOrSkip(), Args = ["--no-sandbox"],
        });
        var page = await browser.NewPageAsync();
        List<string> asked = [];
        page.Request += (_, request) => asked.Add(request.Url);

        await page.GotoAsync(new Uri(file).AbsoluteUri);

        (await page.Locator("h1").InnerTextAsync()).ShouldContain(title);
        (await page.Locator("main, body").First.InnerTextAsync()).ShouldContain(words);
        asked.ShouldBe([new Uri(file).AbsoluteUri]);
    }

    private static void ShouldAgreeWithTheRegister(OpenedReport workbook)
    {
        using var book = SpreadsheetDocument.Open(new MemoryStream(workbook.Content), isEditable: false);
        var sheets = book.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>().ToList();
        sheets.Select(sheet => sheet.Name!.Value).ShouldContain("Per måned");
        var months = ((WorksheetPart)book.WorkbookPart.GetPartById(
                sheets.Single(sheet => sheet.Name == "Per måned").Id!)).Worksheet
            .Descendants<ExcelRow>().Skip(3)
            .Select(row => row.Elements<Cell>()
                .Select(cell => cell.InlineString?.InnerText ?? cell.CellValue?.Text ?? "").ToList())
            .ToList();

        months.Count.ShouldBeGreaterThan(2);
        foreach (var month in months)
        {
            var file = int.Parse(month[1], CultureInfo.InvariantCulture);
            file.ShouldBeGreaterThan(0);
            int.Parse(month[2], CultureInfo.InvariantCulture).ShouldBe(file, string.Join(';', month));
        }
    }
}
