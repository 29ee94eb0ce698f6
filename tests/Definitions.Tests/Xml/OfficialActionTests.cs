using Kilde.Definitions.Reading;
using Kilde.Definitions.Reading.Xml;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>
/// What NPR's server does with a value that XML Schema accepts, we do: each check that the official annotations turn on
/// is tried with values it refuses, and what becomes of them is held against the official action.
/// </summary>
public class OfficialActionTests(ITestOutputHelper output)
{
    private static readonly DateOnly To = new(2019, 12, 31);

    public static TheoryData<string, string, string> Types => new()
    {
        { "NPR_ORD", "53.1.3", "xpr-53.1.3/XPR(ord)" },
        { "NPR_STR", "53.1.3", "xpr-53.1.3/XPR(str)" },
        { "NPR_RAD", "53.1.3", "xpr-53.1.3/XPR(rad)" },
        { "NPR_PRE", "53.1.3", "xpr-53.1.3/XPR(pre)" },
        { "NPR_KPP", "53.1.3", "xpr-53.1.3/XPR(kpp)" },
        { "KPR_IPL", "53.1.3", "xpr-53.1.3/XPR(ipl)" },
        { "KPR_IPL", "56.0.0", "xpr-56.0.0/XPR(ipl)" },
        { "KPR_HST", "56.0.0", "xpr-56.0.0/XPR(hst)" },
        { "KPR_IPLOS", "3.7", "iplos/iplos_2019" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void What_the_annotations_check_has_the_official_action(string name, string version, string file)
    {
        var checks = OfficialCheck.ReadAll(Repository.Oracle("schemas", $"{file}_Annotations.xsd"));
        var plan = new XmlPlan(Kit.Catalogue.Find(name, version)!);
        var (tried, others) = (0, new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var (check, node, item) in Places(plan, checks))
        {
            foreach (var value in ProbeValues.Of(check, item))
            {
                if (Outcome(plan, node, item, value) is not { } done) continue;
                tried++;
                if (done != check.Action.ToString())
                    others[$"{check.Element}/{check.Item} {check.Kind}"] = $"{check.Action}, here {done}";
            }
        }

        var differences = others.Select(one => $"{name} {version} {one.Key}: {one.Value}").ToArray();
        var known = KnownActions.All.Where(one => one.StartsWith($"{name} {version} ", StringComparison.Ordinal));
        output.WriteLine($"{name} {version}: {checks.Count} checks, {tried} values tried, {differences.Length} known "
            + "differences.");
        differences.ShouldBe(known, ignoreOrder: true);
        tried.ShouldBeGreaterThan(checks.Count / 4);
    }

    // The annotations name elements that hold one text by the element around them.
    private static IEnumerable<(OfficialCheck Check, NodePlan Node, ItemPlan Item)> Places(
        XmlPlan plan, IReadOnlyList<OfficialCheck> checks) =>
        from node in plan.Nodes
        from item in node.Items.Append(node.Text).OfType<ItemPlan>()
        let element = item.Item.IsText ? node.Parent?.Name : node.Name
        let named = item.Item.IsText ? node.Name : item.Item.Name
        from check in checks
        where check.Element == element && check.Item == named
        select (check, node, item);

    /// <summary>What became of the value; null when it is a matter of structure.</summary>
    private static string? Outcome(XmlPlan plan, NodePlan node, ItemPlan item, string value)
    {
        var state = new XmlReadState(plan, new ReadOptions(PersonIdentifierPolicy.Test, To.AddDays(9)));
        Array.Fill(state.Days, To.DayNumber);
        var judge = new ItemJudge(state);
        var at = new ItemState { IsPresent = true };
        judge.Judge(node, item, value, ref at);
        var told = state.Findings.ToList();
        if (told.Any(finding => finding.RuleId is "STR-027" or "STR-028")) return null;
        if (state.Findings.IsRejected) return nameof(OfficialAction.RejectMessage);
        return (judge.Fate, at.Outcome) switch
        {
            (ElementFate.Dropped, _) => nameof(OfficialAction.DropRow),
            (ElementFate.OwnValuesDropped, _) => nameof(OfficialAction.DropRowOnly),
            (_, ItemOutcome.MinusOne) => nameof(OfficialAction.MinusOne),
            (_, ItemOutcome.Zero) => nameof(OfficialAction.Zero),
            _ when told.Count == 0 => "nothing",
            (_, ItemOutcome.Null) => value.Length == 0 ? nameof(OfficialAction.Log) : nameof(OfficialAction.Null),
            _ => nameof(OfficialAction.Log),
        };
    }
}
