using Kilde.Definitions.Model;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>The last values that a simple type takes, and the first that it does not.</summary>
internal static class BoundaryValues
{
    private const string Digits = "8123456789";

    // The largest whole number that .NET reads in a type without bounds, and the one above.
    private const string Largest = "79228162514264337593543950335";
    private const string TooLarge = "79228162514264337593543950336";

    public static IReadOnlyList<string> Of(SimpleType type) =>
        [.. OfBase(type.Base), .. OfLength(type), .. OfRange(type), .. OfDigits(type)];

    private static string[] OfBase(XmlBase type) => type switch
    {
        XmlBase.Short => ["32767", "32768", "-32768", "-32769"],
        XmlBase.Int => ["2147483647", "2147483648", "-2147483648", "-2147483649"],
        XmlBase.Long =>
            ["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"],
        XmlBase.NonNegativeInteger => ["0", "-0", "-1", Long('0'), Largest, TooLarge],
        XmlBase.PositiveInteger => ["1", "0", "-0", "+1", Largest, TooLarge],
        XmlBase.Integer => ["0", "-0", Largest, TooLarge, $"-{Largest}", $"-{TooLarge}", Long('0')],
        XmlBase.Decimal => [Largest, TooLarge, $"{Largest}.", $"0.{Long('0')}1", $"-{Largest}", ".", Long('0')],
        XmlBase.Double =>
        [
            "1.7976931348623157E308", "1.7976931348623159E308", "-1E309", "4.9E-324", "1E-400", "INF", "-INF", "+INF",
            "NaN", "1E", "1e5", "1E+", Long('9'), $"0.{Long('1')}", $"{Long('9')}E-300", $"{Long('9')}x",
        ],
        XmlBase.Boolean => ["true", "false", "1", "0", "2", "True", "truee"],
        XmlBase.Date =>
        [
            "0001-01-01", "0000-12-31", "9999-12-31", "10000-01-01", "2020-02-29", "2019-02-29", "1900-02-29",
            "2019-12-31+14:00", "2019-12-31+14:01", "2019-12-31-14:00", "2019-04-31", "2019-12-00", "0001-01-01+14:00",
        ],
        XmlBase.DateTime =>
        [
            "0001-01-01T00:00:00", "0000-12-31T00:00:00", "9999-12-31T23:59:59", "9999-12-31T24:00:00",
            "2019-12-31T24:00:00", "2019-12-31T24:00:01", "2019-12-31T23:60:00", "2019-12-31T23:59:60",
            "2019-12-31T23:59:59.9999999", "2019-12-31T23:59:59.99999999", $"2019-06-30T12:00:00.{Long('3')}",
            $"2019-06-30T12:00:00.{Long('3')}Z", "2019-06-30T12:00:00+14:00", "2019-06-30T12:00:00-14:01",
        ],
        XmlBase.GYear => ["0001", "0000", "9999", "10000", "999", "-2019", "2019+14:00", "2019-14:01"],
        XmlBase.Guid =>
        [
            "00000000-0000-0000-0000-000000000000", "FFFFFFFF-ffff-ffff-ffff-ffffffffffff",
            "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000",
            "{00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-00000000000g",
        ],
        _ => ["", " ", Long('x')],
    };

    private static IEnumerable<string> OfLength(SimpleType type)
    {
        if (type.LengthMin > 0) foreach (var text in Around(type.LengthMin)) yield return text;
        if (type.LengthMax < int.MaxValue) foreach (var text in Around(type.LengthMax)) yield return text;
    }

    // Digits and letters, as the pattern of the type may take only one of them.
    private static IEnumerable<string> Around(int length) =>
        from each in (int[])[length - 1, length, length + 1]
        from text in (string[])[Repeat(Digits, each), new string('A', each)]
        select text;

    private static IEnumerable<string> OfRange(SimpleType type) =>
        from bound in (decimal?[])[type.Min, type.Max]
        where bound is not null
        from step in type.IsWhole ? (decimal[])[-1, 0, 1] : [-0.01m, 0, 0.01m]
        select FormattableString.Invariant($"{bound + step}");

    private static IEnumerable<string> OfDigits(SimpleType type)
    {
        var whole = (type.TotalDigits ?? 0) - (type.FractionDigits ?? 0);
        if (type.TotalDigits is { } total)
        {
            foreach (var digits in (int[])[total, total + 1]) yield return Repeat(Digits, digits);
            yield return $"{Repeat("0", 5)}{Repeat(Digits, whole)}";
        }

        if (type.FractionDigits is not { } fraction) yield break;
        foreach (var digits in (int[])[fraction, fraction + 1])
            yield return $"{Repeat(Digits, Math.Max(1, whole))}.{Repeat(Digits, digits)}";
        yield return $"1.{Repeat(Digits, fraction)}000";
    }

    private static string Repeat(string text, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(at => text[at % text.Length]));

    // Longer than any number or time needs to be.
    private static string Long(char letter) => new(letter, 400);
}
