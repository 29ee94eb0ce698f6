namespace Kilde.Kernel;

/// <summary>
/// Which series and marker the digits of a person identifier belong to; the rules of form, series by series.
/// </summary>
internal static class PersonIdentifierForm
{
    public const int Length = 11;
    public const int DufLength = 12;

    private const int DNumberDay = 40;

    // DUF numbers begin with the year of registration. Years before the series began are held valid in form: they
    // belong to nobody and are what tests may use.
    private const int DufYearMin = 1890;
    private const int DufYearMax = 2099;

    public static bool TryRecognize(
        ReadOnlySpan<byte> digits, PersonIdentifierKind told, out PersonIdentifierKind kind, out SyntheticMarker marker)
    {
        (kind, marker) = (PersonIdentifierKind.None, SyntheticMarker.None);
        if (digits.Length == DufLength)
        {
            if (!IsTold(told, PersonIdentifierKind.DufNumber) || !HasDufYear(digits)) return false;
            kind = PersonIdentifierKind.DufNumber;
            return true;
        }

        if (digits.Length != Length) return false;
        if (told == PersonIdentifierKind.HNumber)
        {
            kind = told;
            return IsHelpNumber(digits);
        }

        if (digits[0] >= 8)
        {
            kind = PersonIdentifierKind.SharedHelpNumber;
            return IsTold(told, kind) && ControlDigits.HoldBy1964(digits);
        }

        if (!TryReadDate(digits, out var isDNumber, out marker)) return false;
        kind = isDNumber ? PersonIdentifierKind.DNumber : PersonIdentifierKind.NationalIdentityNumber;
        return IsTold(told, kind) && ControlDigits.HoldBy2032(digits);
    }

    private static bool IsTold(PersonIdentifierKind told, PersonIdentifierKind kind) =>
        told == kind || told == PersonIdentifierKind.None;

    private static bool HasDufYear(ReadOnlySpan<byte> digits) =>
        Digits.Join(digits[..4]) is >= DufYearMin and <= DufYearMax;

    // Either month + 40, or a first digit of 8 or 9 in older systems. The control digits are not asked for:
    // institutions fill them in differently.
    private static bool IsHelpNumber(ReadOnlySpan<byte> digits) =>
        digits[0] >= 8
        || (TryReadDate(digits, out var isDNumber, out var marker) && !isDNumber && marker == SyntheticMarker.Dolly40);

    private static bool TryReadDate(ReadOnlySpan<byte> digits, out bool isDNumber, out SyntheticMarker marker)
    {
        var day = (digits[0] * 10) + digits[1];
        var month = (digits[2] * 10) + digits[3];

        isDNumber = day > DNumberDay;
        if (isDNumber) day -= DNumberDay;

        marker = month switch
        {
            <= 12 => SyntheticMarker.None,
            >= 41 and <= 52 => SyntheticMarker.Dolly40,
            >= 66 and <= 77 => SyntheticMarker.SyntPop65,
            >= 81 => SyntheticMarker.Tenor80,
            _ => SyntheticMarker.None,
        };
        month -= (int)marker;

        // The century is not known, so leap years are those of 2000–2099, as in Skatteetaten's own validator.
        var year = 2000 + (digits[4] * 10) + digits[5];
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
    }
}
