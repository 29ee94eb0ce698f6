namespace Kilde.Kernel;

/// <summary>
/// Finds identifiers of persons where none belongs: in local ids, headers, references and numbers that a sender or a
/// user wrote. A fødselsnummer or D-number there would follow the text into the register and the logs.
/// </summary>
public static class IdentifierInText
{
    private const int Digits = PersonIdentifierForm.Length;
    private const int StackCharactersMax = 512;

    // The smallest number of a person: the first day of January, its leading zero lost.
    private const long NumberMin = 1_000_000_000;
    private const long NumberMax = 99_999_999_999;

    /// <summary>True when exactly eleven digits in a row form a valid fødselsnummer or D-number.</summary>
    public static bool IsIn(ReadOnlySpan<byte> utf8)
    {
        // A run of eleven covers every eleventh byte, so only those need be looked at.
        for (var at = Digits - 1; at < utf8.Length; at += Digits)
        {
            if (!IsDigit(utf8[at])) continue;
            int from = at, to = at + 1;
            while (from > 0 && IsDigit(utf8[from - 1])) from--;
            while (to < utf8.Length && IsDigit(utf8[to])) to++;
            if (to - from == Digits && PersonIdentifier.TryParse(utf8[from..to], out var found) && IsNational(found))
                return true;
        }

        return false;
    }

    /// <inheritdoc cref="IsIn(ReadOnlySpan{byte})"/>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        Span<byte> narrow = text.Length <= StackCharactersMax ? stackalloc byte[text.Length] : new byte[text.Length];
        for (var i = 0; i < text.Length; i++) narrow[i] = char.IsAscii(text[i]) ? (byte)text[i] : (byte)'?';
        return IsIn(narrow);
    }

    /// <summary>True when the number is a valid fødselsnummer or D-number, its leading zero lost or not.</summary>
    public static bool Is(long number) =>
        number is >= NumberMin and <= NumberMax
        && PersonIdentifier.TryFromNumber(number, out var found)
        && IsNational(found);

    /// <inheritdoc cref="Is(long)"/>
    public static bool Is(decimal number) =>
        number is >= NumberMin and <= NumberMax && decimal.Truncate(number) == number && Is((long)number);

    private static bool IsNational(PersonIdentifier identifier) =>
        identifier.Kind is PersonIdentifierKind.NationalIdentityNumber or PersonIdentifierKind.DNumber;

    private static bool IsDigit(byte unit) => unit is >= (byte)'0' and <= (byte)'9';
}
