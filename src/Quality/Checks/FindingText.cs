using System.Globalization;
using Kilde.Definitions.Checks;
using Kilde.Kernel;

namespace Kilde.Quality.Checks;

/// <summary>Says a finding to people.</summary>
public static class FindingText
{
    private static readonly Func<decimal, string> English =
        number => number.ToString("#,##0.##", CultureInfo.InvariantCulture);

    /// <summary>The check's text in bokmål with the finding's values and the limits in force filled in.</summary>
    public static string Of(FindingLine finding, IReadOnlyList<LimitInForce> limits) =>
        Of(finding, limits, "nb", Norwegian.Number);

    /// <summary>The same in another language, with numbers as it writes them.</summary>
    public static string Of(FindingLine finding, IReadOnlyList<LimitInForce> limits, string language) =>
        Of(finding, limits, language, language == "en" ? English : Norwegian.Number);

    /// <summary>The same in another language.</summary>
    /// <param name="say">Writes a number in that language.</param>
    public static string Of(
        FindingLine finding, IReadOnlyList<LimitInForce> limits, string language, Func<decimal, string> say)
    {
        var text = finding.Check.Text.In(language);
        return CheckPlaceholders.InText.Replace(text, match => match.Groups["name"].Value switch
        {
            "measured" => Number(finding.Measured),
            "basis" => Number(finding.Basis),
            "detail" => finding.Detail is { } detail
                ? DetailPhrase.Say(finding.Check.Details, finding.Check.DetailCodes, detail, language, out _)
                : "",
            var name => Number(limits.FirstOrDefault(limit => limit.Limit.Name == name)?.Value),
        });

        string Number(decimal? value) => value is { } number ? say(number) : "–";
    }
}
