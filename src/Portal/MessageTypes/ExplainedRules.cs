using System.Collections.Frozen;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Rules;

namespace Kilde.Portal.MessageTypes;

/// <summary>
/// The rules that have a page: those of content, which their definitions explain, and those that hold for every
/// message while it is read, which the texts <c>reading.ID</c> explain.
/// </summary>
public sealed class ExplainedRules
{
    private readonly FrozenDictionary<string, ListedRule> _content;
    private readonly FrozenDictionary<string, ReadingRule> _reading =
        ReadingRules.All.ToFrozenDictionary(rule => rule.Id, StringComparer.Ordinal);

    public ExplainedRules(DefinitionCatalogue definitions)
    {
        Content = ListedRule.Of(definitions.RuleSets);
        _content = Content.ToFrozenDictionary(listed => listed.Rule.Id, StringComparer.Ordinal);
    }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<ListedRule> Content { get; }

    public bool Has(string id) => _content.ContainsKey(id) || _reading.ContainsKey(id);

    public ListedRule? FindContent(string id) => _content.GetValueOrDefault(id);

    public ReadingRule? FindReading(string id) => _reading.GetValueOrDefault(id);
}
