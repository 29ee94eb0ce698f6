using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>
/// The number of a communication party in Adresseregisteret: 1 to 9 digits, counted upwards, without a control digit.
/// It names a mailbox, never a person. <c>default</c> means "not set".
/// </summary>
public readonly record struct HerId : ISpanParsable<HerId>, IUtf8SpanParsable<HerId>
{
    private const int LengthMax = 9;

    private HerId(int number) => Number = number;

    public int Number { get; }

    public override string ToString() => Number.ToString(provider: null);

    public static bool TryParse(ReadOnlySpan<char> text, out HerId number)
    {
        number = default;
        Span<byte> digits = stackalloc byte[LengthMax];
        return text.Length is > 0 and <= LengthMax && Digits.TryRead(text, digits)
            && TryFromNumber(Digits.Join(digits[..text.Length]), out number);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out HerId number)
    {
        number = default;
        Span<byte> digits = stackalloc byte[LengthMax];
        return utf8.Length is > 0 and <= LengthMax && Digits.TryRead(utf8, digits)
            && TryFromNumber(Digits.Join(digits[..utf8.Length]), out number);
    }

    public static bool TryFromNumber(long number, out HerId her)
    {
        var isValid = number is > 0 and <= 999_999_999;
        her = isValid ? new HerId((int)number) : default;
        return isValid;
    }

    public static HerId Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var number) ? number : throw new FormatException("Not a valid HER-id.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out HerId result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out HerId result) =>
        TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out HerId result) =>
        TryParse(utf8Text, out result);

    public static HerId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static HerId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static HerId Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, out var number) ? number : throw new FormatException("Not a valid HER-id.");
}
