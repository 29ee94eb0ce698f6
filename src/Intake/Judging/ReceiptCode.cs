using Kilde.Intake.Headers;

namespace Kilde.Intake.Judging;

/// <summary>The code of list 8221 that a receipt has for a rule.</summary>
internal static class ReceiptCode
{
    private const string StructureRules = "STR-";

    public static string Of(string ruleId) => ruleId switch
    {
        // Not XML, a DTD, an encoding that is not taken, bytes that are not of the encoding.
        "STR-020" or "STR-021" or "STR-022" or "STR-034" => AppRecError.NotXml,

        // No definition has the root and its namespace, or none that may come in.
        "STR-023" or "INT-3102" => AppRecError.FormatNotSupported,

        // A limit of ours.
        "STR-033" => AppRecError.OtherFormatError,
        _ when ruleId.StartsWith(StructureRules, StringComparison.Ordinal) => AppRecError.StructureWrong,
        _ => AppRecError.Other,
    };
}
