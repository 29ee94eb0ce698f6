using System.Text;
using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Documents;

/// <summary>Which documents a case gives, and the documents. Pure: the same case gives the same documents.</summary>
/// <remarks>
/// NPR_VAL comes of structure errors alone: exactly one for a refused file and none for a valid one (R3.09). NPR_ERR
/// comes of content errors and warnings, not of notes alone, identity of identities and of the activity that came after
/// them, and an activity workbook of activity: one for each sector, where the form has sectors.
/// </remarks>
public static class FeedbackPlan
{
    /// <param name="form">Of the activity in the message; null when nobody is told of it.</param>
    public static IReadOnlyList<FeedbackDocument> DocumentsOf(
        FeedbackCase subject, ActivityForm? form, RegisterCounts? register, ReportTexts texts)
    {
        if (!subject.GetsReports) return [];
        if (Has(subject, ControlLayer.Structure, Severity.Information) && subject.Outcome != CaseOutcome.InRegister)
        {
            return [Page(subject, FeedbackKind.NprVal, FindingReport.Write(subject, ControlLayer.Structure, texts))];
        }

        List<FeedbackDocument> documents = [];
        if (Has(subject, ControlLayer.Content, Severity.Warning))
        {
            var page = FindingReport.Write(subject, ControlLayer.Content, texts);
            documents.Add(Page(subject, FeedbackKind.NprErr, page));
        }

        if (subject.Outcome != CaseOutcome.InRegister) return documents;
        if (IdentityReport.CountsOf(subject) is not null)
            documents.Add(Page(subject, FeedbackKind.Identity, IdentityReport.Write(subject, texts)));
        if (form is null) return documents;
        foreach (var sector in form.SectorsOf(subject.Activity))
        {
            var name = sector is { } known ? $"aktivitet-{texts[$"wb.sector.short.{(int)known}"]}" : "aktivitet";
            documents.Add(new FeedbackDocument(
                FeedbackKind.Activity, sector, NameOf(subject, name, "xlsx"), FeedbackDocument.WorkbookType,
                ActivityWorkbook.Write(subject, form, sector, register, texts)));
        }

        return documents;
    }

    private static bool Has(FeedbackCase subject, ControlLayer layer, Severity least) =>
        subject.RuleCounts.Any(rule => rule.Layer == layer && rule.Severity >= least && rule.Count > 0);

    private static FeedbackDocument Page(FeedbackCase subject, FeedbackKind kind, string page) => new(
        kind, Sector: null, NameOf(subject, KindInName(kind), "html"), FeedbackDocument.HtmlType,
        Encoding.UTF8.GetBytes(page));

    private static string KindInName(FeedbackKind kind) => kind switch
    {
        FeedbackKind.NprVal => "NPR_VAL",
        FeedbackKind.NprErr => "NPR_ERR",
        _ => "identitet",
    };

    private static string NameOf(FeedbackCase subject, string kind, string ending) => FileName.Of(
        ending, kind, subject.Message.Type, subject.Institution,
        Norwegian.Day(subject.ReceivedAt).ToString("yyyy-MM-dd"));
}
