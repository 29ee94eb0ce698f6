using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Rules;

/// <summary>
/// What the rules found in one message: every breach counted, the first ones of each rule told. A file of a million
/// rows may break a rule in each of them; nobody reads more than some.
/// </summary>
internal sealed class RuleFindings
{
    public const int ToldPerRuleMax = 20;
    public const int ToldMax = 1_000;

    private readonly Dictionary<Rule, long> _counts = [];
    private readonly List<(Rule Rule, Finding Finding)> _told = [];

    public long Count { get; private set; }

    /// <summary>True when the next breach of the rule is told, not only counted.</summary>
    public bool IsTold(Rule rule) =>
        _told.Count < ToldMax && _counts.GetValueOrDefault(rule) < ToldPerRuleMax;

    public void Tell(Rule rule, string place, string? value, long times = 1)
    {
        _told.Add((rule, new Finding(rule.Id, rule.Severity, place, rule.Text.Nb)
        {
            Detail = new FindingDetail(value, rule.Expected.Nb, rule.Mender),
        }));
        CountOnly(rule, times);
    }

    public void CountOnly(Rule rule, long times = 1)
    {
        _counts[rule] = _counts.GetValueOrDefault(rule) + times;
        Count += times;
    }

    public IReadOnlyList<Finding> Findings =>
        [.. _told.OrderBy(told => told.Rule.Id, StringComparer.Ordinal).Select(told => told.Finding)];

    public IReadOnlyList<RuleCount> Counts =>
    [
        .. _counts.Select(count => new RuleCount(count.Key.Id, count.Key.Severity, count.Value))
            .OrderBy(count => count.RuleId, StringComparer.Ordinal),
    ];
}
