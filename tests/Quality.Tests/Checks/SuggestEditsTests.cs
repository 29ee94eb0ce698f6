using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using System.Xml.XPath;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>What a finding says would mend it, does: applied to the message, and that taken in again.</summary>
public sealed class SuggestEditsTests(PostgresServer postgres)
{
    [Fact]
    public async Task Edits_of_a_file_applied_where_they_say_close_the_findings()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        var file = Year(
            riskOn: "20190302", rehabilitation: "<poHab>2</poHab><poHabDato>20190401</poHabDato>", service: "12");
        await register.TakeInYearAsync(Sender, file);
        await register.FollowAllAsync();
        RulesBroken(register, file).ShouldNotBeEmpty();

        var edits = await EditsAsync(register);
        edits.Select(edit => (edit.Item.Nb, edit.Was, edit.Becomes, edit.Removes)).ShouldBe(
            [
                ("Dato for vurdering av risiko", "2019-03-02", "20190301", false),
                ("Dato for habilitering eller rehabilitering", "2019-04-01", null, true),
                ("Tjenestetype", "12", "29", false),
            ],
            ignoreOrder: true);
        var mended = Apply(file, edits);

        RulesBroken(register, mended).ShouldBeEmpty();
        await register.TakeInYearAsync(Sender, mended);
        await register.FollowAllAsync();
        (await StandingAsync(register)).ShouldBeEmpty();
        (await register.QueryAsync<string>("select distinct state from quality.finding")).ShouldBe(["corrected"]);
    }

    [Fact]
    public async Task Patches_of_records_applied_to_the_message_close_the_findings()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        var message = JsonNode.Parse(
            $$"""
            [{ "orgNr": "{{Sender}}", "kommuneNr": "0301", "tjeneste": [
               {{Service("T-1", "6", "1")}}, {{Service("T-2", "6", "2")}}, {{Service("T-3", "12", "2")}}] }]
            """)!;
        await register.TakeInAsync(Sender, message.ToJsonString(), "KTT_Tjeneste");
        await register.FollowAllAsync();

        var edits = await EditsAsync(register);
        edits.Select(edit => edit.Patch).ShouldBe(
            [
                Patch("T-1", """{"op":"remove","path":"/startDato"}"""),
                Patch("T-3", """{"op":"replace","path":"/tjenestetype","value":"29"}"""),
            ],
            ignoreOrder: true);
        foreach (var edit in edits) Apply(message, JsonNode.Parse(edit.Patch!)!.AsArray());

        await register.TakeInAsync(Sender, message.ToJsonString(), "KTT_Tjeneste");
        await register.FollowAllAsync();
        (await StandingAsync(register)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_the_right_code_is_not_known_the_codes_of_the_year_are_told_to_whose_it_is()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        await register.TakeInAsync(
            Sender,
            $$"""[{ "orgNr": "{{Sender}}", "kommuneNr": "0301", "tjeneste": [{{Service("T-1", "16", "2")}}] }]""",
            "KTT_Tjeneste");
        await register.FollowAllAsync();

        var edit = (await EditsAsync(register)).ShouldHaveSingleItem();
        (edit.Becomes, edit.Removes, edit.XPath, edit.Patch).ShouldBe((null, false, null, null));
        var codes = edit.Codes.Select(code => code.Value.Value).ToList();
        codes.ShouldContain("29");
        codes.ShouldNotContain("16");
        codes.ShouldNotContain("12");
        var finding = (await StandingAsync(register)).ShouldHaveSingleItem();
        (await register.Get<SuggestEdits>().OfAsync(
            finding.FindingId, Other, Cancellation)).ShouldBeEmpty("it is another's");

        var file = Year(riskOn: "20190301", rehabilitation: "", service: "16");
        RulesBroken(register, file).ShouldHaveSingleItem("the vendor is told before it is sent, too");
        await register.TakeInYearAsync(Sender, file);
        await register.FollowAllAsync();
        (await EditsAsync(register)).Single(each => each.LocalId != edit.LocalId).Codes
            .Select(code => code.Value.Value).ShouldBe(codes, "a file's code that has gone out is kept, and found");
    }

    [Fact]
    public async Task What_is_wrong_with_a_record_that_lasts_for_years_is_found_once()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres);
        await register.TakeInAsync(
            Sender,
            $$"""[{ "orgNr": "{{Sender}}", "kommuneNr": "0301", "tjeneste": [{{Service("T-1", "12", "2")}}] }]""",
            "KTT_Tjeneste");
        (await register.QueryAsync<int>("select data_year from register.service")).Count.ShouldBeGreaterThan(1);

        await register.FollowAllAsync();

        (await StandingAsync(register)).ShouldHaveSingleItem().DataYear.ShouldBe(2025);
    }

    private static string Patch(string id, string operation) =>
        $$"""[{"op":"test","path":"/tjenesteId","value":"{{id}}"},{{operation}}]""";

    private static string Service(string id, string code, string outcome) =>
        $$"""
        { "tjenesteId": "{{id}}", "registrertTid": "2025-02-01T10:00:00+01:00", "tjenestetype": "{{code}}",
          "vedtakUtfall": "{{outcome}}", "startDato": "2025-02-10", "person": { "fodselsNr": "{{Person}}" } }
        """;

    private static string Year(string riskOn, string rehabilitation, string service) =>
        $"""
        <IPLOS xmlns="http://www.npr.no/xmlstds/iplos/2019" versjon="3.7">
          <INNHINFO>
            <iiInnhType>P</iiInnhType><iiKomnr>0301</iiKomnr><iiBydelsnr>00</iiBydelsnr>
            {string.Concat(Enumerable.Repeat(Contact, 2))}
            <iiFraDato>20190101</iiFraDato><iiTilDato>20191231</iiTilDato><iiLagetDato>20200110</iiLagetDato>
            <iiSysID>Prøve</iiSysID><iiSysVersjon>1</iiSysVersjon><iiLopenr>1</iiLopenr>
          </INNHINFO>
          <PERSON pePeID="7">
            <peAlder>80</peAlder>
            <PERSONOPPL poPeID="7" poPoID="71">
              <poErnKartlagt>1</poErnKartlagt><poErnKartlagtDato>20190301</poErnKartlagtDato>
              <poErnRisiko>2</poErnRisiko><poErnRisikoDato>{riskOn}</poErnRisikoDato>
              <poFraDato>20190301</poFraDato>{rehabilitation}
            </PERSONOPPL>
            <TJENESTE tjPeID="7" tjTjID="72">
              <tjTjenType>{service}</tjTjenType><tjFraDato>20190201</tjFraDato>
            </TJENESTE>
          </PERSON>
        </IPLOS>
        """;

    private const string Contact =
        "<iiKontakt><Type>1</Type><Navn>Prøve</Navn><Telefon>1</Telefon><Epost>prove@eksempel.no</Epost></iiKontakt>";

    private static string Apply(string file, IReadOnlyList<FindingEdit> edits)
    {
        var document = XDocument.Parse(file);
        foreach (var edit in edits)
        {
            var place = document.XPathSelectElements(edit.XPath!).ShouldHaveSingleItem();
            if (edit.Removes) place.Remove();
            else place.Value = edit.Becomes!;
        }

        return document.ToString();
    }

    private static void Apply(JsonNode message, JsonArray patch)
    {
        var record = message[0]!["tjeneste"]!.AsArray().Select(each => each!.AsObject()).Single(each =>
            $"{each[$"{patch[0]!["path"]}"[1..]]}" == $"{patch[0]!["value"]}");
        var item = $"{patch[1]!["path"]}"[1..];
        record.ContainsKey(item).ShouldBeTrue();
        if ($"{patch[1]!["op"]}" == "remove") record.Remove(item);
        else record[item] = patch[1]!["value"]!.DeepClone();
    }

    private static IReadOnlyList<string> RulesBroken(CheckedRegister register, string file)
    {
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2026, 3, 2));
        using var reading = register.Get<DefinitionCatalogue>()
            .OpenXml(new MemoryStream(Encoding.UTF8.GetBytes(file)), options).Reading.ShouldNotBeNull();
        while (reading.Next() is not null)
        {
        }

        return [.. reading.Outcome.Findings.Select(finding => finding.RuleId)];
    }

    private static async Task<IReadOnlyList<FindingEdit>> EditsAsync(CheckedRegister register)
    {
        var edits = new List<FindingEdit>();
        foreach (var each in await StandingAsync(register))
            edits.AddRange(await register.Get<SuggestEdits>().OfAsync(each.FindingId, unit: null, Cancellation));
        return edits;
    }

    private static Task<IReadOnlyList<FindingLine>> StandingAsync(CheckedRegister register) =>
        register.Get<FindFindings>().FindAsync(new FindingFilter(Unit: null), 100, Cancellation);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
