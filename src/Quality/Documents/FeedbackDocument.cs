using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>The four kinds of feedback (R3.07–R3.10).</summary>
public enum FeedbackKind
{
    /// <summary>How the identities fared; the same day.</summary>
    Identity = 1,

    /// <summary>Counts of the activity, as a workbook; when the file is in the register.</summary>
    Activity = 2,

    /// <summary>Errors of structure: the file was refused.</summary>
    NprVal = 3,

    /// <summary>Errors of content: please correct.</summary>
    NprErr = 4,
}

/// <summary>One feedback as a file.</summary>
/// <param name="Sector">Whom an activity workbook is for; null for the others.</param>
/// <param name="FileName">Without path; letters, digits, hyphen and dot only.</param>
public sealed record FeedbackDocument(
    FeedbackKind Kind, Sector? Sector, string FileName, string ContentType, byte[] Content)
{
    public const string HtmlType = "text/html; charset=utf-8";
    public const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}
