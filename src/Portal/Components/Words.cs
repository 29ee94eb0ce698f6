using Kilde.Definitions.Model;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Kernel;

namespace Kilde.Portal.Components;

/// <summary>The Norwegian word for each thing that has a fixed set of values.</summary>
public static class Words
{
    public static string Of(SubmissionState state) => state switch
    {
        SubmissionState.Received => "Mottatt",
        SubmissionState.Rejected => "Avvist",
        SubmissionState.Accepted => "Venter på registeret",
        SubmissionState.Merged => "I registeret",
        SubmissionState.SetAside => "Satt til side",
        _ => state.ToString(),
    };

    public static string Of(Severity severity) => severity switch
    {
        Severity.Error => "Feil",
        Severity.Warning => "Advarsel",
        _ => "Merknad",
    };

    public static string Of(DefinitionStatus status) => status switch
    {
        DefinitionStatus.Concept => "Konsept",
        DefinitionStatus.Test => "Test",
        DefinitionStatus.Production => "Produksjon",
        _ => status.ToString(),
    };

    public static string Of(Replacement replacement) => replacement switch
    {
        Replacement.Incremental => "Endringer: nye, endrede og slettede poster",
        Replacement.CumulativePerPeriod => "Hel periode: alle postene i perioden sendes på nytt",
        _ => replacement.ToString(),
    };

    public static string Of(RegisterCode register) => register switch
    {
        RegisterCode.Kpr => "KPR",
        RegisterCode.Npr => "NPR",
        _ => register.ToString(),
    };

    /// <summary>The kind of information after KPR-forskriften § 2-1, with its letter.</summary>
    public static string Of(InformationType type) => type switch
    {
        InformationType.A => "a) Direkte identifiserende",
        InformationType.B => "b) Demografi og sosioøkonomi",
        InformationType.C => "c) Administrasjon",
        InformationType.D => "d) Helse",
        InformationType.E => "e) Ulykker og skader",
        InformationType.F => "f) Rapportert av pasient eller bruker",
        InformationType.G => "g) Finansiering",
        InformationType.H => "h) Reservasjon",
        _ => type.ToString(),
    };

    /// <summary>What a submission's history calls what happened (<see cref="SubmissionHappening.Kind"/>).</summary>
    public static string OfHappening(string kind) => kind switch
    {
        "received" => "Mottatt og lagret",
        "rejected" => "Avvist",
        "repeated" => "Samme innhold mottatt på nytt",
        "set_aside" => "Satt til side",
        "replayed" => "Sendt til ny behandling",
        "merged" => "Ført inn i registeret",
        _ => kind,
    };

    public static string Of(ReplayOutcome outcome) => outcome switch
    {
        ReplayOutcome.Queued => "Innsendingen er lagt tilbake på sin plass i køen og behandles på nytt.",
        ReplayOutcome.NotSetAside => "Innsendingen er ikke satt til side, så det er ingenting å behandle på nytt.",
        ReplayOutcome.PayloadRemoved => "Innholdet er slettet etter lagringsfristen. Avsenderen må sende på nytt.",
        _ => "Fant ikke innsendingen.",
    };

    /// <summary>FHI's names of the refusals (Slash API, codes 1001–2010) in Norwegian.</summary>
    public static string OfErrorCode(int code) => code switch
    {
        1001 => "Et påkrevd felt mangler i forespørselens hode eller i DPoP-beviset",
        1002 => "Et felt i forespørselens hode er ugyldig",
        1003 => "Versjonen av meldingstypen er ugyldig",
        1004 => "Ukjent krypteringsnøkkel",
        1005 => "Kontrollsummen kan ikke leses",
        1006 => "Innholdet stemmer ikke med kontrollsummen",
        1007 => "Krypteringsnøkkelen er utløpt",
        1008 => "Den krypterte nøkkelen kan ikke åpnes",
        1009 => "Innholdet kan ikke dekrypteres",
        2001 => "Enheten er ikke satt opp til å sende denne meldingstypen",
        2002 => "Tokenet mangler organisasjonsnummer",
        2003 => "Tokenet mangler signatur",
        2004 => "Signaturen er ugyldig",
        2005 => "Signaturen stemmer ikke med forespørselen",
        2006 => "Fant ikke definisjonen av meldingstypen",
        2007 => "Meldingen er ikke gyldig JSON",
        2008 => "Meldingen følger ikke definisjonen",
        2009 => "Meldingen er større enn 15 MB",
        2010 => "Meldingen kunne ikke lagres hos oss",
        _ => "Avvist",
    };
}
