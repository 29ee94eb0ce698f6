using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>
/// A county number (fylkesnummer), two digits: the fifteen of 2024 and those before them. County numbers 31–56 and
/// their older namesakes are different counties. <c>default</c> means "not set".
/// </summary>
public readonly record struct CountyCode : ISpanParsable<CountyCode>
{
    private readonly byte _number;

    private CountyCode(byte number) => _number = number;

    /// <summary>21, the group that held the codes of Svalbard's islands before 2100; not a county.</summary>
    internal static CountyCode SvalbardBefore { get; } = new(21);

    public int Number => _number;

    public string Name => GeographyTables.Counties[_number];

    /// <summary>The counties of a year from 1987 on; fifteen since 2024.</summary>
    public static IReadOnlyList<CountyCode> InUse(int year) =>
        [.. MunicipalityCode.InUse(year).Select(municipality => municipality.County!.Value).Distinct()];

    public override string ToString() => _number.ToString("D2", provider: null);

    public static bool TryParse(ReadOnlySpan<char> text, out CountyCode code)
    {
        code = default;
        Span<byte> digits = stackalloc byte[2];
        if (text.Length != 2 || !Digits.TryRead(text, digits)) return false;
        var number = (byte)Digits.Join(digits);
        if (number == SvalbardBefore._number || !GeographyTables.Counties.ContainsKey(number)) return false;
        code = new CountyCode(number);
        return true;
    }

    public static CountyCode Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var code) ? code : throw new FormatException("Not a known county number.");

    internal static CountyCode Of(int number) => new((byte)number);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out CountyCode result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CountyCode result) =>
        TryParse(s.AsSpan(), out result);

    public static CountyCode Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static CountyCode Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());
}
