namespace Kilde.Kernel;

/// <summary>
/// Finds identifiers of persons where none belongs: in local ids, headers, references and numbers that a sender or a
/// user wrote. A fødselsnummer, D-number or felles hjelpenummer there would follow the text into the register and the
/// logs.
/// </summary>
public static class IdentifierInText
{
    private const int Digits = PersonIdentifierForm.Length;
    private const int DateDigits = 6;
    private const int StackCharactersMax = 512;

    // The smallest number of a person: the first day of January, its leading zero lost.
    private const long NumberMin = 1_000_000_000;
    private const long NumberMax = 99_999_999_999;

    /// <summary>
    /// True when exactly eleven digits in a row form a valid fødselsnummer, D-number or felles hjelpenummer, or when
    /// six digits and five do, with one space, hyphen, dash or point between.
    /// </summary>
    public static bool IsIn(ReadOnlySpan<byte> utf8)
    {
        // Runs of eleven and of six both cover a sixth byte, so only those need be looked at.
        for (var at = DateDigits - 1; at < utf8.Length; at += DateDigits)
        {
            if (!IsDigit(utf8[at])) continue;
            int from = at, to = EndOfDigits(utf8, at);
            while (from > 0 && IsDigit(utf8[from - 1])) from--;
            if (to - from == Digits && IsNumberOfPerson(utf8[from..to])) return true;
            if (to - from == DateDigits && IsDivided(utf8[from..])) return true;
        }

        return false;
    }

    /// <inheritdoc cref="IsIn(ReadOnlySpan{byte})"/>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        Span<byte> narrow = text.Length <= StackCharactersMax ? stackalloc byte[text.Length] : new byte[text.Length];
        for (var i = 0; i < text.Length; i++) narrow[i] = Narrow(text[i]);
        return IsIn(narrow);
    }

    /// <summary>True when the number is a valid number of a person, its leading zero lost or not.</summary>
    public static bool Is(long number) =>
        number is >= NumberMin and <= NumberMax
        && PersonIdentifier.TryFromNumber(number, out var found)
        && IsNationwide(found);

    /// <inheritdoc cref="Is(long)"/>
    public static bool Is(decimal number) =>
        number is >= NumberMin and <= NumberMax && decimal.Truncate(number) == number && Is((long)number);

    // Six digits, a divider and exactly five digits.
    private static bool IsDivided(ReadOnlySpan<byte> text)
    {
        var divider = DividerLength(text[DateDigits..]);
        if (divider == 0) return false;
        var rest = text[(DateDigits + divider)..];
        if (rest.IsEmpty || EndOfDigits(rest, 0) != Digits - DateDigits) return false;
        Span<byte> joined = stackalloc byte[Digits];
        text[..DateDigits].CopyTo(joined);
        rest[..(Digits - DateDigits)].CopyTo(joined[DateDigits..]);
        return IsNumberOfPerson(joined);
    }

    // A space that does not break (C2 A0), and the hyphen and dashes of print (E2 80 90–94), are of several bytes.
    private static int DividerLength(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)' ' or (byte)'-' or (byte)'.', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE2, 0x80, >= 0x90 and <= 0x94, ..] => 3,
        _ => 0,
    };

    private static byte Narrow(char letter) => letter switch
    {
        '\u00A0' or (>= '\u2010' and <= '\u2014') => (byte)'-',
        _ => char.IsAscii(letter) ? (byte)letter : (byte)'?',
    };

    private static int EndOfDigits(ReadOnlySpan<byte> text, int from)
    {
        while (from < text.Length && IsDigit(text[from])) from++;
        return from;
    }

    private static bool IsNumberOfPerson(ReadOnlySpan<byte> digits) =>
        PersonIdentifier.TryParse(digits, out var found) && IsNationwide(found);

    // Those that mean the same wherever they stand; an H-number means nothing outside its institution.
    private static bool IsNationwide(PersonIdentifier identifier) => identifier.Kind is
        PersonIdentifierKind.NationalIdentityNumber or PersonIdentifierKind.DNumber
        or PersonIdentifierKind.SharedHelpNumber;

    private static bool IsDigit(byte unit) => unit is >= (byte)'0' and <= (byte)'9';
}
