using Kilde.Definitions.Checks;
using Kilde.Quality.Checks;

namespace Kilde.Portal.Findings;

/// <summary>Findings and checks in bokmål.</summary>
internal static class FindingWords
{
    public static string Of(FindingState state) => state switch
    {
        FindingState.Open => "Åpent",
        FindingState.Seen => "Sett",
        FindingState.Explained => "Forklart",
        FindingState.Accepted => "Godtatt",
        FindingState.Corrected => "Rettet",
        _ => "Trukket tilbake",
    };

    public static string ColourOf(FindingState state) => state switch
    {
        FindingState.Open => "warning",
        FindingState.Seen or FindingState.Explained => "info",
        FindingState.Accepted or FindingState.Corrected => "success",
        _ => "neutral",
    };

    public static string Of(FindingCause cause) => cause switch
    {
        FindingCause.Technical => "Teknisk feil i uttrekk eller overføring",
        FindingCause.CleanUp => "Opprydding i gamle registreringer",
        FindingCause.ChangedService => "Tjenesten føres som en annen type enn før",
        FindingCause.WrongCoupling => "Feil kobling av koder i fagsystemet",
        FindingCause.RealChange => "Ingenting er galt: slik er det",
        _ => "Annet",
    };

    public static string Of(FindingEdit edit) => edit switch
    {
        { Removes: true, Patch: not null } => "Skal være tom. Bruk denne JSON Patch på posten:",
        { Removes: true, XPath: not null } => "Skal være tom. Slett det som står her i filen:",
        { Removes: true } => "Skal være tom.",
        { Becomes: { } value, Patch: not null } => $"Skal være {value}. Bruk denne JSON Patch på posten:",
        { Becomes: { } value, XPath: not null } => $"Skal være {value}. Skriv det her i filen:",
        { Becomes: { } value } => $"Skal være {value}.",
        { Codes.Count: > 0 } => "Velg en kode som gjaldt i året:",
        _ => "Hva som er rett, står i fagsystemet.",
    };

    public static string Of(CheckKind kind) => kind switch
    {
        CheckKind.Completeness => "Kompletthet",
        CheckKind.Reconciliation => "Avstemming",
        _ => "Kvalitetssjekk",
    };

    public static string Of(FindingOwner owner) => owner switch
    {
        FindingOwner.Sender => "Avsenderen",
        FindingOwner.Vendor => "Leverandøren",
        _ => "Registeret",
    };

    public static string OfEvent(string kind) => kind switch
    {
        "opened" => "Funnet",
        "changed" => "Verdien er endret",
        "seen" => "Åpnet av avsenderen",
        "explained" => "Forklart",
        "accepted" => "Godtatt av registeret",
        "reopened" => "Åpnet på nytt",
        "corrected" => "Rettet: dataene har det ikke lenger",
        _ => "Trukket tilbake: kontrollen eller grensen er endret",
    };
}
