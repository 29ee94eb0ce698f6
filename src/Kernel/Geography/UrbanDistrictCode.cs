using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>
/// An urban district (bydel) in Oslo, Bergen, Stavanger or Trondheim, six digits: the municipality's four and two more
/// (Volven 3403). Ending 99 says that the district is not known.
/// </summary>
/// <remarks>
/// The number follows the municipality when that is renumbered: 120107 in Bergen became 460107. Trondheim and Bergen
/// have had other divisions before, so two last digits that are not on the list are taken, without a name.
/// <c>default</c> means "not set".
/// </remarks>
public readonly record struct UrbanDistrictCode : ISpanParsable<UrbanDistrictCode>, IUtf8SpanParsable<UrbanDistrictCode>
{
    private const int Length = 6;
    private const int Unknown = 99;

    private UrbanDistrictCode(int number) => Number = number;

    /// <summary>The six digits as a number; 30112 for 030112.</summary>
    public int Number { get; }

    public bool IsUnknown => Number % 100 == Unknown;

    public MunicipalityCode Municipality =>
        MunicipalityCode.TryFromNumber(Number / 100, out var municipality) ? municipality : default;

    /// <summary>The name of today; null when the district is not in today's division.</summary>
    public string? Name =>
        MapTo(DateOnly.MaxValue.Year) is { } today
            ? GeographyTables.UrbanDistricts.GetValueOrDefault(today.Number)
            : null;

    /// <summary>
    /// The 38 districts of today, the two forest and city-centre areas of Oslo included, without the unknown ones.
    /// </summary>
    public static IReadOnlyList<UrbanDistrictCode> All { get; } =
    [
        .. GeographyTables.UrbanDistricts.Keys.Order()
            .Select(number => new UrbanDistrictCode(number)).Where(code => !code.IsUnknown),
    ];

    /// <summary>
    /// The number the district has in a later year; null when the code came into use after that year.
    /// </summary>
    public UrbanDistrictCode? MapTo(int year) =>
        Municipality.MapTo(year) is [var municipality]
            ? new UrbanDistrictCode((municipality.Number * 100) + (Number % 100))
            : null;

    public override string ToString() => Number.ToString("D6", provider: null);

    public static bool TryParse(ReadOnlySpan<char> text, out UrbanDistrictCode code)
    {
        code = default;
        Span<byte> digits = stackalloc byte[Length];
        return text.Length == Length && Digits.TryRead(text, digits) && TryFromNumber(Digits.Join(digits), out code);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out UrbanDistrictCode code)
    {
        code = default;
        Span<byte> digits = stackalloc byte[Length];
        return utf8.Length == Length && Digits.TryRead(utf8, digits) && TryFromNumber(Digits.Join(digits), out code);
    }

    /// <summary>Reads a code that came as a number and so may have lost its leading zero.</summary>
    public static bool TryFromNumber(long number, out UrbanDistrictCode code)
    {
        // Oslo, Stavanger, Bergen and Trondheim, the last two also by their numbers before 2020 and 2018.
        var isValid = number % 100 != 0 && number / 100 is 0301 or 1103 or 1201 or 4601 or 1601 or 5001;
        code = isValid ? new UrbanDistrictCode((int)number) : default;
        return isValid;
    }

    public static UrbanDistrictCode Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var code) ? code : throw new FormatException("Not an urban district.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out UrbanDistrictCode result) =>
        TryParse(s, out result);

    public static bool TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out UrbanDistrictCode result) =>
        TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out UrbanDistrictCode result) =>
        TryParse(utf8Text, out result);

    public static UrbanDistrictCode Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static UrbanDistrictCode Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static UrbanDistrictCode Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, out var code) ? code : throw new FormatException("Not an urban district.");
}
