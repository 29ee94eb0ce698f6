using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>
/// A health professional's number in Helsepersonellregisteret: 1 to 9 digits, usually 7, without a control digit.
/// National messages often pad it with zeros to nine; the padding means nothing. <c>default</c> means "not set".
/// </summary>
public readonly record struct HprNumber : ISpanParsable<HprNumber>, IUtf8SpanParsable<HprNumber>
{
    private const int LengthMax = 9;

    private HprNumber(int number) => Number = number;

    public int Number { get; }

    /// <summary>Without padding.</summary>
    public override string ToString() => Number.ToString(provider: null);

    /// <summary>Nine digits, as national messages want it.</summary>
    public string ToPaddedString() => Number.ToString("D9", provider: null);

    public static bool TryParse(ReadOnlySpan<char> text, out HprNumber number)
    {
        number = default;
        Span<byte> digits = stackalloc byte[LengthMax];
        return text.Length is > 0 and <= LengthMax && Digits.TryRead(text, digits)
            && TryFromNumber(Digits.Join(digits[..text.Length]), out number);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out HprNumber number)
    {
        number = default;
        Span<byte> digits = stackalloc byte[LengthMax];
        return utf8.Length is > 0 and <= LengthMax && Digits.TryRead(utf8, digits)
            && TryFromNumber(Digits.Join(digits[..utf8.Length]), out number);
    }

    public static bool TryFromNumber(long number, out HprNumber hpr)
    {
        var isValid = number is > 0 and <= 999_999_999;
        hpr = isValid ? new HprNumber((int)number) : default;
        return isValid;
    }

    public static HprNumber Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var number) ? number : throw new FormatException("Not a valid HPR number.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out HprNumber result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out HprNumber result) =>
        TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out HprNumber result) =>
        TryParse(utf8Text, out result);

    public static HprNumber Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static HprNumber Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static HprNumber Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, out var number) ? number : throw new FormatException("Not a valid HPR number.");
}
