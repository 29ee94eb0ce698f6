using System.Diagnostics.CodeAnalysis;

namespace Kilde.Kernel;

/// <summary>The series a person identifier belongs to (Norwegian list 8116).</summary>
public enum PersonIdentifierKind
{
    None = 0,

    /// <summary>Fødselsnummer (FNR).</summary>
    NationalIdentityNumber = 1,

    /// <summary>D-nummer (DNR), for people without a fødselsnummer; the same person may get one later.</summary>
    DNumber = 2,

    /// <summary>H-nummer (HNR): one institution's own help number. Means nothing outside that institution.</summary>
    HNumber = 3,

    /// <summary>Felles hjelpenummer (FHN), given by Norsk Helsenett.</summary>
    SharedHelpNumber = 4,

    /// <summary>DUF-nummer, given by the immigration authorities; twelve digits.</summary>
    DufNumber = 5,
}

/// <summary>The marker that shows a number to be synthetic, added to the month.</summary>
public enum SyntheticMarker
{
    None = 0,

    /// <summary>Skatteetaten, Tenor: months 81–92. The only one that Kilde's own test persons use.</summary>
    Tenor80 = 80,

    /// <summary>NAV, Dolly: months 41–52, the same as H-numbers have.</summary>
    Dolly40 = 40,

    /// <summary>Norsk Helsenett, SyntPop: months 66–77.</summary>
    SyntPop65 = 65,
}

