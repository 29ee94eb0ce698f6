using Kilde.Definitions.Model;

namespace Kilde.Definitions.Rules;

/// <summary>One value of an example, as the rule file writes it.</summary>
public sealed record WrittenValue(string Place, string Value);

/// <summary>A rule with the message types it holds for: what every list of rules is made of.</summary>
public sealed record ListedRule(Rule Rule, IReadOnlyList<MessageType> Types)
{
    /// <summary>Each rule once, by its id.</summary>
    public static IReadOnlyList<ListedRule> Of(IEnumerable<RuleSet> ruleSets) =>
    [
        .. ruleSets.SelectMany(rules => rules.All.Select(rule => (Rule: rule, rules.Type)))
            .GroupBy(one => one.Rule.Id, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new ListedRule(group.First().Rule, [.. group.Select(one => one.Type)])),
    ];

    /// <summary>The names of the types, each once.</summary>
    public IEnumerable<string> TypeNames => Types.Select(type => type.Name).Distinct(StringComparer.Ordinal);
}
