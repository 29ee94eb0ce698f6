using Kilde.Testing;

namespace Kilde.Synthetic.Tests;

/// <summary>The page that lists what can be made wrong, and that what is not there is left out for a reason.</summary>
public class FaultListTests
{
    /// <summary>Content rules of the files that nothing breaks.</summary>
    private static readonly string[] NeverBroken =
    [
        // Held against codes that each installation has for itself.
        "NPR-EPI-011", "NPR-EPI-013",

        // Of the message as a whole: its period is wrong, and with it what it holds.
        "NPR-PER-001", "NPR-PER-002", "NPR-PER-003", "NPR-PER-004", "KPR-IPL-001", "KPR-IPL-002",
    ];

    [Fact]
    public void Each_kind_of_fault_stands_on_the_page_with_its_rule()
    {
        var rows = File.ReadLines(Repository.At("docs", "modules", "synthetic-faults.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|'))
            .Select(cells => $"{cells[1].Trim(' ', '`')} {cells[3].Trim(' ', '–')}");

        rows.ShouldBe(Enum.GetValues<FileFault>().Select(kind => $"{kind} {FaultRules.Of(kind)}"));
    }

    [Fact]
    public void Each_content_rule_of_the_files_is_broken_by_a_kind()
    {
        string[] types = ["NPR_ORD", "NPR_IDE", "NPR_KPP", "NPR_PAK", "KPR_IPLOS"];
        var rules = RepositoryDefinitions.Catalogue.RuleSets.Where(set => types.Contains(set.Type.Name))
            .SelectMany(set => set.All).Select(rule => rule.Id).Distinct();

        rules.Except(Enum.GetValues<FileFault>().Select(FaultRules.Of)).ShouldBe(NeverBroken, ignoreOrder: true);
    }
}
