using Kilde.Testing;

namespace Kilde.Synthetic.Tests;

/// <summary>The page that lists what can be made wrong.</summary>
public class FaultListTests
{
    [Fact]
    public void Each_kind_of_fault_stands_on_the_page_with_its_rule()
    {
        var rows = File.ReadLines(Repository.At("docs", "modules", "synthetic-faults.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|'))
            .Select(cells => $"{cells[1].Trim(' ', '`')} {cells[3].Trim(' ', '–')}");

        rows.ShouldBe(Enum.GetValues<FileFault>().Select(kind => $"{kind} {FaultRules.Of(kind)}"));
    }
}
