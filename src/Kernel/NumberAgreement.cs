namespace Kilde.Kernel;

/// <summary>How a number's digits compare with what is known of the person.</summary>
public enum NumberAgreement
{
    /// <summary>The number does not hold sex and birth year, or nothing is known to compare with.</summary>
    NotComparable = 0,
    Agrees = 1,

    /// <summary>2 in the link status of Norsk pasientregister (NPRID_REG).</summary>
    SexDiffers = 2,

    /// <summary>3 in the link status of Norsk pasientregister (NPRID_REG).</summary>
    BirthYearDiffers = 3,
}

/// <summary>
/// The one place that looks at the sex and birth year in a number, as a check of quality and nothing else.
/// </summary>
/// <remarks>
/// The digits held sex and birth year in numbers issued before 2032. Later numbers with remainder 0 cannot be told from
/// those, so a difference is a question to the sender, never a correction.
/// </remarks>
public static class NumberQualityCheck
{
    /// <summary>
    /// Compares a fødselsnummer or D-number with the reported birth year and sex; null is not reported.
    /// </summary>
    public static NumberAgreement Compare(PersonIdentifier identifier, int? birthYear, bool? isFemale)
    {
        if (identifier.Kind is not (PersonIdentifierKind.NationalIdentityNumber or PersonIdentifierKind.DNumber))
            return NumberAgreement.NotComparable;

        Span<byte> digits = stackalloc byte[PersonIdentifierForm.Length];
        identifier.CopyDigits(digits);
        if (!ControlDigits.HoldBy1964(digits) || BirthYear(digits) is not { } yearInNumber)
            return NumberAgreement.NotComparable;

        var isFemaleInNumber = digits[8] % 2 == 0;
        if (birthYear is { } year && year != yearInNumber) return NumberAgreement.BirthYearDiffers;
        if (isFemale is { } female && female != isFemaleInNumber) return NumberAgreement.SexDiffers;
        return birthYear is null && isFemale is null ? NumberAgreement.NotComparable : NumberAgreement.Agrees;
    }

    // The series of serial numbers that Folkeregisteret has used for each span of birth years.
    private static int? BirthYear(ReadOnlySpan<byte> digits)
    {
        var year = (int)Digits.Join(digits[4..6]);
        return (Serial: Digits.Join(digits[6..9]), Year: year) switch
        {
            { Serial: <= 499 } => 1900 + year,
            { Serial: <= 749, Year: >= 54 } => 1800 + year,
            { Year: <= 39 } => 2000 + year,
            { Serial: >= 900 } => 1900 + year,
            _ => null,
        };
    }
}
