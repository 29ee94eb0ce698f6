using System.Text.RegularExpressions;
using Kilde.Kernel;

namespace Kilde.Definitions.Checks;

/// <summary>
/// Something that the detail of a finding may say, in the three languages. What differs stands as <c>{0}</c>, and may
/// be said in another phrase of the check.
/// </summary>
/// <param name="Text">Bokmål is as the check's SQL writes it.</param>
public sealed partial record DetailPhrase(LocalizedText Text)
{
    private const int DepthMax = 3;

    private readonly Regex _written = new(
        $"^{Hole.Replace(Regex.Escape(Text.Nb), match => $"(?<p{match.Groups["no"]}>.+?)")}$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The numbers of the places in a text.</summary>
    internal static IEnumerable<string> PlacesIn(string text) =>
        Hole.Matches(Regex.Escape(text)).Select(match => match.Groups["no"].Value);

    /// <summary>The detail in a language; as it is written where no phrase fits: codes, dates, names.</summary>
    /// <param name="said">True when a phrase fits.</param>
    public static string Say(IReadOnlyList<DetailPhrase> phrases, string detail, string language, out bool said) =>
        Say(phrases, detail, language, DepthMax, out said);

    private static string Say(
        IReadOnlyList<DetailPhrase> phrases, string detail, string language, int depth, out bool said)
    {
        said = false;
        if (depth == 0) return detail;
        foreach (var phrase in phrases)
        {
            var match = phrase._written.Match(detail);
            if (!match.Success) continue;
            said = true;
            return InText.Replace(phrase.Text.In(language), hole => Say(
                phrases, match.Groups["p" + hole.Groups["no"].Value].Value, language, depth - 1, out _));
        }

        return detail;
    }

    /// <summary>In an escaped text; only the opening brace is escaped.</summary>
    [GeneratedRegex(@"\\\{(?<no>[0-9])\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hole { get; }

    [GeneratedRegex(@"\{(?<no>[0-9])\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InText { get; }
}
