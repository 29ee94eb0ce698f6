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
    private static readonly MunicipalityCode Cases = MunicipalityCode.Parse("1103", provider: null);
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

    // A file of cases, after that of the year before. What is held apart as coercion (type 24) counts with the rest.
    [Fact]
    public async Task A_municipality_s_cases_tell_services_recipients_and_hours_beside_last_year_s()
    {
        await ConfigureAsync(Cases, "KPR_IPL");
        var before = WriteCases(2019, User(1, Case(1, "15", "10")), User(2, Case(2, "18", "2.5")));
        var now = WriteCases(
            2020, User(1, Case(1, "15", "10.25"), Case(2, "15", "3", end: "2020-05-31")), User(2, Case(3, "24", "7")),
            User(3, Case(4, "18", "0.5")));
        using var first = await WorkbookOfAsync(before, "KPR_IPL", 1);

        using var book = await WorkbookOfAsync(now, "KPR_IPL", 2);

        Figures(book, "Tjenester", keys: 1).ShouldBe([("15", 2, 2, 1), ("18", 1, 1, 1), ("24", 1, 1, 0)]);
        Figures(book, "Uten sluttdato", keys: 1).ShouldBe([("15", 1, 1, 1), ("18", 1, 1, 1), ("24", 1, 1, 0)]);
        Figures(book, "Mottakere", keys: 1).ShouldBe([("15", 1, 1, 1), ("18", 1, 1, 1), ("24", 1, 1, 0)]);
        Figures(book, "Timer i vedtak", keys: 2).ShouldBe(
            [("15", 13.25m, 13.25m, 10), ("18", 0.5m, 0.5m, 2.5m), ("24", 7, 7, 0)]);
        Sums(book, "Per utfører", keys: 2).ShouldBe([4, 4]);
        Sums(book, "Per kommune", keys: 2).ShouldBe([4, 4]);
        Rows(book, "Mot registeret").ShouldBeEmpty();
    }

    [Fact]
    public Task The_register_can_count_what_every_form_asks_for() => feedback.Site.UseAsync(async services =>
    {
        var counts = services.GetRequiredService<IRegisterCounts>();
        var forms = services.GetRequiredService<ActivityForms>().All;
        forms.Count.ShouldBe(9);
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

    // The code, and what stands in the file, in the register, and of the year before.
    private static IEnumerable<(string, decimal, decimal, decimal)> Figures(
        SpreadsheetDocument book, string sheet, int keys) =>
        Rows(book, sheet).Where(row => char.IsAsciiDigit(row[0][0])).Select(row => (
            row[0].Split(' ')[0], Number(row[keys]), Number(row[keys + 1]), Number(row[keys + 3])));

    private static string User(int number, params string[] cases) =>
        $"""<Objektholder pasientNr="{number}">{string.Concat(cases)}</Objektholder>""";

    private static string Case(int id, string kind, string hours, string? end = null) =>
        $"""
        <IplosSak sakID="{id}">
          <VedtakBeslutningTjeneste vedtakID="V{id}" beslutning="2" vedtakDato="2019-01-02">
            <VedtakTjeneste tjenesteID="T{id}" tjenestetype="{kind}" direkteTid="{hours}" vedtak="2"
              vedtakStartDato="2019-01-03"/>
          </VedtakBeslutningTjeneste>
          <Iverksatt refVedtakID="V{id}" startDato="2019-01-03">
            <IverksattTjeneste tjenesteID="T{id}" tjenestetype="{kind}" orgUtforer="974795930"
              faktiskStartDato="2019-01-03"{(end is null ? "" : $" faktiskSluttDato=\"{end}\"")}/>
          </Iverksatt>
        </IplosSak>
        """;

    private string WriteCases(int year, params string[] users)
    {
        var file = Path.Combine(feedback.Site.Folder, $"saker-{year}.xml");
        File.WriteAllText(
            file,
            $"""
            <Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ipl" versjon="53.1.3" meldingstype="B"
              fraDatoPeriode="{year}-01-01" tilDatoPeriode="{year}-12-31" uttakDato="{year + 1}-01-10"
              leverandor="L" navnEPJ="E" versjonEPJ="1" versjonUt="1" lopenr="1">
              <Kontaktperson kontPerson="T" meldTelefon="+47 90909090" meldEpost1="t@example.no"
                typeKontaktperson="16"/>
              <Kommune virksomhetID="{Cases}">{string.Concat(users)}</Kommune>
            </Melding>
            """);
        return file;
    }

    private async Task<SpreadsheetDocument> WorkbookOfAsync(string file, string type, int nth = 1)
    {
        var (exit, output) = await feedback.Site.RunAsync(["ingest", file, "--wait"], Cancellation);
        exit.ShouldBe(0, output);
        var sql =
            $"""
            from quality.feedback f join quality.submission s on s.submission_id = f.submission_id
            where s.message_type = '{type}' and f.kind = 'activity'
            """;
        await feedback.Site.WaitForAsync<long>($"select count(*) {sql}", count => count == nth, Cancellation);
        var id = (await feedback.Site.ReadAsync<Guid>(
            $"select f.feedback_id {sql} order by s.received_at desc limit 1", Cancellation)).Single();
        OpenedDocument? document = null;
        await feedback.Site.UseAsync(async services => document =
            await services.GetRequiredService<OpenFeedback>().OpenAsync(id, unit: null, Ground, Cancellation));
        return SpreadsheetDocument.Open(new MemoryStream(document.ShouldNotBeNull().Content), isEditable: false);
    }

    private async Task<string> WriteMunicipalityAsync()
    {
        await ConfigureAsync(Municipality, "KPR_IPLOS");
        var file = Path.Combine(feedback.Site.Folder, "kommune.xml");
        var order = new MunicipalityYearOrder
        {
            Municipality = Municipality, AsOf = new DateOnly(2019, 12, 31), Share = 0.1, Seed = 5,
        };
        MunicipalityYear.Write(order, MunicipalityYear.KindsOf(2019), _ => File.Create(file));
        return file;
    }

    private Task ConfigureAsync(MunicipalityCode municipality, string type)
    {
        var unit = MunicipalityYear.NumberOf(municipality);
        var sender = new SenderConfiguration(
            unit, "Kommunen", unit, [], [], [new Obligation(type, new DateOnly(2019, 1, 1))])
        {
            Institutions = [municipality.ToString()],
        };
        return feedback.Site.UseAsync(services => services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            sender, Ground, Cancellation));
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
