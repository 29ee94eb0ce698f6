using Kilde.Definitions.Checks;
using Kilde.Kernel;

namespace Kilde.Quality.Checks;

/// <summary>Says a finding to people, in bokmål.</summary>
public static class FindingText
{
    /// <summary>The check's text with the finding's values and the limits in force filled in.</summary>
    public static string Of(FindingLine finding, IReadOnlyList<LimitInForce> limits) =>
        CheckPlaceholders.InText.Replace(finding.Check.Text.Nb, match => match.Groups["name"].Value switch
        {
            "measured" => Number(finding.Measured),
            "basis" => Number(finding.Basis),
            "detail" => finding.Detail ?? "",
            var name => Number(limits.FirstOrDefault(limit => limit.Limit.Name == name)?.Value),
        });

    private static string Number(decimal? value) => value is { } number ? Norwegian.Number(number) : "–";
}
