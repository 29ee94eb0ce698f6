using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Tests.Rules;

/// <summary>Rules about what records refer to, and what that should have.</summary>
public class ReferredToTests
{
    private const string Whole = """<Enhet enhetID="A1" orgNr="310211036" offAvdKode="100" isfRefusjon="1"/>""";

    [Theory]
    [InlineData("", "NPR-EPI-020 NPR-EPI-021 NPR-HEN-013 NPR-HEN-014")]
    [InlineData("offAvdKode=\"100\"", "NPR-EPI-021 NPR-HEN-014")]
    [InlineData("orgNr=\"310211036\"", "NPR-EPI-020 NPR-HEN-013")]
    [InlineData("orgNr=\"310211036\" offAvdKode=\"kir\"", "NPR-EPI-020 NPR-HEN-013")]
    [InlineData("orgNr=\"310211036\" offAvdKode=\"100\"", "")]
    public void A_unit_that_lacks_what_it_is_known_by_is_told_once_and_counted_each_time(string known, string rules)
    {
        var message = new OrdMessage { Units = $"""<Enhet enhetID="A1" {known}/>""", BatchRowsMax = 1 };

        var outcome = message.Add("E1").Add("E2").Read();

        var counts = outcome.RuleCounts.Where(count => count.RuleId.StartsWith("NPR-", StringComparison.Ordinal));
        string.Join(' ', counts.Select(count => count.RuleId)).ShouldBe(rules);
        foreach (var count in counts)
        {
            count.Count.ShouldBe(count.RuleId.Contains("EPI") ? 2 : 1);
            var finding = outcome.Findings.Where(finding => finding.RuleId == count.RuleId).ShouldHaveSingleItem();
            finding.Detail!.Value.ShouldBe("A1");
        }
    }

    [Fact]
    public void Only_what_is_referred_to_as_such_must_be_known_so()
    {
        var units = $"""{Whole}<Enhet enhetID="A9"/>""";

        new OrdMessage { Units = units, Referral = "A9" }.Add("E1").Read().Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("11", "", 1)]
    [InlineData("11", " trygdenasjon=\"SE\"", 0)]
    [InlineData("1", "", 0)]
    public void An_episode_covered_by_a_convention_has_a_country_in_its_period(
        string debitor, string country, int count)
    {
        var message = new OrdMessage { Country = country, BatchRowsMax = 1 };

        var findings = message.Add("E1").Add("E2", debitor: debitor).Read().Findings;

        findings.Count.ShouldBe(count);
        findings.ShouldAllBe(finding => finding.RuleId == "NPR-EPI-022" && finding.Detail!.Value == "H1");
    }

    [Fact]
    public void The_period_of_another_patient_is_another_period()
    {
        var message = new OrdMessage { Country = " trygdenasjon=\"SE\"" }.Add("E1").ToString();
        var other = new OrdMessage().Add("E2", debitor: "11").ToString();
        var from = other.IndexOf("<Objektholder", StringComparison.Ordinal);
        var holder = other[from..other.IndexOf("</Institusjon>", StringComparison.Ordinal)].Replace("\"P1\"", "\"P2\"");

        var outcome = OrdMessage.Read(message.Replace("</Institusjon>", $"{holder}</Institusjon>"));

        outcome.Findings.ShouldHaveSingleItem().RuleId.ShouldBe("NPR-EPI-022");
    }
}
