using System.Text.RegularExpressions;
using Kilde.Kernel;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

public partial class ReportTests
{
    private static readonly ReportTexts Texts = ReportTexts.In("nb");

    [Fact]
    public void NPR_ERR_is_as_it_was_last_looked_at() =>
        Golden.MatchesText(FindingReport.Write(Cases.WithContentErrors, ControlLayer.Content, Texts), "NPR_ERR.html");

    [Fact]
    public void NPR_VAL_is_as_it_was_last_looked_at() =>
        Golden.MatchesText(FindingReport.Write(Cases.Refused, ControlLayer.Structure, Texts), "NPR_VAL.html");

    [Fact]
    public void The_identity_report_is_as_it_was_last_looked_at() =>
        Golden.MatchesText(IdentityReport.Write(Cases.Identities, Texts), "identity.html");

    [Fact]
    public void What_both_halves_must_tell_is_not_counted_before_both_have_come()
    {
        var page = IdentityReport.Write(Cases.Identities with { Pair = null }, Texts);

        Regex.Count(page, "Ikke talt ennå").ShouldBe(2);
        page.ShouldContain("7&#xA0;912");
    }

    [Theory]
    [InlineData("nb", "Innholdsfeil")]
    [InlineData("nn", "Innhaldsfeil")]
    [InlineData("en", "Errors in the content")]
    [InlineData("xx", "Innholdsfeil")]
    public void A_report_speaks_the_language_asked_for(string language, string words)
    {
        var page = FindingReport.Write(Cases.WithContentErrors, ControlLayer.Content, ReportTexts.In(language));

        page.ShouldContain(words);
        page.ShouldContain($"<html lang=\"{(language == "xx" ? "nb" : language)}\"");
    }

    [Fact]
    public void Every_language_has_every_text()
    {
        foreach (var language in ReportTexts.Languages)
            ReportTexts.In(language).Keys.ShouldBe(Texts.Keys, ignoreOrder: true, language);
    }

    [Fact]
    public void A_report_asks_nothing_of_the_net_and_runs_nothing()
    {
        foreach (var page in AllPages())
        {
            Outside.Matches(page).Select(match => match.Value).ShouldBeEmpty();
            page.ShouldNotContain("<script");
        }
    }

    [Fact]
    public void What_a_sender_wrote_never_becomes_markup() =>
        FindingReport.Write(Cases.WithContentErrors, ControlLayer.Content, Texts)
            .ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");

    // The numbers are those of synthetic persons.
    [Theory]
    [InlineData("02813299997")]
    [InlineData("028132 99997")]
    [InlineData("fnr=028132-99997;")]
    public void A_number_of_a_person_is_masked_wherever_it_stands(string value)
    {
        var finding = Cases.Refused.Findings[0] with { Value = value, Place = $"/Melding[{value}]", Expected = value };

        var page = FindingReport.Write(Cases.Refused with { Findings = [finding] }, ControlLayer.Structure, Texts);

        page.ShouldNotContain("99997");
        page.ShouldContain("•••••••••••");
    }

    [Theory]
    [InlineData("Institusjon[@institusjonID='974795930']/Objektholder[12]/Episode[@episodeID='E-2019-3-44-1']")]
    [InlineData("Institusjon[1]/Objektholder[12]/Episode[@episodeID='2019-000123-45']")]
    public void A_place_can_be_found_whatever_its_ids_look_like(string episode)
    {
        var place = $"/Melding/{episode}/Tjeneste/@startDatoTid (linje 12345)";
        var finding = Cases.Refused.Findings[0] with { Place = place };

        var page = FindingReport.Write(Cases.Refused with { Findings = [finding] }, ControlLayer.Structure, Texts);

        page.ShouldContain("/Objektholder[12]/Episode[@episodeID=");
        page.ShouldContain("/Tjeneste/@startDatoTid (linje 12345)</code>");
    }

