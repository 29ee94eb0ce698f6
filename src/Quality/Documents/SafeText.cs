namespace Kilde.Quality.Documents;

/// <summary>
/// What a sender wrote, as it may be shown in a report: short, on one line, and never with a person's number in it.
/// </summary>
/// <remarks>
/// The readers mask identifiers before they make findings; this is the second lock on the same door, because a report
/// leaves the house. Any eleven or twelve digits are masked, valid number or not: a wrong digit is still somebody.
/// </remarks>
internal static class SafeText
{
    private const int CharactersMax = 120;
    private const int DigitsMin = 11;
    private const int DigitsMax = 12;
    private const string Masked = "•••••••••••";

    public static string Of(string text)
    {
        if (HoldsNumber(text)) return Masked;
        var oneLine = new string([.. text.Select(character => char.IsControl(character) ? ' ' : character)]);
        return oneLine.Length <= CharactersMax ? oneLine : string.Concat(oneLine.AsSpan(0, CharactersMax - 1), "…");
    }

    // Digits with a space, point or hyphen between are one number to a reader.
    private static bool HoldsNumber(string text)
    {
        var digits = 0;
        foreach (var character in text.Append(';'))
        {
            if (char.IsDigit(character)) digits++;
            else if (character is not (' ' or '\u00a0' or '-' or '.'))
            {
                if (digits is >= DigitsMin and <= DigitsMax) return true;
                digits = 0;
            }
        }

        return false;
    }
}
