using Kilde.Portal.Shell;
using Kilde.Quality.Checks;

namespace Kilde.Portal.Findings;

/// <summary>Findings in words and colours.</summary>
internal static class FindingWords
{
    public static string ColourOf(FindingState state) => state switch
    {
        FindingState.Open => "warning",
        FindingState.Seen or FindingState.Explained => "info",
        FindingState.Accepted or FindingState.Corrected => "success",
        _ => "neutral",
    };

    /// <summary>A limit with its unit: 168 timer. A year is no count, and says itself what it is.</summary>
    public static string Limit(this Texts texts, LimitInForce limit) => limit.Limit is { Min: >= 1900, Max: <= 2100 }
        ? $"{limit.Value:0}"
        : $"{texts.Of(limit.Value)}\u00a0{texts.Of(limit.Limit.Unit)}";

    /// <summary>What was found, with its numbers.</summary>
    public static string Finding(this Texts texts, FindingLine finding, IReadOnlyList<LimitInForce> limits) =>
        FindingText.Of(finding, limits, texts.Language, number => texts.Of(number));

    /// <summary>What would mend an item, and where it is to be written.</summary>
    public static string Edit(this Texts texts, FindingEdit edit) => edit switch
    {
        { Removes: true, Patch: not null } => texts["findings.edit.empty.patch"],
        { Removes: true, XPath: not null } => texts["findings.edit.empty.file"],
        { Removes: true } => texts["findings.edit.empty"],
        { Becomes: { } value, Patch: not null } => texts["findings.edit.value.patch", value],
        { Becomes: { } value, XPath: not null } => texts["findings.edit.value.file", value],
        { Becomes: { } value } => texts["findings.edit.value", value],
        { Codes.Count: > 0 } => texts["findings.edit.codes"],
        _ => texts["findings.edit.unknown"],
    };
}
