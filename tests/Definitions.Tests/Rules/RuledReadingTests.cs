using System.Text.Json;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Rules;

public class RuledReadingTests
{
    [Fact]
    public void A_sound_message_breaks_no_rule()
    {
        var outcome = new OrdMessage().Add("E1").Add("E2", end: "").Read();

        outcome.Findings.ShouldBeEmpty();
        outcome.RuleCounts.ShouldBeEmpty();
    }

    [Fact]
    public void A_breach_is_told_with_place_value_expectation_and_who_should_mend_it()
    {
        var outcome = new OrdMessage().Add("E1").Add("E2", end: "2019-02-01T12:00:00").Read();

        var finding = outcome.Findings.ShouldHaveSingleItem();
        finding.RuleId.ShouldBe("NPR-EPI-001");
        finding.Severity.ShouldBe(Severity.Error);
        finding.Path.ShouldBe(
            "/Melding/Institusjon[@institusjonID='310211036']/Objektholder[1]/Episode[@episodeID='E2']/@utDatoTid"
            + " (linje 20)");
        finding.Text.ShouldBe("Episoden slutter før den begynner.");
        finding.Detail.ShouldBe(
            new FindingDetail(
                "2019-02-01T12:00:00", "Slutten (utDatoTid) er ikke før starten (innDatoTid).", Mender.Sender));
        outcome.RuleCounts.ShouldBe([new RuleCount("NPR-EPI-001", Severity.Error, 1)]);
        outcome.FindingCount.ShouldBe(1);
    }

    [Fact]
    public void Breaches_are_counted_in_all_batches_and_the_first_are_told()
    {
        var message = new OrdMessage { BatchRowsMax = 7 };
        for (var i = 0; i < 50; i++) message.Add($"E{i}", end: i % 2 == 0 ? "2019-02-01T12:00:00" : "");

        var outcome = message.Read();

        outcome.RuleCounts.ShouldBe([new RuleCount("NPR-EPI-001", Severity.Error, 25)]);
        outcome.FindingCount.ShouldBe(25);
        outcome.Findings.Count.ShouldBe(20);
        outcome.Findings.Select(finding => finding.Path).ShouldBeUnique();
        outcome.Findings[^1].Path.ShouldContain("'E38'");
    }

    [Fact]
    public void Missing_references_show_what_there_was()
    {
        var outcome = new OrdMessage().Add("E1", units: "727").Read();

        var finding = outcome.Findings.ShouldHaveSingleItem();
        finding.RuleId.ShouldBe("NPR-EPI-002");
        finding.Path.ShouldEndWith("/Episode[@episodeID='E1']/RefEnhet/@typeEnhet (linje 14)");
        finding.Detail!.Value.ShouldBe("7, 2, 7");
    }

    [Fact]
    public void A_repeated_element_is_told_by_its_number()
    {
        const string Services =
            """
            <Tjeneste startDatoTid="2019-03-01T10:00:00" sluttDatoTid="2019-03-01T11:00:00"/>
            <Tjeneste startDatoTid="2019-03-02T10:00:00" sluttDatoTid="2019-03-02T09:00:00"/>
            """;
        var outcome = new OrdMessage().Add("E1", services: Services).Add("E2", services: Services).Read();

        outcome.Findings.Select(finding => finding.Path.Split("/Episode")[1]).ShouldBe(
        [
            "[@episodeID='E1']/Tjeneste[2]/@sluttDatoTid (linje 14)",
            "[@episodeID='E2']/Tjeneste[2]/@sluttDatoTid (linje 21)",
        ]);
        outcome.Findings[0].Detail!.Value.ShouldBe("2019-03-02T09:00:00");
    }

    [Theory]
    [InlineData("2019-02-28T10:00:00")]
    [InlineData("2019-06-05T08:45:00")]
    public void Of_times_out_of_order_the_one_that_the_rule_is_about_is_told_as_it_was_sent(string start)
    {
        var service = $"<Tjeneste startDatoTid=\"{start}\"/>";

        var finding = new OrdMessage().Add("E1", services: service).Read().Findings.ShouldHaveSingleItem();

        finding.RuleId.ShouldBe("NPR-EPI-018");
        finding.Path.ShouldEndWith("/Episode[@episodeID='E1']/Tjeneste[1]/@startDatoTid (linje 14)");
        finding.Detail!.Value.ShouldBe(start);
    }

