using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>The series a person identifier belongs to (Norwegian list 8116).</summary>
public enum PersonIdentifierKind
{
    None = 0,
    NationalIdentityNumber = 1,
    DNumber = 2,
    HNumber = 3,
    SharedHelpNumber = 4,
    DufNumber = 5,
}

/// <summary>The marker that shows a number to be synthetic, added to the month.</summary>
public enum SyntheticMarker
{
    None = 0,
    Tenor80 = 80,
    Dolly40 = 40,
    SyntPop65 = 65,
}

/// <summary>An identifier of a person: fødselsnummer, D-nummer, H-nummer, felles hjelpenummer or DUF-nummer.</summary>
public readonly record struct PersonIdentifier : ISpanParsable<PersonIdentifier>
{
    private readonly long _digits;

    private PersonIdentifier(long digits, PersonIdentifierKind kind, SyntheticMarker marker)
    {
        _digits = digits;
        Kind = kind;
        Marker = marker;
    }

    public PersonIdentifierKind Kind { get; }

    public SyntheticMarker Marker { get; }

    /// <summary>The digits in clear text. Call it only where the law lets the clear text go.</summary>
    public string Reveal() => _digits.ToString(Kind == PersonIdentifierKind.DufNumber ? "D12" : "D11", provider: null);

    public override string ToString() => "***********";

    /// <summary>Reads a number whose series is not told.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PersonIdentifier identifier) =>
        throw new NotSupportedException();

    /// <summary>Reads a number that the message says is of the given kind.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, PersonIdentifierKind kind, out PersonIdentifier identifier) =>
        throw new NotSupportedException();

    public static PersonIdentifier Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var identifier) ? identifier : throw new FormatException("Not a valid person identifier.");

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out PersonIdentifier result) =>
        TryParse(s, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PersonIdentifier result) =>
        TryParse(s.AsSpan(), out result);

    public static PersonIdentifier Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static PersonIdentifier Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());
}
