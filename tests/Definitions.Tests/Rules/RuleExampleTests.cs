using Kilde.Definitions.Rules;

namespace Kilde.Definitions.Tests.Rules;

public class RuleExampleTests
{
    public static TheoryData<string, string> Rules() => new(
        Kit.Catalogue.RuleSets.SelectMany(rules => rules.All.Select(rule => ($"{rules.Type}", rule.Id))).Distinct());

    /// <summary>Every example of every rule, in every type the rule holds for.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_means_what_its_examples_show(string type, string id)
    {
        var rules = Kit.Catalogue.RuleSets.Single(set => $"{set.Type}" == type);
        var rule = rules.All.Single(one => one.Id == id);
        var record = rules.Type.RecordTypes.FirstOrDefault(one => one.WireName == rule.Record);
        var own = record is not null ? rules.Of(record)!
            : rule.IsOfUnits ? rules.OfUnits : rules.OfMessage;
        var places = new Places(rules.Type, record);

        rule.Passing.ShouldNotBeEmpty();
        rule.Failing.ShouldNotBeEmpty();
        rule.Passing.ShouldAllBe(example => !example.Breaks(rule, own.Paths, places));
        rule.Failing.ShouldAllBe(example => example.Breaks(rule, own.Paths, places));
    }

    [Fact]
    public void A_rule_speaks_three_languages_and_says_what_was_expected()
    {
        foreach (var rule in Kit.Catalogue.RuleSets.SelectMany(rules => rules.All).DistinctBy(rule => rule.Id))
        {
            foreach (var text in new[] { rule.Text, rule.Expected })
            {
                text.Nb.ShouldEndWith(".", Case.Sensitive, rule.Id);
                text.Nn.ShouldNotBeNull(rule.Id).ShouldEndWith(".", Case.Sensitive, rule.Id);
                text.En.ShouldNotBeNull(rule.Id).ShouldEndWith(".", Case.Sensitive, rule.Id);
            }

            rule.Source.ShouldNotBeEmpty(rule.Id);
        }
    }

    /// <summary>Whoever is to mend an order of times must know which times.</summary>
    [Fact]
    public void Rules_that_want_times_in_order_name_them()
    {
        var expected = Kit.Catalogue.RuleSets.SelectMany(rules => rules.All).DistinctBy(rule => rule.Id)
            .Where(rule => rule.Check is OrderCondition).Select(rule => rule.Expected).ToList();

        expected.Count.ShouldBeGreaterThan(40);
        expected.ShouldAllBe(text => !text.Nb.Contains("Tidene") && !text.Nn!.Contains("Tidene"));
        expected.ShouldAllBe(text => !text.En!.Contains("times stand in order"));
    }

    [Theory]
    [InlineData("NPR_ORD", "NPR-EPI-011")] // code valid when the episode ended
    [InlineData("NPR_ORD", "NPR-EPI-013")] // procedure by its own day
    [InlineData("NPR_ORD", "NPR-EPI-002")] // treatment place
    [InlineData("NPR_ORD", "NPR-EPI-003")] // department
    [InlineData("NPR_ORD", "NPR-EPI-004")] // section
    [InlineData("NPR_ORD", "NPR-ENH-002")] // kinds A, B, C, X
    [InlineData("NPR_ORD", "NPR-EPI-001")] // time order
    [InlineData("NPR_KPP", "NPR-KPP-001")] // sums
    [InlineData("NPR_ORD", "NPR-KON-001")] // contact of type 1
    [InlineData("NPR_ORD", "NPR-KON-002")] // contact of type 15
    [InlineData("KPR_IPLOS", "KPR-IPL-003")] // hours
    [InlineData("KPR_IPLOS", "KPR-IPL-041")] // R7.37
    [InlineData("KPR_IPLOS", "KPR-IPL-042")] // R7.38
    [InlineData("KPR_IPLOS", "KPR-IPL-044")] // R7.36
    [InlineData("KPR_IPLOS", "KPR-IPL-009")] // R7.41
    [InlineData("KPR_IPLOS", "KPR-IPL-067")] // R7.42
    public void What_the_requirements_ask_for_is_there(string message, string id) =>
        Kit.Catalogue.RuleSets.Where(rules => rules.Type.Name == message)
            .ShouldContain(rules => rules.All.Any(rule => rule.Id == id));
}
