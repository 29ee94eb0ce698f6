using Kilde.Definitions.Checks;
using Kilde.Kernel;

namespace Kilde.Quality.Checks;

/// <summary>Says a finding to people.</summary>
public static class FindingText
{
    /// <summary>The check's text in bokmål with the finding's values and the limits in force filled in.</summary>
    public static string Of(FindingLine finding, IReadOnlyList<LimitInForce> limits) =>
        Of(finding, limits, finding.Check.Text.Nb, Norwegian.Number);

    /// <param name="text">The check's text in the reader's language.</param>
    /// <param name="say">Writes a number in that language.</param>
    public static string Of(
        FindingLine finding, IReadOnlyList<LimitInForce> limits, string text, Func<decimal, string> say)
    {
        return CheckPlaceholders.InText.Replace(text, match => match.Groups["name"].Value switch
        {
            "measured" => Number(finding.Measured),
            "basis" => Number(finding.Basis),
            "detail" => finding.Detail ?? "",
            var name => Number(limits.FirstOrDefault(limit => limit.Limit.Name == name)?.Value),
        });

        string Number(decimal? value) => value is { } number ? say(number) : "–";
    }
}
