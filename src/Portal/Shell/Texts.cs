using System.Globalization;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Intake.Overview;
using Kilde.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Kilde.Portal.Shell;

/// <summary>
/// What the pages say, in one language: the texts of <c>nb.json</c>, <c>nn.json</c> and <c>en.json</c> in the folder
/// <c>Texts</c> beside each page, put together at start, and numbers, days and times as that language writes them.
/// A page has the visitor's own as <c>T</c>: <c>@T["findings.open", count]</c>.
/// </summary>
/// <remarks>
/// The globalization of .NET is off (one culture everywhere), so resource files by culture are not used. A text that a
/// language lacks is shown in bokmål.
/// </remarks>
public sealed class Texts
{
    public const string Bokmaal = "nb";
    public const string CookieName = "kilde-spraak";
    private const string Folder = "texts/";
    private const int SecondsOfNow = 5;

    private static readonly Dictionary<string, Texts> ByLanguage =
        Languages.ToDictionary(language => language.Tag, language => new Texts(language.Tag), StringComparer.Ordinal);

    private readonly Dictionary<string, TextPattern> _texts;
    private readonly NumberFormatInfo _numbers;

    private Texts(string language)
    {
        Language = language;
        _texts = Read(language);
        _numbers = new NumberFormatInfo
        {
            NumberGroupSeparator = this["format.group"],
            NumberDecimalSeparator = this["format.decimal"],
            NegativeSign = "\u2212",
        };
    }

    /// <summary>Language tag (BCP 47) and the language's own name.</summary>
    public static IReadOnlyList<(string Tag, string Name)> Languages =>
        [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")];

    public string Language { get; }

    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <summary>For the attribute <c>lang</c> around what is said in bokmål only; none where the page is.</summary>
    public string? InBokmaal => Language == Bokmaal ? null : Bokmaal;

    /// <summary>For the attribute <c>lang</c> around a definition's text; none where the page's own.</summary>
    public string? LangOf(LocalizedText text) => text.LanguageOf(Language) == Language ? null : Bokmaal;

    public string this[string key] => Pattern(key).Say(this);

    /// <summary>The text with values in its places, each said as <see cref="Of"/> says it.</summary>
    public string this[string key, params ReadOnlySpan<object?> values] => Pattern(key).Say(this, values);

    /// <summary>The text as markup: a <see cref="Rich"/> value makes a link of it; the rest is encoded.</summary>
    public MarkupString Rich(string key, params ReadOnlySpan<object?> values) => Pattern(key).SayRich(this, values);

    /// <summary>The text of a key that is put together of data; null when there is none.</summary>
    public string? Find(string key) => _texts.GetValueOrDefault(key)?.Say(this);

    /// <summary>
    /// A value in words: 12&#160;345, 07.03.2026, an age in its largest unit, a definition's text in this language, the
    /// word of an enum's value (key <c>Type.Value</c>). A year is no count: give it as text.
    /// </summary>
    public string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        int or long or short => Convert.ToInt64(value, provider: null).ToString("N0", _numbers),
        double number => number.ToString("N1", _numbers),
        decimal number => number.ToString("#,##0.##", _numbers),
        DateOnly day => day.ToString(this["format.date"]),
        DateTimeOffset instant => Norwegian.Clock(instant).ToString(this["format.time"]),
        TimeSpan age => Age(age),
        LocalizedText text => text.In(Language),
        OrganizationNumber number => Norwegian.Grouped(number.ToString()),
        Enum one => Find($"{one.GetType().Name}.{one}") ?? one.ToString(),
        _ => value.ToString() ?? "",
    };

    /// <summary>FHI's names of the refusals (Slash API, codes 1001–2010).</summary>
    public string OfRefusal(int code) => Find($"refusal.{code}") ?? Of(SubmissionState.Rejected);

    /// <summary>The day of an instant, in Norway.</summary>
    public string Day(DateTimeOffset instant) => Of(Norwegian.Day(instant));

    /// <summary>07.03.2026 kl. 14.05.33</summary>
    public string Second(DateTimeOffset instant) => Norwegian.Clock(instant).ToString(this["format.second"]);

    /// <summary>07.03.2026 kl. 14.05.33,120</summary>
    public string ExactTime(DateTimeOffset instant) => Norwegian.Clock(instant).ToString(this["format.exactTime"]);

    /// <summary>830 ms · 1,4 s · 3 min</summary>
    public string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1000 } => this["age.milliseconds", (long)time.TotalMilliseconds],
        { TotalSeconds: < 60 } => this["age.seconds", time.TotalSeconds],
        _ => Age(time),
    };

    /// <summary>The texts in a language; bokmål when it is unknown.</summary>
    public static Texts In(string? language) =>
        language is not null && ByLanguage.TryGetValue(language, out var texts) ? texts : ByLanguage[Bokmaal];

    /// <summary>The language the visitor has chosen.</summary>
    public static Texts For(HttpContext? context) => In(context?.Request.Cookies[CookieName]);

    internal TextPattern Pattern(string key) =>
        _texts.TryGetValue(key, out var text) ? text : ByLanguage[Bokmaal]._texts[key];

    private string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < SecondsOfNow } => this["age.now"],
        { TotalSeconds: < 60 } => this["age.seconds", (int)age.TotalSeconds],
        { TotalMinutes: < 60 } => this["age.minutes", (int)age.TotalMinutes],
        { TotalHours: < 24 } => this["age.hours", (int)age.TotalHours],
        _ => this["age.days", (long)age.TotalDays],
    };

    private static Dictionary<string, TextPattern> Read(string language)
    {
        var assembly = typeof(Texts).Assembly;
        var texts = new Dictionary<string, TextPattern>(StringComparer.Ordinal);
        var files = assembly.GetManifestResourceNames().Where(name =>
            name.StartsWith(Folder, StringComparison.Ordinal)
            && name.EndsWith($"/{language}.json", StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var stream = assembly.GetManifestResourceStream(file)!;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
                texts.Add(key, TextPattern.Parse(text));
        }

        return texts;
    }
}
