namespace Kilde.Synthetic;

/// <summary>How each fault of IPLOS 3.7 is written, where it has a place and breaks nothing else.</summary>
internal static class CareFaults
{
    public static Change[]? OfPerson(FileFault? fault) => fault switch
    {
        FileFault.ImprobableYears => [Text("PERSON/peAlder", "150")],
        FileFault.UnknownCareHome => [Text("PERSON/peKomnr", "0000")],
        _ => null,
    };

    public static Change[]? OfDetails(FileFault? fault, bool isScreened) => fault switch
    {
        FileFault.RiskWithoutScreening when isScreened => [Text("PERSONOPPL/poErnKartlagt", "2")],
        FileFault.ScreeningDayMissing when isScreened => [Text("PERSONOPPL/poErnKartlagtDato", null)],
        FileFault.WaitingDayMissing => [Text("PERSONOPPL/poVenteliste", "1")],
        _ => null,
    };

    public static Change[]? OfFunction(FileFault? fault, DateOnly fromOn) => fault switch
    {
        FileFault.ReversedFunction => [Text("FUNKSJON/fnTilDato", Digits(fromOn.AddDays(-30)))],
        _ => null,
    };

    public static Change[]? OfDiagnosis(FileFault? fault) => fault switch
    {
        FileFault.MalformedCareDiagnosis => [Text("DIAGNOSE/diDiagKode", "K40.9")],
        _ => null,
    };

    /// <param name="hasEnded">Within the year.</param>
    public static Change[]? OfService(FileFault? fault, CareService service, bool hasEnded) => fault switch
    {
        FileFault.HoursOutOfRange when service.HoursPerWeek is not null => [Text("TJENESTE/tjTimerUke", "200.00")],
        FileFault.HoursMissing when service.HoursPerWeek is not null => [Text("TJENESTE/tjTimerUke", null)],
        FileFault.StartMissing => [Text("TJENESTE/tjFraDato", null)],
        FileFault.ProviderMissing when service.IsStay || service.Kind == CareService.HomeNursing =>
            [Text("TJENESTE/tjInstOrgnr", null)],
        FileFault.WrongProvider => [Text("TJENESTE/tjInstOrgnr", $"{UnitXml.Misread(service.Provider)}")],
        FileFault.EarlyDecision => [Text("TJENESTE/tjVedtDato", Digits(service.AppliedOn.AddDays(-3)))],
        FileFault.EarlyStart => [Text("TJENESTE/tjFraDato", Digits(service.DecidedOn.AddDays(-1)))],
        FileFault.ReversedService when hasEnded => [Text("TJENESTE/tjTilDato", Digits(service.FromOn.AddDays(-10)))],
        FileFault.ImprobableApplication => [Text("TJENESTE/tjSoknadDato", "19860301")],
        _ => null,
    };

    private static Change Text(string path, string? value) => new(path, "", value);

    private static string Digits(DateOnly day) => $"{day:yyyyMMdd}";
}
