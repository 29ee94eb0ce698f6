using Kilde.Definitions.Rules;
using Kilde.Portal.Shell;

namespace Kilde.Portal.MessageTypes;

/// <summary>Addresses, words and colours of rules.</summary>
public static class RuleWords
{
    public static string AddressOf(string id) => $"/meldingstyper/regler/{id}";

    public static string ColourOf(RuleLevel level) => level switch
    {
        RuleLevel.Error => "danger",
        RuleLevel.Warning => "warning",
        _ => "info",
    };

    public static string Years(this Texts texts, Rule rule) => rule.LastDataYear is { } last
        ? $"{rule.FirstDataYear}–{last}"
        : texts["rules.from", $"{rule.FirstDataYear}"];
}
