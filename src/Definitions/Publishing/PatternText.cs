using System.Text.RegularExpressions;

namespace Kilde.Definitions.Publishing;

/// <summary>
/// A pattern as it stands in the definition. Inside it ends with <c>\z</c>, which no other language knows, and in XML
/// it is grouped, so that its ends hold for every alternative.
/// </summary>
internal static class PatternText
{
    private const string Start = "^(?:";
    private const string End = ")\\z";

    public static string Of(Regex pattern)
    {
        var text = pattern.ToString();
        return text.StartsWith(Start, StringComparison.Ordinal) && text.EndsWith(End, StringComparison.Ordinal)
            ? $"^{text[Start.Length..^End.Length]}$"
            : text.Replace("\\z", "$");
    }
}
