using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>
/// An organisation number in the Central Coordinating Register for Legal Entities: nine digits, mod 11.
/// </summary>
/// <remarks>
/// Real ones lie from 810 000 000 up; synthetic ones (Tenor) begin with 2 or 3. 777 777 777 holds its control digit but
/// belongs to nobody: the validation service lets vendors without an agreement use it, nothing else does (F11, C23), so
/// only <see cref="TryParseForValidation"/> reads it. <c>default</c> means "not set".
/// </remarks>
public readonly record struct OrganizationNumber :
    ISpanParsable<OrganizationNumber>, IUtf8SpanParsable<OrganizationNumber>
{
    private const int Length = 9;
    private const int RealMin = 810_000_000;
    private const int SyntheticMin = 200_000_000;
    private const int SyntheticMax = 399_999_999;
    private const int ValidationValue = 777_777_777;

    private OrganizationNumber(int number) => Number = number;

    /// <summary>777 777 777, for vendors who only validate.</summary>
    public static OrganizationNumber ValidationOnly { get; } = new(ValidationValue);

    /// <summary>The nine digits as a number. No organisation number begins with 0.</summary>
    public int Number { get; }

    public bool IsSynthetic => Number is >= SyntheticMin and <= SyntheticMax;

    private static ReadOnlySpan<byte> Weights => [3, 2, 7, 6, 5, 4, 3, 2, 1];

    public override string ToString() => Number.ToString("D9", provider: null);

    public static bool TryParse(ReadOnlySpan<char> text, out OrganizationNumber number)
    {
        number = default;
        Span<byte> digits = stackalloc byte[Length];
        return text.Length == Length && Digits.TryRead(text, digits) && TryFromNumber(Digits.Join(digits), out number);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out OrganizationNumber number)
    {
        number = default;
        Span<byte> digits = stackalloc byte[Length];
        return utf8.Length == Length && Digits.TryRead(utf8, digits) && TryFromNumber(Digits.Join(digits), out number);
    }

    public static bool TryFromNumber(long number, out OrganizationNumber organization)
    {
        var isValid = number is (>= RealMin and <= 999_999_999) or (>= SyntheticMin and <= SyntheticMax)
            && HoldsControlDigit(number);
        organization = isValid ? new OrganizationNumber((int)number) : default;
        return isValid;
    }

    /// <summary>Reads as the validation service does: 777 777 777 is accepted too.</summary>
    public static bool TryParseForValidation(ReadOnlySpan<char> text, out OrganizationNumber number)
    {
        if (TryParse(text, out number)) return true;
        if (text is not "777777777") return false;
        number = ValidationOnly;
        return true;
    }

    /// <summary>
    /// Reads nine digits, or the ten-digit form some lists give a part of a unit: the unit's number and a trailing 0
    /// (the annual municipal message's <c>^\d{9}0?$</c>; radiotherapy in the list of hospitals).
    /// </summary>
    /// <param name="isPart">True for the ten-digit form. The number is then that of the unit it is part of.</param>
    public static bool TryParseSubUnitForm(ReadOnlySpan<char> text, out OrganizationNumber number, out bool isPart)
    {
        isPart = text.Length == Length + 1 && text[Length] == '0';
        return TryParse(isPart ? text[..Length] : text, out number);
    }

    /// <summary>
    /// The control digit that completes eight digits; null when the register never issues such a number.
    /// </summary>
    /// <param name="firstEight">The first eight digits, 10 000 000–99 999 999.</param>
    public static int? ControlDigitOf(int firstEight)
    {
        var digit = (11 - (WeightedSum(firstEight * 10L) % 11)) % 11;
        return digit == 10 ? null : digit;
    }

    private static bool HoldsControlDigit(long number) => WeightedSum(number) % 11 == 0;

    private static int WeightedSum(long number)
    {
        Span<byte> digits = stackalloc byte[Length];
        Digits.TrySplit(number, digits);
        var sum = 0;
        for (var i = 0; i < Length; i++) sum += digits[i] * Weights[i];
        return sum;
    }

    public static OrganizationNumber Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var number) ? number : throw new FormatException("Not a valid organisation number.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out OrganizationNumber result) =>
        TryParse(s, out result);

    public static bool TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out OrganizationNumber result) =>
        TryParse(s.AsSpan(), out result);

    public static bool TryParse(
        ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out OrganizationNumber result) =>
        TryParse(utf8Text, out result);

    public static OrganizationNumber Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static OrganizationNumber Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static OrganizationNumber Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, out var number) ? number : throw new FormatException("Not a valid organisation number.");
}
