using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Quality.Documents;

/// <summary>
/// The texts of the reports, from <c>Texts/nb.json</c>, <c>nn.json</c> and <c>en.json</c>. A text that a language lacks
/// is shown in bokmål.
/// </summary>
public sealed class ReportTexts
{
    public const string Bokmaal = "nb";

    private static readonly Dictionary<string, ReportTexts> ByLanguage = new(StringComparer.Ordinal)
    {
        ["nb"] = new("nb"), ["nn"] = new("nn"), ["en"] = new("en"),
    };

    private readonly Dictionary<string, string> _texts;

    private ReportTexts(string language) => (Language, _texts) = (language, Read(language));

    public static IReadOnlyCollection<string> Languages => ByLanguage.Keys;

    /// <summary>Language tag (BCP 47).</summary>
    public string Language { get; }

    public IReadOnlyCollection<string> Keys => _texts.Keys;

    public string this[string key] =>
        _texts.TryGetValue(key, out var text) ? text : ByLanguage[Bokmaal]._texts[key];

    /// <summary>A text that a form brings, in this language; in bokmål where it is not written.</summary>
    public string Of(LocalizedText text) => text.In(Language);

    /// <summary>The texts in a language; bokmål when it is unknown.</summary>
    public static ReportTexts In(string? language) =>
        ByLanguage.GetValueOrDefault(language ?? Bokmaal) ?? ByLanguage[Bokmaal];

    private static Dictionary<string, string> Read(string language)
    {
        using var stream = typeof(ReportTexts).Assembly.GetManifestResourceStream($"texts/{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}