/// <summary>An identifier of a person: fødselsnummer, D-nummer, H-nummer, felles hjelpenummer or DUF-nummer.</summary>
/// <remarks>
/// <para>The digits never leave this type by accident: <see cref="ToString()"/> masks them, and the two <c>Reveal</c>
/// methods are the only way to read them. <c>default</c> means "not set" and is never stored.</para>
/// <para>Control digits follow the rules of 1964 and 2032 side by side. Those of H- and DUF-numbers are not trusted by
/// the authorities themselves: a wrong one is accepted, and <see cref="ControlDigitsHold"/> says so, for a warning.
/// </para>
/// <para>Month + 40 is both NAV's synthetic marker and the mark of an H-number. Only the message can tell: told to be
/// an H-number it is one, otherwise it is a synthetic number (ADR 10). <see cref="PersonIdentifierPolicy"/> reads it
/// the other way in production.</para>
/// <para>Sex and birth date are never read from the number: from 2032 the digits do not hold them. They belong to the
/// person's record in Folkeregisteret.</para>
/// </remarks>
public readonly record struct PersonIdentifier :
    ISpanParsable<PersonIdentifier>, IUtf8SpanParsable<PersonIdentifier>
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

    public bool IsSynthetic => Marker != SyntheticMarker.None;

    /// <summary>Digits in the number: 12 for DUF, else 11.</summary>
    public int Length =>
        Kind == PersonIdentifierKind.DufNumber ? PersonIdentifierForm.DufLength : PersonIdentifierForm.Length;

    /// <summary>
    /// False only for H- and DUF-numbers whose control digits do not come out: a warning, not a refusal.
    /// </summary>
    public bool ControlDigitsHold
    {
        get
        {
            if (Kind is not (PersonIdentifierKind.HNumber or PersonIdentifierKind.DufNumber)) return true;
            Span<byte> digits = stackalloc byte[PersonIdentifierForm.DufLength];
            digits = digits[..Length];
            Digits.TrySplit(_digits, digits);
            return Kind == PersonIdentifierKind.DufNumber
                ? ControlDigits.HoldForDuf(digits)
                : ControlDigits.HoldBy2032(digits);
        }
    }

    /// <summary>The digits in clear text. Call it only where the law lets the clear text go.</summary>
    public string Reveal() => _digits.ToString(Kind == PersonIdentifierKind.DufNumber ? "D12" : "D11", provider: null);

    /// <summary>
    /// Writes the digits in clear text as ASCII, without leaving a string in memory. Returns how many were written.
    /// Call it only where the law lets the clear text go.
    /// </summary>
    public int Reveal(Span<byte> utf8)
    {
        var written = utf8[..Length];
        Digits.TrySplit(_digits, written);
        foreach (ref var digit in written) digit += (byte)'0';
        return written.Length;
    }

    public override string ToString() => "***********";

    /// <summary>
    /// Reads a number whose series is not told. Month + 40 is then a synthetic number, not an H-number.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PersonIdentifier identifier) =>
        TryParse(text, PersonIdentifierKind.None, out identifier);

    /// <summary>
    /// Reads a number that the message says is of the given kind; a number of another kind is refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, PersonIdentifierKind kind, out PersonIdentifier identifier)
    {
        identifier = default;
        if (text.Length is not (PersonIdentifierForm.Length or PersonIdentifierForm.DufLength)) return false;
        Span<byte> digits = stackalloc byte[PersonIdentifierForm.DufLength];
        return Digits.TryRead(text, digits) && TryRecognize(digits[..text.Length], kind, out identifier);
    }

    /// <summary>Reads UTF-8 as <see cref="TryParse(ReadOnlySpan{char}, out PersonIdentifier)"/> reads text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out PersonIdentifier identifier) =>
        TryParse(utf8, PersonIdentifierKind.None, out identifier);

    /// <summary>Reads UTF-8 that the message says is of the given kind; a number of another kind is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, PersonIdentifierKind kind, out PersonIdentifier identifier)
    {
        identifier = default;
        if (utf8.Length is not (PersonIdentifierForm.Length or PersonIdentifierForm.DufLength)) return false;
        Span<byte> digits = stackalloc byte[PersonIdentifierForm.DufLength];
        return Digits.TryRead(utf8, digits) && TryRecognize(digits[..utf8.Length], kind, out identifier);
    }

    /// <summary>
    /// Reads an identifier that came as a JSON or database number and so may have lost its leading zero.
    /// </summary>
    /// <param name="kind">What the message says; <see cref="PersonIdentifierKind.None"/> when nothing.</param>
    public static bool TryFromNumber(long number, PersonIdentifierKind kind, out PersonIdentifier identifier)
    {
        identifier = default;
        Span<byte> digits = stackalloc byte[PersonIdentifierForm.DufLength];
        if (number < 100_000_000_000) digits = digits[..PersonIdentifierForm.Length];
        return Digits.TrySplit(number, digits) && TryRecognize(digits, kind, out identifier);
    }

    /// <inheritdoc cref="TryFromNumber(long, PersonIdentifierKind, out PersonIdentifier)"/>
    public static bool TryFromNumber(long number, out PersonIdentifier identifier) =>
        TryFromNumber(number, PersonIdentifierKind.None, out identifier);

    internal void CopyDigits(Span<byte> digits) => Digits.TrySplit(_digits, digits[..Length]);

    /// <summary>The number as an H-number, where only an H-number can have a month above 40: in production.</summary>
    internal PersonIdentifier AsHelpNumber() => new(_digits, PersonIdentifierKind.HNumber, SyntheticMarker.None);

    private static bool TryRecognize(
        ReadOnlySpan<byte> digits, PersonIdentifierKind told, out PersonIdentifier identifier)
    {
        var isRecognized = PersonIdentifierForm.TryRecognize(digits, told, out var kind, out var marker);
        if (kind == PersonIdentifierKind.HNumber) marker = SyntheticMarker.None;
        identifier = isRecognized ? new PersonIdentifier(Digits.Join(digits), kind, marker) : default;
        return isRecognized;
    }

    public static PersonIdentifier Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var identifier) ? identifier : throw new FormatException("Not a valid person identifier.");

    // What ISpanParsable and IUtf8SpanParsable ask for; they let ASP.NET and generic readers bind the type.
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out PersonIdentifier result) =>
        TryParse(s, out result);

    public static bool TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, out PersonIdentifier result) =>
        TryParse(s.AsSpan(), out result);

    public static bool TryParse(
        ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out PersonIdentifier result) =>
        TryParse(utf8Text, out result);

    public static PersonIdentifier Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    public static PersonIdentifier Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan());

    public static PersonIdentifier Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) =>
        TryParse(utf8Text, out var identifier)
            ? identifier
            : throw new FormatException("Not a valid person identifier.");
}
