using Kilde.Definitions.Reading;
using Kilde.Definitions.Tests.Rules;
using Kilde.Kernel;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>The first findings are told, and all of them are counted by rule.</summary>
public class FindingCountTests
{
    [Fact]
    public void Every_breach_of_a_rule_of_structure_or_codes_is_counted()
    {
        const int episodes = 250;
        var message = new OrdMessage();
        for (var number = 1; number <= episodes; number++) message.Add($"E{number}", attributes: "fraSted=\"~\"");

        var outcome = message.Read();

        outcome.Findings.Count(finding => finding.RuleId == "COD-001").ShouldBe(FindingLog.FindingsMax);
        outcome.RuleCounts.ShouldContain(new RuleCount("COD-001", Severity.Warning, episodes));
        outcome.RuleCounts.Sum(rule => rule.Count).ShouldBe(outcome.FindingCount);
    }

    [Fact]
    public void A_wrong_value_is_told_with_what_was_expected()
    {
        var finding = new OrdMessage().Add("E1", attributes: "fraSted=\"~\"").Read().Findings.ShouldHaveSingleItem();

        finding.Detail.ShouldNotBeNull().Value.ShouldBe("~");
        finding.Detail!.Expected.ShouldBe("en kode i Sted (8408)");
    }
}
