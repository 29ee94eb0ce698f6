using System.Text;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests;

public class ReadingEdgeTests
{
    /// <summary>What is sent for one item of a consultation, and the one finding it gives.</summary>
    [Theory]
    [InlineData("datoTid", "\"3015-01-01T00:00:00Z\"", "INN-002 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "\"0001-01-01T00:00:00Z\"", "INN-002 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "\"2026-02-29T10:00:00Z\"", "STR-013 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "\"2026-03-01T24:00:00Z\"", "STR-013 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "\"2026-03-01T10:00:00+1:00\"", "STR-013 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "\"2026-03-01\"", "STR-013 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "\"2025-03-30T02:30:00\"", "INN-005 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "\"2019-12-31T10:00:00Z\"", "INN-003 /0/konsultasjon/0/datoTid")]
    [InlineData("datoTid", "20260301", "STR-005 /0/konsultasjon/0/datoTid")]
    [InlineData("konsultasjonId", "\"\"", "STR-014 /0/konsultasjon/0/konsultasjonId")]
    [InlineData("konsultasjonId", "\"   \"", "STR-014 /0/konsultasjon/0/konsultasjonId")]
    [InlineData("konsultasjonId", "\"a\\u0000b\"", "STR-015 /0/konsultasjon/0/konsultasjonId")]
    [InlineData("konsultasjonId", "\"a\\ud800b\"", "STR-015 /0/konsultasjon/0/konsultasjonId")]
    [InlineData("konsultasjonId", "\"id 01810149732\"", "INN-008 /0/konsultasjon/0/konsultasjonId")]
    [InlineData("konsultasjonId", "17", "STR-005 /0/konsultasjon/0/konsultasjonId")]
    [InlineData("hoydeMaaling", "{\"hoyde\":1e400}", "STR-005 /0/konsultasjon/0/hoydeMaaling/hoyde")]
    [InlineData("hoydeMaaling", "{\"hoyde\":1e-400}", "INN-001 /0/konsultasjon/0/hoydeMaaling/hoyde")]
    [InlineData("hoydeMaaling", "{\"hoyde\":251}", "INN-001 /0/konsultasjon/0/hoydeMaaling/hoyde")]
    [InlineData("hoydeMaaling", "{\"hoyde\":67.505}", "INN-009 /0/konsultasjon/0/hoydeMaaling/hoyde")]
    [InlineData("hoydeMaaling", "{\"hoyde\":\"67\"}", "STR-005 /0/konsultasjon/0/hoydeMaaling/hoyde")]
    [InlineData("hoydeMaaling", "[]", "STR-005 /0/konsultasjon/0/hoydeMaaling")]
    [InlineData("tjenesteType", "\"1\"", "STR-005 /0/konsultasjon/0/tjenesteType")]
    [InlineData("tjenesteType", "1.0", "COD-001 /0/konsultasjon/0/tjenesteType")]
    [InlineData("tjenesteType", "true", "STR-005 /0/konsultasjon/0/tjenesteType")]
    [InlineData("adresse", "\"Storgata 1\"", "STR-008 /0/konsultasjon/0/adresse")]
    [InlineData("01810149732", "1", "STR-007 /0/konsultasjon/0/0181*******")]
    [InlineData("a/b~c", "1", "STR-007 /0/konsultasjon/0/a~1b~0c")]
    [InlineData("helseperson", "[{\"hprNr\":0}]", "INN-001 /0/konsultasjon/0/helseperson/0/hprNr")]
    [InlineData("helseperson", "[{\"hprNr\":1},7]", "STR-005 /0/konsultasjon/0/helseperson/1")]
    public void One_wrong_value_gives_one_finding(string field, string value, string finding) =>
        Kit.Consultations.Read(Kit.Block(Kit.Consultation(field, value))).Told().ShouldBe([finding]);

    [Theory]
    [InlineData("\"2025-10-26T02:30:00\"", "2025-10-26T00:30:00.0000000+00:00")] // lived twice; the first is taken
    [InlineData("\"2025-10-26T02:30:00+01:00\"", "2025-10-26T01:30:00.0000000+00:00")]
    [InlineData("\"2024-02-29T23:59\"", "2024-02-29T22:59:00.0000000+00:00")]
    [InlineData("\"2026-01-01T00:00:00.9999999Z\"", "2026-01-01T00:00:00.9999990+00:00")]
    [InlineData("\"2025-07-01T00:00:00.000000000-03:30\"", "2025-07-01T03:30:00.0000000+00:00")]
    public void Times_are_read_as_instants(string sent, string instant)
    {
        var content = Kit.Consultations.Read(Kit.Block(Kit.Consultation("datoTid", sent)));

        content.Told().ShouldBeEmpty();
        content.Batches[0].Column<DateTimeOffset>("dato_tid")[0].ToString("O").ShouldBe(instant);
    }

