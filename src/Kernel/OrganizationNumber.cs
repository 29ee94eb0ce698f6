using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>An organisation number in the Central Coordinating Register for Legal Entities: nine digits, mod 11.</summary>
public readonly record struct OrganizationNumber : ISpanParsable<OrganizationNumber>
{
    private readonly int _digits;

    private OrganizationNumber(int digits) => _digits = digits;

    public override string ToString() => _digits.ToString("D9", provider: null);

    public static bool TryParse(ReadOnlySpan<char> text, out OrganizationNumber number) =>
        throw new NotSupportedException();

    public static OrganizationNumber Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var number) ? number : throw new FormatException("Not a valid organisation number.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out OrganizationNumber result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out OrganizationNumber result) =>
        TryParse(s.AsSpan(), out result);

    public static OrganizationNumber Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static OrganizationNumber Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());
}
