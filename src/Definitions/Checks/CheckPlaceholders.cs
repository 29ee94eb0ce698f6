using System.Text.RegularExpressions;

namespace Kilde.Definitions.Checks;

/// <summary>How a check's SQL names its limits, and its texts what is filled in.</summary>
public static partial class CheckPlaceholders
{
    /// <summary>A limit in SQL: <c>@hours</c>.</summary>
    [GeneratedRegex("@(?<name>[a-zA-Z][a-zA-Z0-9]*)", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Limit { get; }

    /// <summary>A place in a text: <c>{measured}</c>.</summary>
    [GeneratedRegex(@"\{(?<name>[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex InText { get; }

    internal static IEnumerable<string> NamesIn(string text, Regex placeholder) =>
        placeholder.Matches(text).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);
}
