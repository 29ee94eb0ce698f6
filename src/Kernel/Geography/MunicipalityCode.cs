using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>
/// A municipality number (kommunenummer), four digits: any that has been in use since 1988, and the codes for Svalbard,
/// Jan Mayen, the continental shelf, foreigners and unknown (Volven 3402).
/// </summary>
/// <remarks>
/// Store the code that held on the day of the event. <see cref="MapTo"/> moves it to the borders of the report's year;
/// where a municipality was divided the number alone cannot tell which part. No number has been used twice since 1988,
/// so a code tells its years by itself. <c>default</c> means "not set".
/// </remarks>
public readonly record struct MunicipalityCode : ISpanParsable<MunicipalityCode>, IUtf8SpanParsable<MunicipalityCode>
{
    private const int Length = 4;

    private readonly short _number;

    private MunicipalityCode(short number) => _number = number;

    /// <summary>9999: not known where.</summary>
    public static MunicipalityCode Unknown { get; } = new(9999);

    /// <summary>The four digits as a number; 301 for 0301.</summary>
    public int Number => _number;

    public string Name => Row.Name;

    /// <summary>Svalbard, Jan Mayen, the continental shelf, foreigners, unknown: not in any county.</summary>
    public bool IsSpecial => Row.IsSpecial;

    /// <summary>The county the code lay in while it was in use; null for the special codes.</summary>
    public CountyCode? County => IsSpecial ? null : CountyCode.Of(_number / 100);

    /// <summary>The last year the code was in use; null when it still is.</summary>
    public int? LastYear => Row.Last;

    private GeographyTables.Municipality Row => GeographyTables.Municipalities[_number];

    /// <summary>The municipalities of a year from 1987 on, without the special codes; 357 since 2024.</summary>
    public static IReadOnlyList<MunicipalityCode> InUse(int year) =>
    [
        .. GeographyTables.Municipalities.Keys.Order()
            .Select(number => new MunicipalityCode(number))
            .Where(code => !code.IsSpecial && code.IsInUse(year) && code.County != CountyCode.SvalbardBefore),
    ];

    /// <summary>Whether the code was in use in the year. Years before 1987 are taken as 1987.</summary>
    public bool IsInUse(int year) =>
        Row.First <= Math.Max(year, GeographyTables.FirstYear) && year <= (Row.Last ?? int.MaxValue);

    /// <summary>
    /// What the municipality is in the borders of a later year. One code, or the parts when it was divided on the way,
    /// or none when the code came into use after that year.
    /// </summary>
    public IReadOnlyList<MunicipalityCode> MapTo(int year)
    {
        if (IsInUse(year)) return [this];
        if (year < Row.First) return [];
        return [.. Row.Parts.SelectMany(part => new MunicipalityCode(part).MapTo(year)).Distinct()];
    }

    public override string ToString() => _number.ToString("D4", provider: null);

    public static bool TryParse(ReadOnlySpan<char> text, out MunicipalityCode code)
    {
        code = default;
        Span<byte> digits = stackalloc byte[Length];
        return text.Length == Length && Digits.TryRead(text, digits) && TryFromNumber(Digits.Join(digits), out code);
    }

    public static bool TryParse(ReadOnlySpan<byte> utf8, out MunicipalityCode code)
    {
        code = default;
        Span<byte> digits = stackalloc byte[Length];
        return utf8.Length == Length && Digits.TryRead(utf8, digits) && TryFromNumber(Digits.Join(digits), out code);
    }

    /// <summary>Reads a code that came as a number and so may have lost its leading zero.</summary>
    public static bool TryFromNumber(long number, out MunicipalityCode code)
    {
        var isKnown = number is > 0 and <= 9999 && GeographyTables.Municipalities.ContainsKey((short)number);
        code = isKnown ? new MunicipalityCode((short)number) : default;
        return isKnown;
    }

    public static MunicipalityCode Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var code) ? code : throw new FormatException("Not a known municipality number.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out MunicipalityCode result) =>
        TryParse(s, out result);

    public static bool TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out MunicipalityCode result) =>
        TryParse(s.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out MunicipalityCode result) =>
        TryParse(utf8Text, out result);

    public static MunicipalityCode Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static MunicipalityCode Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static MunicipalityCode Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, out var code) ? code : throw new FormatException("Not a known municipality number.");
}
