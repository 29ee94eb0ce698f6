using System.Text.RegularExpressions;

namespace Kilde.Definitions.Publishing;

/// <summary>
/// A pattern as it stands in the definition; inside it ends with <c>\z</c>, which no other language knows.
/// </summary>
internal static class PatternText
{
    public static string Of(Regex pattern) => pattern.ToString().Replace("\\z", "$");
}