    [Theory]
    [InlineData("2025-03-30T02:00:00", "2025-03-30T01:00:00.0000000+00:00")]
    [InlineData("2025-03-30T02:59:59.5", "2025-03-30T01:59:59.5000000+00:00")]
    public void A_time_in_the_hour_that_is_skipped_is_read_as_standard_time_and_told(string sent, string instant)
    {
        var content = Kit.Consultations.Read(Kit.Block(Kit.Consultation("datoTid", $"\"{sent}\"")));

        content.IsAccepted.ShouldBeTrue();
        content.Findings.ShouldHaveSingleItem().Severity.ShouldBe(Severity.Warning);
        content.Batches[0].Column<DateTimeOffset>("dato_tid")[0].ToString("O").ShouldBe(instant);
    }

    [Theory]
    [InlineData("", "STR-001 ")]
    [InlineData("{}", "STR-004 ")]
    [InlineData("null", "STR-004 ")]
    [InlineData("[1]", "STR-005 /0")]
    [InlineData("[{}]", "STR-006 /0/orgNr")]
    [InlineData("[] []", "STR-001 ")]
    [InlineData("[{\"orgNr\":310211036,\"orgNr\":310211036}]", "STR-009 /0/orgNr")]
    [InlineData("[{\"orgNr\":310211036,\"konsultasjon\":{}}]", "STR-005 /0/konsultasjon")]
    [InlineData("[{\"orgNr\":310211036,\"konsultasjon\":[null]}]", "STR-005 /0/konsultasjon/0")]
    [InlineData("[{\"orgNr\":310211036,\"x\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}]", "STR-010 /0", "STR-007 /0/x")]
    [InlineData("[{\"orgNr\":310211037}]", "INN-010 /0/orgNr")]
    [InlineData("[{\"orgNr\":777777777}]", "INN-010 /0/orgNr")]
    [InlineData("[{\"orgNr\":310211036,\"slettKonsultasjon\":[{\"konsultasjonId\":\"K\"}]}]",
        "STR-006 /0/slettKonsultasjon/0/erSlettet")]
    public void Broken_structure_is_told_where_it_is(string json, params string[] findings)
    {
        var content = Kit.Consultations.Read(json);

        content.Told().Order().ShouldBe(findings.Order());
        content.IsAccepted.ShouldBeFalse();
        content.Batches.ShouldBeEmpty();
    }

    [Fact]
    public void Invalid_utf8_is_told_by_its_byte()
    {
        byte[] json = [.. Encoding.UTF8.GetBytes("[{\"orgNr\":\""), 0xC3, 0x28];

        var finding = Kit.Consultations.Read(json, Kit.Options).Findings.ShouldHaveSingleItem();

        finding.RuleId.ShouldBe("STR-002");
        finding.Text.ShouldContain("byte 11");
    }

    [Theory]
    [InlineData("1810149732", true, "")]
    [InlineData("\"01810149732\"", true, "")]
    [InlineData("\"01810149733\"", false, "IDE-001 person/fodselsNr, IDE-006 person")]
    [InlineData("18101497320000000000", false, "IDE-001 person/fodselsNr, IDE-006 person")]
    [InlineData("\"41810149998\"", true, "IDE-004 person/fodselsNr")]
    public void An_identifier_that_fails_keeps_the_record(string sent, bool hasIdentifier, string told)
    {
        var content = Kit.Consultations.Read(
            Kit.Block(Kit.Consultation("person", $$"""{"personId":"P-9","fodselsNr":{{sent}}}""")));

        content.IsAccepted.ShouldBeTrue();
        content.Batches[0].Persons[0].HasIdentifier.ShouldBe(hasIdentifier);
        content.Batches[0].Persons[0].LocalId.ShouldBe("P-9");
        string.Join(", ", content.Told()).Replace("/0/konsultasjon/0/", "").ShouldBe(told);
    }

    [Theory]
    [InlineData("190100000110", false, "IDE-003 person/dufNr, IDE-006 person")]
    [InlineData("190100000110", true, "")]
    [InlineData("201258697561", true, "IDE-005 person/dufNr")]
    public void A_number_without_a_synthetic_series_is_left_out_in_test_and_doubtful_digits_are_told(
        string number, bool takesAll, string told)
    {
        var message = Kit.Block(Kit.Consultation("person", $$"""{"personId":"P-9","dufNr":"{{number}}"}"""));

        var content = Kit.Consultations.Read(
            Encoding.UTF8.GetBytes(message),
            takesAll ? Kit.Options with { Identifiers = PersonIdentifierPolicy.Everything } : Kit.Options);

        content.IsAccepted.ShouldBeTrue();
        content.Batches[0].Persons[0].HasIdentifier.ShouldBe(takesAll);
        string.Join(", ", content.Told()).Replace("/0/konsultasjon/0/", "").ShouldBe(told);
    }