    [Fact]
    public void Of_a_place_that_is_too_long_the_end_is_shown()
    {
        var place = $"/Melding/{string.Concat(Enumerable.Repeat("Element[@id='A']/", 40))}@kode (linje 7)";
        var finding = Cases.Refused.Findings[0] with { Place = place };

        var page = FindingReport.Write(Cases.Refused with { Findings = [finding] }, ControlLayer.Structure, Texts);

        page.ShouldContain("/@kode (linje 7)</code>");
        page.ShouldNotContain(place);
    }

    [Fact]
    public void A_rule_that_says_one_thing_for_each_field_says_it_beside_each_place()
    {
        var first = Cases.Refused.Findings[0];
        CaseFinding[] findings =
        [
            first with { Text = "«Kjønn» skal være et heltall.", Value = "M", Expected = "et heltall" },
            first with { Text = "«Inn» skal være en tid.", Value = "i går", Expected = "en tid" },
            first with { Text = "«Kjønn» skal være et heltall.", Value = "K", Expected = "et heltall" },
        ];
        var subject = Cases.Refused with
        {
            Findings = findings,
            RuleCounts = [new(first.RuleId, ControlLayer.Structure, first.Severity, 3)],
        };

        var page = FindingReport.Write(subject, ControlLayer.Structure, Texts);

        page.ShouldContain("«Kjønn» skal være et heltall. (og 1 til av samme slag)");
        page.ShouldContain("<td>«Inn» skal være en tid.</td><td><code>i går</code></td><td>en tid</td>");
        page.ShouldContain("<td>«Kjønn» skal være et heltall.</td><td><code>K</code></td><td>et heltall</td>");
    }

    [Fact]
    public void What_was_found_in_single_events_is_sent_again_as_changes()
    {
        var subject = Cases.WithContentErrors;
        var events = subject with { Message = subject.Message with { IsWholePeriod = false } };

        var page = FindingReport.Write(events, ControlLayer.Content, Texts);

        page.ShouldContain("send en endring av de meldingene det gjelder");
        page.ShouldNotContain("1. januar");
        page.ShouldNotContain("Uttrekksdato");
    }

    [Fact]
    public void A_rule_that_is_graver_in_some_fields_has_a_section_for_each_gravity()
    {
        var first = Cases.Refused.Findings[0];
        var subject = Cases.Refused with
        {
            Findings =
            [
                first with { Severity = Severity.Error, Text = "Meldingen avvises." },
                first with { Severity = Severity.Warning, Text = "Verdien er utelatt." },
            ],
            RuleCounts =
            [
                new(first.RuleId, ControlLayer.Structure, Severity.Error, 1),
                new(first.RuleId, ControlLayer.Structure, Severity.Warning, 1),
            ],
        };

        var page = FindingReport.Write(subject, ControlLayer.Structure, Texts);

        page.ShouldContain("<p>Meldingen avvises.</p>");
        page.ShouldContain("<p>Verdien er utelatt.</p>");
        page.Split("<section class=\"rule\" id=\"").Skip(1).Select(section => section.Split('"')[0]).ShouldBeUnique();
    }

    [Fact]
    public void Of_many_places_the_first_are_shown_and_all_are_counted()
    {
        var page = FindingReport.Write(Cases.WithContentErrors, ControlLayer.Content, Texts);

        page.ShouldContain($"Viser de {FindingReport.PlacesMax} første av 124 steder.");
        Regex.Count(page, "@kodeVerdi").ShouldBe(FindingReport.PlacesMax);
    }

    [Fact]
    public void A_rule_whose_places_are_not_kept_is_told_all_the_same()
    {
        var page = FindingReport.Write(
            Cases.Refused with { Findings = [] }, ControlLayer.Structure, Texts);

        page.ShouldContain("STR-003");
        page.ShouldContain("Stedene er ikke tatt med her");
    }

    private static IEnumerable<string> AllPages() =>
    [
        FindingReport.Write(Cases.WithContentErrors, ControlLayer.Content, Texts),
        FindingReport.Write(Cases.Refused, ControlLayer.Structure, Texts),
        IdentityReport.Write(Cases.Identities, Texts),
    ];

    [GeneratedRegex("""(src|srcset|action|data)\s*=|href="[^#]|url\(|@import|https?:""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Outside { get; }
}
