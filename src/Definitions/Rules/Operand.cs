using System.Globalization;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>An item as a rule sees it from the subjects it is held against.</summary>
/// <param name="IsRepeated">
/// True when each subject may have several: the item stands in elements below it. Else it is the subject's own, or of
/// what it stands in.
/// </param>
internal sealed record Operand(Item Item, bool IsRepeated)
{
    /// <summary>As the rule writes it.</summary>
    public string Path => Item.Path;

    /// <summary>What stands there, as it may be told to the sender; null when nothing does.</summary>
    public string? Shown(Table subjects, int subject)
    {
        if (!IsRepeated) return ShownText.Of(subjects.Texts(this)[subject].ToString());
        var texts = subjects.Scene.TextsOf(Item);
        var owners = subjects.OwnersOf(this);
        var told = new List<string>();
        for (var i = 0; i < owners.Length; i++)
        {
            if (owners[i] == subject && texts[i].IsPresent) told.Add(texts[i].ToString());
        }

        return ShownText.Of(string.Join(", ", told));
    }
}

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
        if (Kernel.IdentifierInText.IsIn(text)) return "***";
        if (DateTime.TryParseExact(text, UtcForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var utc))
            return OsloTime.TextOf(utc.Ticks);
        return text.Length <= CharactersMax ? text : $"{text[..CharactersMax]}…";
    }
}