    [Fact]
    public void An_end_before_the_start_is_told_where_the_end_stands()
    {
        var content = Kit.Basics.Read("""
            [{"orgNr":310211036,"kontakt":[{"kontaktId":"B-1","underenhetOrgNr":312701103,
              "startTid":"2026-03-02T09:15:00+01:00","sluttTid":"2026-03-02T08:14:59Z","kontaktform":"1",
              "tjenesteomrade":"HST","finansiering":"O","person":{"fodselsNr":"01810149732"}}]}]
            """);

        content.Told().ShouldBe(["INN-004 /0/kontakt/0/sluttTid"]);
    }

    [Fact]
    public void More_elements_than_a_list_may_have_are_told_by_the_list()
    {
        var helpers = string.Join(',', Enumerable.Range(1, 1000).Select(number => $$"""{"hprNr":{{number}}}"""));

        var content = Kit.Consultations.Read(Kit.Block(Kit.Consultation("helseperson", $"[{helpers}]")));

        content.Told().ShouldBe(["STR-012 /0/konsultasjon/0/helseperson"]);
    }

    [Fact]
    public void A_message_of_too_many_records_is_refused_by_their_number()
    {
        var records = Enumerable.Range(0, MessageWalk.RecordsMax + 2)
            .Select(i => Kit.Consultation().Replace("K-1", $"{i}"));

        var content = Kit.Consultations.Read(Kit.Block([.. records]));

        content.Findings.ShouldContain(finding => finding.RuleId == "STR-011" && finding.Text.Contains("100000"));
        content.IsAccepted.ShouldBeFalse();
        content.Batches.ShouldBeEmpty();
    }

    [Fact]
    public void Each_environment_refuses_the_other_s_persons()
    {
        var message = Encoding.UTF8.GetBytes(Kit.Block(Kit.Consultation()));

        var content = Kit.Consultations.Read(
            message, Kit.Options with { Identifiers = PersonIdentifierPolicy.Production });

        content.IsAccepted.ShouldBeFalse();
        content.Told()[0].ShouldBe("IDE-002 /0/konsultasjon/0/person/fodselsNr");
    }

    [Fact]
    public void An_id_used_twice_and_an_id_both_sent_and_deleted_are_refused()
    {
        var content = Kit.Consultations.Read($$"""
            [{"orgNr":310211036,"konsultasjon":[{{Kit.Consultation()}}]},
             {"orgNr":312701103,"konsultasjon":[{{Kit.Consultation()}}],
              "slettKonsultasjon":[
                {"konsultasjonId":"K-9","erSlettet":true},{"konsultasjonId":"K-1","erSlettet":true}]}]
            """);

        content.Told().ShouldBe(
            ["INN-006 /1/konsultasjon/0/konsultasjonId", "INN-007 /1/slettKonsultasjon/1"]);
    }

    [Fact]
    public void The_validation_unit_is_taken_only_by_the_validation_service()
    {
        var message = Encoding.UTF8.GetBytes(Kit.Block(Kit.Consultation()).Replace("310211036", "777777777"));

        Kit.Consultations.Read(message, Kit.Options).IsAccepted.ShouldBeFalse();
        Kit.Consultations.Read(message, Kit.Options with { TakesValidationUnit = true }).IsAccepted.ShouldBeTrue();
    }

    [Fact]
    public void A_thousand_faults_are_counted_and_a_hundred_kept_and_those_that_refuse_come_first()
    {
        var records = Enumerable.Range(0, 1000)
            .Select(i => Kit.Consultation("tjenesteType", "77").Replace("K-1", $"K-{i}")).ToList();
        records.Add(Kit.Consultation("datoTid").Replace("K-1", "K-last"));

        var content = Kit.Consultations.Read(Kit.Block([.. records]));

        content.FindingCount.ShouldBe(1001);
        content.Findings.Count.ShouldBe(100);
        content.Findings[^1].RuleId.ShouldBe("STR-006");
        content.RecordCount.ShouldBe(1001);
    }

    [Fact]
    public void No_finding_quotes_what_was_sent()
    {
        string[] records =
        [
            Kit.Consultation("person", """{"personId":"01810149732","fodselsNr":"01810149733"}"""),
            Kit.Consultation("konsultasjonId", "\"01810149732\""),
            Kit.Consultation("01810149732", "\"01810149732\""),
            Kit.Consultation("sprak", "\"01810149732\""),
        ];

        var content = Kit.Consultations.Read(Kit.Block(records));

        content.Findings.Count.ShouldBeGreaterThan(4);
        content.Findings.ShouldAllBe(finding => !finding.ToString().Contains("01810149"));
    }

    [Fact]
    public void Every_rule_has_an_id_of_its_own_and_a_text()
    {
        ReadingRules.All.Count.ShouldBeGreaterThan(30);
        ReadingRules.All.Select(rule => rule.Id).ShouldBeUnique();
        ReadingRules.All.ShouldAllBe(rule => rule.Text.EndsWith('.') || rule.Text.EndsWith('}'));
    }
}
