using Kilde.Portal.Shell;
using Kilde.Quality.Calendar;
using Kilde.Quality.Cases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Documents;
using Kilde.Quality.Overview;

namespace Kilde.Portal.Feedback;

/// <summary>The words of feedback and calendar, and the colours that help the eye.</summary>
public static class FeedbackWords
{
    /// <summary>NPR_ERR, or with the sector it is of: Aktivitet, somatikk.</summary>
    public static string Feedback(this Texts texts, FeedbackKind kind, Sector? sector) =>
        sector is { } known ? $"{texts.Of(kind)}, {texts.Of(known)}" : texts.Of(kind);

    public static string ColourOf(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Refused => "danger",
        CaseOutcome.InRegister => "success",
        _ => "neutral",
    };

    public static string ColourOf(DeliveryState state) => state switch
    {
        DeliveryState.Waiting => "info",
        DeliveryState.Sent => "success",
        DeliveryState.Failed => "danger",
        _ => "warning",
    };

    public static string ColourOf(ExpectationState state) => state switch
    {
        ExpectationState.Awaited => "neutral",
        ExpectationState.Received => "success",
        ExpectationState.ReceivedLate => "info",
        ExpectationState.Late => "warning",
        ExpectationState.Missing => "danger",
        _ => "neutral",
    };

    /// <summary>januar 2026 · 1. tertial 2026 · hele 2026</summary>
    public static string Period(this Texts texts, ReportingPeriod period) => period.Kind switch
    {
        PeriodKind.Month => $"{texts[$"month.{period.Number}"]} {period.Year}",
        PeriodKind.Tertial => texts["feedback.tertial", period.Number, $"{period.Year}"],
        _ => texts["feedback.wholeYear", $"{period.Year}"],
    };

    /// <summary>Contact types of code list 8471.</summary>
    public static string Contact(this Texts texts, int type) =>
        ContactTypeNames.Find((ContactType)type) is { } name ? $"{type} {texts.Of(name)}" : $"{type}";

    /// <summary>Why something was not delivered, and what helps.</summary>
    public static string Reason(this Texts texts, string? reason) => reason switch
    {
        null => "",
        _ when reason.StartsWith("smtp ", StringComparison.Ordinal) => texts["feedback.smtpSaid", reason[5..]],
        _ => texts.Find($"feedback.reason.{reason}") ?? reason,
    };

    /// <summary>One line of a feedback's history.</summary>
    public static string FeedbackEvent(this Texts texts, string kind, string? detail)
    {
        var parts = (detail ?? "").Split(' ', 2);
        var isSms = parts[0] == "sms";
        var whom = int.TryParse(parts[0], out var type) ? texts["feedback.event.to", texts.Contact(type)] : "";
        var why = parts.Length > 1 ? $": {texts.Reason(parts[1])}" : "";
        return kind switch
        {
            "created" => texts["feedback.event.created"],
            "undeliverable" => texts["feedback.event.undeliverable"] + whom + why,
            "sent" => texts["feedback.event.sent"] + whom,
            "failed" when isSms => texts["feedback.event.smsFailed"] + why,
            "failed" => texts["feedback.event.failed"] + whom + why,
            "opened" => texts["feedback.event.opened"],
            "viewed" => texts["feedback.event.viewed"],
            _ => kind,
        };
    }
}
