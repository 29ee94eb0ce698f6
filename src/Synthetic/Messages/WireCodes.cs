using System.Globalization;

namespace Kilde.Synthetic;

/// <summary>The codes that sound messages hold, from the lists in <c>definitions/code-lists</c>.</summary>
internal static class WireCodes
{
    // hst-oppmotestatus
    public const int AttendanceMet = 1;
    public const int AttendanceMissed = 2;
    public const int AttendanceCalledOff = 3;
    public const int AttendancePlanned = 5;

    // 8524
    public const int BreastfeedingFull = 1;
    public const int BreastfeedingPartial = 2;
    public const int BreastfeedingNone = 3;

    private static readonly string[] Languages = ["ar", "uk", "so", "pl", "ti"];

    /// <summary>Lists 1101 and 1103.</summary>
    public static int YesNo(bool isSo) => isSo ? 1 : 2;

    /// <summary>List sprak. A person keeps to one language.</summary>
    public static string LanguageOf(long person) => Languages[person % Languages.Length];

    /// <summary>List hst-tjenestetype.</summary>
    public static int ServiceOf(UnitKind kind) => kind == UnitKind.ChildHealthCentre ? 1 : 2;

    /// <summary>List kontaktform.</summary>
    public static string ContactForm(bool isHomeVisit, bool isGroup) => isHomeVisit ? "2" : isGroup ? "6" : "1";

    /// <summary>List tjenesteomrade.</summary>
    public static string AreaOf(UnitKind kind) => kind == UnitKind.Physiotherapy ? "FYS" : "HST";

    /// <summary>List finansiering: every other physiotherapist works without public funding.</summary>
    public static string FundingOf(SyntheticUnit unit) =>
        unit.Kind == UnitKind.Physiotherapy && unit.Index % 8 == 2 ? "P" : "O";

    /// <summary>List 8401.</summary>
    public static int ProfessionOf(Profession profession) => profession switch
    {
        Profession.Physician => 1,
        Profession.Midwife => 8,
        Profession.Physiotherapist => 14,
        _ => 28,
    };

    public static string Text(int code) => code.ToString(CultureInfo.InvariantCulture);
}