    [Fact]
    public void What_is_referred_to_may_be_described_anywhere_in_the_message()
    {
        var message = new OrdMessage { BatchRowsMax = 1, Referral = "A9" };

        var finding = message.Add("E1").Read().Findings.ShouldHaveSingleItem();
        finding.RuleId.ShouldBe("NPR-HEN-004");
        finding.Detail!.Value.ShouldBe("A9");
        new OrdMessage
        {
            Referral = "A9",
            Units = """<Enhet enhetID="A1" orgNr="310211036" offAvdKode="1"/><Enhet enhetID="A9" isfRefusjon="1"/>""",
        }.Read().Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Contacts_of_types_1_and_15_are_asked_for()
    {
        var outcome = new OrdMessage { Contacts = ["2"] }.Add("E1").Read();

        outcome.Findings.Select(finding => (finding.RuleId, finding.Path, finding.Detail!.Mender)).ShouldBe(
        [
            ("NPR-KON-001", "/Melding/Kontaktperson", Mender.Sender),
            ("NPR-KON-002", "/Melding/Kontaktperson", Mender.Vendor),
        ]);
    }

    [Fact]
    public void A_breach_keeps_its_details_where_findings_are_stored_as_json()
    {
        var finding = new OrdMessage().Add("E1", end: "2019-02-01T12:00:00").Read().Findings[0];

        var stored = JsonSerializer.Serialize(finding, JsonSerializerOptions.Web);

        JsonSerializer.Deserialize<Finding>(stored, JsonSerializerOptions.Web).ShouldBe(finding);
    }

    [Fact]
    public void A_message_read_again_to_be_taken_in_is_not_held_against_the_rules_again() =>
        new OrdMessage().Add("E1", end: "2019-02-01T12:00:00").Read(Kit.Catalogue, holdsRules: false)
            .Findings.ShouldBeEmpty();

    [Fact]
    public void Json_messages_pass_the_same_rules()
    {
        var content = Kit.Consultations.Read(Kit.Block(Kit.Consultation("behovForTolk", "1")));

        content.IsAccepted.ShouldBeTrue();
        var finding = content.Findings.ShouldHaveSingleItem();
        finding.RuleId.ShouldBe("KPR-HST-001");
        finding.Path.ShouldBe("/konsultasjon['K-1']/sprak");
        finding.Severity.ShouldBe(Severity.Information);
        MessageReading.Of(content).Outcome.RuleCounts.ShouldBe(
            [new RuleCount("KPR-HST-001", Severity.Information, 1)]);
    }

    /// <summary>A number of a woman born in 1981; identifiers that hold neither sex nor year are not judged.</summary>
    [Theory]
    [InlineData("""{"personId":"P","fodselsNr":"01848149809"}""", "KPR-FREG-003 kjonn", "KPR-FREG-004 fodselsdato")]
    [InlineData("""{"personId":"P","fodselsNr":"02813299960"}""")]
    [InlineData("""{"personId":"P","dufNr":"201258697506"}""")]
    [InlineData("""{"personId":"P"}""")]
    public void What_differs_from_the_number_is_told_without_its_value(string person, params string[] told)
    {
        var content = Kit.Catalogue.FindReader("FREG_Person", "1")!.Read(
            $$"""
            [{"orgNr":310211036,"person":[{"hendelseId":"F1","gjelderFra":"2026-03-01","hendelsestype":"6",
            "registrertTid":"2026-03-02T09:15:00+01:00","fodselsdato":"1980-04-01","kjonn":"1",
            "identifikasjon":{{person}}}]}]
            """);

        content.IsAccepted.ShouldBeTrue();
        var ofRules = content.Findings
            .Where(finding => finding.RuleId.StartsWith("KPR-", StringComparison.Ordinal)).ToList();
        ofRules.ShouldAllBe(finding => finding.Detail!.Value == null);
        ofRules.Select(finding => $"{finding.RuleId} {finding.Path.Split('/')[^1]}").ShouldBe(told);
    }

    [Fact]
    public void A_value_that_holds_an_identifier_is_not_told()
    {
        // A synthetic person: the month has 80 added.
        var finding = new OrdMessage { Referral = "01810149732" }.Add("E1").Read().Findings.ShouldHaveSingleItem();

        finding.RuleId.ShouldBe("NPR-HEN-004");
        finding.Detail!.Value.ShouldBe("***");
        finding.ToString().ShouldNotContain("01810149732");
    }
}
