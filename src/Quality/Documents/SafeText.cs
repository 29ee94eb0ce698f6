using System.Text;

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

    /// <summary>A path with ids in it is long, and its end tells most: the item, and the line.</summary>
    private const int PlaceCharactersMax = 400;

    private const int DigitsMin = 11;
    private const int DigitsMax = 12;
    private const string Masked = "•••••••••••";

    public static string Of(string text)
    {
        var line = OneLine(text, out var holdsNumber);
        if (holdsNumber) return Masked;
        return line.Length <= CharactersMax ? line : string.Concat(line.AsSpan(0, CharactersMax - 1), "…");
    }

    /// <summary>
    /// A place in a message. What stands around a number is the sender's ids and our words for elements, and is shown,
    /// or nobody could find the place; so is the end of it, however long it is.
    /// </summary>
    public static string Place(string text)
    {
        var line = OneLine(text, out _);
        return line.Length <= PlaceCharactersMax ? line : $"…{line.AsSpan(line.Length - PlaceCharactersMax + 1)}";
    }

    private static string OneLine(string text, out bool holdsNumber)
    {
        holdsNumber = false;
        var line = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var (length, isNumber) = DigitsAt(text.AsSpan(at));
            if (length == 0) line.Append(char.IsControl(text[at]) ? ' ' : text[at]);
            else if (isNumber) line.Append(Masked);
            else line.Append(text, at, length);
            holdsNumber |= isNumber;
            at += Math.Max(1, length);
        }

        return line.ToString();
    }

    // Digits with a space, point or hyphen between are one number to a reader. They end with a digit.
    private static (int Length, bool IsNumber) DigitsAt(ReadOnlySpan<char> text)
    {
        var (digits, length, unbroken) = (0, 0, 0);
        var isNumber = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsDigit(text[at]))
            {
                (digits, unbroken, length) = (digits + 1, unbroken + 1, at + 1);
                continue;
            }

            isNumber |= IsNumber(unbroken);
            unbroken = 0;
            if (digits == 0 || text[at] is not (' ' or '\u00a0' or '-' or '.')) break;
        }

        return (length, isNumber || IsNumber(unbroken) || IsNumber(digits));
    }

    private static bool IsNumber(int digits) => digits is >= DigitsMin and <= DigitsMax;
}
