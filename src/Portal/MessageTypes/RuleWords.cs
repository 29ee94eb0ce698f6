using Kilde.Definitions.Rules;
using Kilde.Kernel;

namespace Kilde.Portal.MessageTypes;

/// <summary>The Norwegian words of content rules.</summary>
public static class RuleWords
{
    public static string AddressOf(Rule rule) => $"/meldingstyper/regler/{rule.Id}";

    public static string Of(RuleLevel level) => level switch
    {
        RuleLevel.Error => "Feil",
        RuleLevel.Warning => "Advarsel",
        _ => "Merknad",
    };

    public static string ColourOf(RuleLevel level) => level switch
    {
        RuleLevel.Error => "danger",
        RuleLevel.Warning => "warning",
        _ => "info",
    };

    public static string Of(Mender mender) => mender == Mender.Vendor ? "Leverandør" : "Avsender";

    public static string YearsOf(Rule rule) =>
        rule.LastDataYear is { } last ? $"{rule.FirstDataYear}–{last}" : $"fra {rule.FirstDataYear}";
}
