using System.Text.RegularExpressions;
using Kilde.Definitions.Model;
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
    private const string Between = ", ";

    private readonly Regex _written = new(
        $"^{Hole.Replace(Regex.Escape(Text.Nb), match => $"(?<p{match.Groups["no"]}>.+?)")}$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The numbers of the places in a text.</summary>
    internal static IEnumerable<string> PlacesIn(string text) =>
        Hole.Matches(Regex.Escape(text)).Select(match => match.Groups["no"].Value);

    /// <summary>The detail in a language; as it is written where no phrase fits: dates, names, other codes.</summary>
    /// <param name="codes">What codes in it are of, to be told with what they mean; null when they are of none.</param>
    /// <param name="said">True when a phrase fits.</param>
    public static string Say(
        IReadOnlyList<DetailPhrase> phrases, CodeList? codes, string detail, string language, out bool said) =>
        Say(phrases, codes, detail, language, DepthMax, out said);

    private static string Say(
        IReadOnlyList<DetailPhrase> phrases, CodeList? codes, string detail, string language, int depth,
        out bool said)
    {
        said = false;
        if (depth == 0) return detail;
        foreach (var phrase in phrases)
        {
            var match = phrase._written.Match(detail);
            if (!match.Success) continue;
            said = true;
            return InText.Replace(phrase.Text.In(language), hole => Say(
                phrases, codes, match.Groups["p" + hole.Groups["no"].Value].Value, language, depth - 1, out _));
        }

        return codes is null ? detail : WithMeanings(detail, codes, language);
    }

    // 21 (Langtidsopphold i institusjon): the code is what the sender's own system shows.
    private static string WithMeanings(string detail, CodeList codes, string language)
    {
        string[] written = detail.Split(Between);
        var known = written.Select(codes.Find).ToList();
        return known.Contains(null)
            ? detail
            : string.Join(Between, known.Select(code => $"{code!.Value.Value} ({code.Texts.In(language)})"));
    }

    /// <summary>In an escaped text; only the opening brace is escaped.</summary>
    [GeneratedRegex(@"\\\{(?<no>[0-9])\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hole { get; }

    [GeneratedRegex(@"\{(?<no>[0-9])\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InText { get; }
}
