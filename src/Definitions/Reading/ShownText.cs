using System.Globalization;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Values as they may be told: short, by the Norwegian clock, and never an identifier of a person.
/// </summary>
internal static class ShownText
{
    private const int CharactersMax = 40;

    // What a record keeps within it as Json has its times in UTC.
    private static readonly string[] UtcForms =
        ["yyyy-MM-dd'T'HH:mm:ss'+00:00'", "yyyy-MM-dd'T'HH:mm:ss.fffffff'+00:00'"];

    public static string? Of(string text)
    {
        if (text.Length == 0) return null;
        if (IdentifierInText.IsIn(text)) return "***";
        if (DateTime.TryParseExact(text, UtcForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var utc))
            return OsloTime.TextOf(utc.Ticks);
        return text.Length <= CharactersMax ? text : $"{text[..CharactersMax]}…";
    }
}
