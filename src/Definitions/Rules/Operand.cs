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
