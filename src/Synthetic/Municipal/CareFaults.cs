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

    /// <param name="lastOn">The last day of the year.</param>
    public static Change[]? OfService(FileFault? fault, CareUser user, CareService service, DateOnly lastOn)
    {
        var hasEnded = service.ToOn <= lastOn;
        return fault switch
        {
            FileFault.HoursTogether when OtherOf(user, service) is { } other =>
                [Text("TJENESTE/tjTjenType", $"{other.Kind}"), Text("TJENESTE/tjTimerUke", "168.00")],
            FileFault.HoursAcross when OtherOf(user, service) is { } other && other.Kind != service.Kind =>
                [Text("TJENESTE/tjTimerUke", "168.00")],
            FileFault.ServiceAfterDeath when hasEnded && IsTold(user.Person.DiedOn, lastOn) =>
                [Text("TJENESTE/tjFraDato", Digits(user.Person.DiedOn.AddDays(1))), Text("TJENESTE/tjTilDato", null)],
            FileFault.HoursOutOfRange when service.HoursPerWeek is not null => [Text("TJENESTE/tjTimerUke", "200.00")],
            FileFault.HoursMissing when service.HoursPerWeek is not null => [Text("TJENESTE/tjTimerUke", null)],
            FileFault.StartMissing => [Text("TJENESTE/tjFraDato", null)],
            FileFault.ProviderMissing when service.IsStay || service.Kind == CareService.HomeNursing =>
                [Text("TJENESTE/tjInstOrgnr", null)],
            FileFault.WrongProvider => [Text("TJENESTE/tjInstOrgnr", $"{UnitXml.Misread(service.Provider)}")],
            FileFault.EarlyDecision => [Text("TJENESTE/tjVedtDato", Digits(service.AppliedOn.AddDays(-3)))],
            FileFault.EarlyStart => [Text("TJENESTE/tjFraDato", Digits(service.DecidedOn.AddDays(-1)))],
            FileFault.ReversedService when hasEnded =>
                [Text("TJENESTE/tjTilDato", Digits(service.FromOn.AddDays(-10)))],
            FileFault.ImprobableApplication => [Text("TJENESTE/tjSoknadDato", "19860301")],
            _ => null,
        };
    }

    // The first of two services by the hour that go on together, for the second of them.
    private static CareService? OtherOf(CareUser user, CareService service)
    {
        var others = user.Services.Where(other => other.HoursPerWeek is not null).ToList();
        var hasTwo = others.Count == 2 && others[1] == service
            && (others[0].ToOn ?? DateOnly.MaxValue) > service.FromOn
            && (service.ToOn ?? DateOnly.MaxValue) > others[0].FromOn;
        return hasTwo ? others[0] : null;
    }

    // And the day after lies in the year too.
    private static bool IsTold(DateOnly diedOn, DateOnly lastOn) => diedOn.Year == lastOn.Year && diedOn < lastOn;

    private static Change Text(string path, string? value) => new(path, "", value);

    private static string Digits(DateOnly day) => $"{day:yyyyMMdd}";
}
