using System.Globalization;
using System.Xml.Linq;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Kilde.Audit;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Overview;
using Kilde.Synthetic;
using Microsoft.Extensions.DependencyInjection;
using ExcelRow = DocumentFormat.OpenXml.Spreadsheet.Row;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// R3.08 for the modules beside ordinary activity: pathways, costs and municipal services. What the workbook says of
/// the file and of the register is what stands in the file itself.
/// </summary>
public class ModuleWorkbookTests(FeedbackSite feedback) : IClassFixture<FeedbackSite>
{
    private static readonly MunicipalityCode Municipality = MunicipalityCode.Parse("1101", provider: null);
    private static readonly AccessGround Ground = new(Actor.System("tests"), "prøve");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pathway_file_is_counted_by_month_place_pathway_and_event()
    {
        var file = feedback.Write(TrustFileKind.Pathway, 7, FaultMix.None);
        var events = Elements(file, "ForlopHendelse").ToList();

        using var book = await WorkbookOfAsync(file, "NPR_PAK");

        Sums(book, "Per måned", keys: 1).ShouldBe([events.Count, events.Count]);
        Sums(book, "Per hendelse", keys: 2).ShouldBe([events.Count, events.Count]);
        var months = Rows(book, "Per måned")[..^1];
        months.Select(row => Number(row[1])).ShouldBe(
            events.GroupBy(each => ((string)each.Attribute("datoTid")!)[5..7]).OrderBy(month => month.Key)
                .Select(month => (decimal)month.Count()));
    }

    [Fact]
    public async Task A_cost_file_is_added_up_by_institution_and_drg()
    {
        var file = feedback.Write(TrustFileKind.Cost, 8, FaultMix.None);
        var episodes = Elements(file, "EpisodeKPP").ToList();
        var cost = episodes.Sum(each => (decimal?)each.Attribute("total") ?? 0);

        using var book = await WorkbookOfAsync(file, "NPR_KPP");

        Sums(book, "Kostnad per institusjon", keys: 1).ShouldBe([cost, cost]);
        Sums(book, "Kostnad per DRG", keys: 1).ShouldBe([cost, cost]);
        Sums(book, "Episoder per DRG", keys: 1).ShouldBe([episodes.Count, episodes.Count]);
        Rows(book, "Mot registeret").ShouldBeEmpty();
        var told = await feedback.Site.ReadAsync<string>(
            "select coalesce(findings::text, '') from intake.submission where message_type = 'NPR_KPP'", Cancellation);
        told.ShouldHaveSingleItem().ShouldNotContain("QUA-");
    }

    [Fact]
    public async Task A_municipality_s_year_tells_services_hours_and_recipients()
    {
        var file = await WriteMunicipalityAsync();
        var services = Elements(file, "TJENESTE").ToList();
        string TextOf(XElement each, string name) =>
            each.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value ?? "";
        var hours = services.Sum(each =>
            decimal.TryParse(TextOf(each, "tjTimerUke"), CultureInfo.InvariantCulture, out var told) ? told : 0);

        using var book = await WorkbookOfAsync(file, "KPR_IPLOS");

        Sums(book, "Tjenester", keys: 1).ShouldBe([services.Count, services.Count]);
        Sums(book, "Timer per uke", keys: 1).ShouldBe([hours, hours]);
        var recipients = Rows(book, "Mottakere").ToDictionary(row => row[0].Split(' ')[0]);
        foreach (var type in services.GroupBy(each => TextOf(each, "tjTjenType")))
        {
            var persons = type.Select(each => (string)each.Attribute("tjPeID")!).Distinct().Count();
            Number(recipients[type.Key][1]).ShouldBe(persons, type.Key);
            Number(recipients[type.Key][2]).ShouldBe(persons, type.Key);
        }
    }

    [Fact]
    public Task The_register_can_count_what_every_form_asks_for() => feedback.Site.UseAsync(async services =>
    {
        var counts = services.GetRequiredService<IRegisterCounts>();
        var forms = services.GetRequiredService<ActivityForms>().All;
        forms.Count.ShouldBe(8);
        foreach (var form in forms)
        {
            var subject = new FeedbackCase(
                Guid.CreateVersion7(), feedback.Trust.Number, "", "1", new SendingSystem("", "", ""),
                new ReportedMessage(
                    RegisterCode.Npr, form.MessageType, "", new DateOnly(2018, 1, 1), new DateOnly(2018, 12, 31),
                    ExtractedOn: null, Records: 0),
                default, default, CaseOutcome.InRegister, GetsReports: true, [], [], [])
            {
                Institutions = ["1"],
            };
            var counted = await counts.CountAsync(subject, Cancellation);
            counted.ShouldNotBeNull(form.MessageType).Now.ShouldBeEmpty(form.MessageType);
        }
    });

    private async Task<SpreadsheetDocument> WorkbookOfAsync(string file, string type)
    {
        var (exit, output) = await feedback.Site.RunAsync(["ingest", file, "--wait"], Cancellation);
        exit.ShouldBe(0, output);
        var sql =
            $"""
            from quality.feedback f join quality.submission s on s.submission_id = f.submission_id
            where s.message_type = '{type}' and f.kind = 'activity'
            """;
        await feedback.Site.WaitForAsync<long>($"select count(*) {sql}", count => count == 1, Cancellation);
        var id = (await feedback.Site.ReadAsync<Guid>($"select f.feedback_id {sql}", Cancellation)).Single();
        OpenedDocument? document = null;
        await feedback.Site.UseAsync(async services => document =
            await services.GetRequiredService<OpenFeedback>().OpenAsync(id, unit: null, Ground, Cancellation));
        return SpreadsheetDocument.Open(new MemoryStream(document.ShouldNotBeNull().Content), isEditable: false);
    }

    private async Task<string> WriteMunicipalityAsync()
    {
        var unit = MunicipalityYear.NumberOf(Municipality);
        var sender = new SenderConfiguration(
            unit, "Kommunen", unit, [], [], [new Obligation("KPR_IPLOS", new DateOnly(2019, 1, 1))])
        {
            Institutions = [Municipality.ToString()],
        };
        await feedback.Site.UseAsync(services => services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            sender, Ground, Cancellation));
        var file = Path.Combine(feedback.Site.Folder, "kommune.xml");
        var order = new MunicipalityYearOrder
        {
            Municipality = Municipality, AsOf = new DateOnly(2019, 12, 31), Share = 0.1, Seed = 5,
        };
        MunicipalityYear.Write(order, MunicipalityYear.KindsOf(2019), _ => File.Create(file));
        return file;
    }

    // The file's own sum and the register's, as the last row shows them.
    private static decimal[] Sums(SpreadsheetDocument book, string sheet, int keys)
    {
        var last = Rows(book, sheet)[^1];
        return [Number(last[keys]), Number(last[keys + 1])];
    }

    private static List<List<string>> Rows(SpreadsheetDocument book, string sheet) =>
        [.. ((WorksheetPart)book.WorkbookPart!.GetPartById(
                book.WorkbookPart.Workbook.Sheets!.Elements<Sheet>().Single(each => each.Name == sheet).Id!)).Worksheet
            .Descendants<ExcelRow>().Skip(3)
            .Select(row => row.Elements<Cell>()
                .Select(cell => cell.InlineString?.InnerText ?? cell.CellValue?.Text ?? "").ToList())];

    private static IEnumerable<XElement> Elements(string file, string name) =>
        XDocument.Load(file).Descendants().Where(element => element.Name.LocalName == name);

    // Sums of decimals pass through the binary numbers of the file format.
    private static decimal Number(string cell) =>
        Math.Round(decimal.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture), 4);
}
