using Kilde.Quality.Calendar;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Overview;

namespace Kilde.Portal.Feedback;

/// <summary>The Norwegian words of feedback and calendar, and the colours that help the eye.</summary>
public static class FeedbackWords
{
    private static readonly string[] Months =
    [
        "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
        "desember",
    ];

    public static string Of(FeedbackKind kind) => kind switch
    {
        FeedbackKind.Identity => "Identitet",
        FeedbackKind.Activity => "Aktivitet",
        FeedbackKind.NprVal => "NPR_VAL",
        _ => "NPR_ERR",
    };

    public static string Of(FeedbackKind kind, Sector? sector) =>
        sector is { } known ? $"{Of(kind)}, {Of(known)}" : Of(kind);

    public static string Of(Sector sector) => sector switch
    {
        Sector.Somatic => "somatikk",
        Sector.AdultMentalHealth => "psykisk helsevern for voksne",
        Sector.ChildMentalHealth => "psykisk helsevern for barn og unge",
        _ => "rusbehandling",
    };

    public static string Of(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Refused => "Avvist",
        CaseOutcome.InRegister => "I registeret",
        _ => "Bare kontrollert",
    };

    public static string ColourOf(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.Refused => "danger",
        CaseOutcome.InRegister => "success",
        _ => "neutral",
    };

    public static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Waiting => "Venter på sending",
        DeliveryState.Sent => "Sendt",
        DeliveryState.Failed => "Kom ikke frem",
        _ => "Kan ikke leveres",
    };

    public static string ColourOf(DeliveryState state) => state switch
    {
        DeliveryState.Waiting => "info",
        DeliveryState.Sent => "success",
        DeliveryState.Failed => "danger",
        _ => "warning",
    };

    public static string Of(ExpectationState state) => state switch
    {
        ExpectationState.Awaited => "Ventes",
        ExpectationState.Received => "Mottatt",
        ExpectationState.ReceivedLate => "Levert etter frist",
        ExpectationState.Late => "Forsinket",
        ExpectationState.Missing => "Mangler",
        _ => "Lukket, ikke levert",
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
    public static string Of(ReportingPeriod period) => period.Kind switch
    {
        PeriodKind.Month => $"{Months[period.Number - 1]} {period.Year}",
        PeriodKind.Tertial => $"{period.Number}. tertial {period.Year}",
        _ => $"hele {period.Year}",
    };

    /// <summary>Contact types of code list 8471.</summary>
    public static string OfContact(int type) => type switch
    {
        1 => "1 Teknisk produksjon",
        2 => "2 Somatikk",
        3 => "3 Psykisk helsevern for voksne",
        4 => "4 Psykisk helsevern for barn og unge",
        15 => "15 Leverandør av fagsystem",
        16 => "16 Kontakt for IPLOS",
        17 => "17 Ansvarlig for innsending av IPLOS",
        _ => $"{type}",
    };

    /// <summary>Why something was not delivered, and what helps.</summary>
    public static string OfReason(string? reason) => reason switch
    {
        null => "",
        "no_contact" => "Meldingen har ingen kontaktperson av typen",
        "no_email" => "Kontaktpersonen har ingen gyldig e-postadresse",
        "no_mobile" => "Kontaktpersonen har ikke et norsk mobilnummer, så passordet kan ikke sendes",
        "expired" => "Dokumentet eller passordet ble slettet før det ble sendt",
        "timeout" => "Mottakeren svarte ikke",
        "smtp" => "E-posttjeneren svarte ikke",
        _ when reason.StartsWith("smtp ", StringComparison.Ordinal) => $"E-posttjeneren svarte {reason[5..]}",
        _ => reason,
    };

    /// <summary>One line of a feedback's history.</summary>
    public static string OfEvent(string kind, string? detail)
    {
        var parts = (detail ?? "").Split(' ', 2);
        var isSms = parts[0] == "sms";
        var whom = int.TryParse(parts[0], out var type) ? $" til {OfContact(type)}" : "";
        var why = parts.Length > 1 ? $": {OfReason(parts[1])}" : "";
        return kind switch
        {
            "created" => "Laget",
            "undeliverable" => $"Kan ikke leveres{whom}{why}",
            "sent" => $"Sendt{whom}",
            "failed" when isSms => $"SMS med passord kom ikke frem{why}",
            "failed" => $"Kom ikke frem{whom}{why}",
            "opened" => "Åpnet i portalen",
            _ => kind,
        };
    }
}
