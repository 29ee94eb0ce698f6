using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Kilde.Portal.Shell;

/// <summary>
/// The texts of the shell, from <c>Texts/nb.json</c>, <c>nn.json</c> and <c>en.json</c>. The globalization of .NET is
/// off (one culture everywhere), so resource files by culture are not used. A text that a language lacks is shown in
/// bokmål.
/// </summary>
public sealed class Texts
{
    public const string Bokmaal = "nb";
    public const string CookieName = "kilde-spraak";

    private static readonly Dictionary<string, Texts> ByLanguage = new(StringComparer.Ordinal)
    {
        ["nb"] = new("nb", Read("nb")),
        ["nn"] = new("nn", Read("nn")),
        ["en"] = new("en", Read("en")),
    };

    private readonly Dictionary<string, string> _texts;

    private Texts(string language, Dictionary<string, string> texts)
    {
        Language = language;
        _texts = texts;
    }

    /// <summary>Language tag (BCP 47) and the language's own name.</summary>
    public static IReadOnlyList<(string Tag, string Name)> Languages { get; } =
        [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")];

    public string Language { get; }

    public IReadOnlyCollection<string> Keys => _texts.Keys;

    public string this[string key] =>
        _texts.TryGetValue(key, out var text) ? text : ByLanguage[Bokmaal]._texts[key];

    /// <summary>The texts in a language; bokmål when it is unknown.</summary>
    public static Texts In(string? language) =>
        language is not null && ByLanguage.TryGetValue(language, out var texts) ? texts : ByLanguage[Bokmaal];

    /// <summary>The language the visitor has chosen.</summary>
    public static Texts For(HttpContext context) => In(context.Request.Cookies[CookieName]);

    private static Dictionary<string, string> Read(string language)
    {
        using var stream = typeof(Texts).Assembly.GetManifestResourceStream($"texts/{language}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}
