namespace Kilde.Synthetic;

/// <summary>How each fault of IPLOS 3.7 is written, where it has a place and breaks nothing else.</summary>
internal static class CareFaults
{
    private const string Improbable = "19860301";

    /// <param name="lastOn">The last day of the year.</param>
    public static Change[]? OfPerson(FileFault? fault, DateOnly lastOn) => fault switch
    {
        FileFault.ImprobableYears => [Text("PERSON/peAlder", "150")],
        FileFault.UnknownCareHome => [Text("PERSON/peKomnr", "0000")],
        FileFault.LaterDeath => [Text("PERSON/peDodDato", Later(lastOn))],
        _ => null,
    };

    /// <param name="isScreened">For undernutrition.</param>
    /// <param name="isAtRisk">Of undernutrition, and has a plan.</param>
    /// <param name="lastOn">The last day of the year.</param>
    public static Change[]? OfDetails(FileFault? fault, bool isScreened, bool isAtRisk, DateOnly lastOn) =>
        fault switch
        {
            FileFault.RiskWithoutScreening when isScreened => [Text("PERSONOPPL/poErnKartlagt", "2")],
            FileFault.ScreeningDayMissing when isScreened => [Text("PERSONOPPL/poErnKartlagtDato", null)],
            FileFault.ImprobableScreening when isScreened => [Text("PERSONOPPL/poErnKartlagtDato", Improbable)],
            FileFault.LaterScreening when isScreened && !isAtRisk =>
                [Text("PERSONOPPL/poErnKartlagtDato", Later(lastOn))],
            FileFault.RiskOnAnotherDay when isScreened =>
                [Text("PERSONOPPL/poErnRisikoDato", Digits(lastOn.AddYears(-1)))],
            FileFault.ImprobablePlan when !isScreened => [Text("PERSONOPPL/poErnPlanDato", Improbable)],
            FileFault.LaterPlan when isAtRisk => [Text("PERSONOPPL/poErnPlanDato", Later(lastOn))],
            FileFault.PlanWithoutRisk when isAtRisk => [Text("PERSONOPPL/poErnRisiko", "2")],
            FileFault.PlanDayMissing when isAtRisk => [Text("PERSONOPPL/poErnPlanDato", null)],
            FileFault.EarlyPlan when isAtRisk => [Text("PERSONOPPL/poErnPlanDato", Digits(lastOn.AddYears(-1)))],
            _ => OfDetails(fault, lastOn),
        };

    private static Change[]? OfDetails(FileFault? fault, DateOnly lastOn) => fault switch
    {
        FileFault.ImprobableReview => [Text("PERSONOPPL/poLegeMiddGjDato", Improbable)],
        FileFault.LaterReview => [Text("PERSONOPPL/poLegeMiddGjDato", Later(lastOn))],
        FileFault.ImprobableWait => [Text("PERSONOPPL/poVentelisteDato", Improbable)],
        FileFault.LaterWait => [Text("PERSONOPPL/poVentelisteDato", Later(lastOn))],
        FileFault.ImprobableRehabilitation => [Text("PERSONOPPL/poHabDato", Improbable)],
        FileFault.LaterRehabilitation => [Text("PERSONOPPL/poHabDato", Later(lastOn))],
        FileFault.WaitingDayMissing => [Text("PERSONOPPL/poVenteliste", "1")],
        FileFault.RehabilitationDayMissing => [Text("PERSONOPPL/poHab", "1")],
        FileFault.WorkHelpWithoutNeed => [Text("PERSONOPPL/poArbBistMottar", "1")],
        FileFault.WorkTransportWithoutNeed => [Text("PERSONOPPL/poArbTranspMottar", "1")],
        FileFault.LeisureHelpWithoutNeed => [Text("PERSONOPPL/poFriBistMottar", "1")],
        FileFault.LeisureTransportWithoutNeed => [Text("PERSONOPPL/poFriTranspMottar", "1")],
        _ => null,
    };

    public static Change[]? OfFunction(FileFault? fault, Inhabitant person, DateOnly fromOn, DateOnly lastOn) =>
        fault switch
        {
            FileFault.ReversedFunction => [Text("FUNKSJON/fnTilDato", Digits(fromOn.AddDays(-30)))],
            FileFault.ImprobableFunction => [Text("FUNKSJON/fnFraDato", Improbable)],
            FileFault.FunctionAfterDeath when IsTold(person.DiedOn, lastOn) =>
                [Text("FUNKSJON/fnFraDato", Digits(person.DiedOn.AddDays(1)))],
            _ => null,
        };

    public static Change[]? OfDiagnosis(FileFault? fault) => fault switch
    {
        FileFault.MalformedCareDiagnosis => [Text("DIAGNOSE/diDiagKode", "K40.9")],
        _ => null,
    };

    public static Change[]? OfStay(FileFault? fault, Inhabitant person, CareService stay, DateOnly lastOn) =>
        fault switch
        {
            FileFault.ReversedStay => [Text("DOGNTILBUD/dgTilDato", Digits(stay.FromOn.AddDays(-1)))],
            FileFault.StayAfterDeath when IsTold(person.DiedOn, lastOn) =>
                [
                    Text("DOGNTILBUD/dgFraDato", Digits(person.DiedOn.AddDays(1))),
                    Text("DOGNTILBUD/dgTilDato", Later(lastOn)),
                ],
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
            FileFault.ExtraHoursOutOfRange => [Text("TJENESTE/tjResTimerUke", "170.00")],
            FileFault.HoursMissing when service.HoursPerWeek is not null => [Text("TJENESTE/tjTimerUke", null)],
            FileFault.StartMissing => [Text("TJENESTE/tjFraDato", null)],
            FileFault.ProviderMissing when service.IsStay || service.Kind == CareService.HomeNursing =>
                [Text("TJENESTE/tjInstOrgnr", null)],
            FileFault.WrongProvider => [Text("TJENESTE/tjInstOrgnr", $"{UnitXml.Misread(service.Provider)}")],
            FileFault.EarlyDecision => [Text("TJENESTE/tjVedtDato", Digits(service.AppliedOn.AddDays(-3)))],
            FileFault.EarlyStart => [Text("TJENESTE/tjFraDato", Digits(service.DecidedOn.AddDays(-1)))],
            FileFault.ReversedService when hasEnded =>
                [Text("TJENESTE/tjTilDato", Digits(service.FromOn.AddDays(-10)))],
            FileFault.LaterStart when !hasEnded => [Text("TJENESTE/tjFraDato", Later(lastOn))],
            _ => OfDecision(fault, lastOn) ?? OfComplaint(fault, service, lastOn),
        };
    }

    // The day next to the one that is wrong is left out: held against it, it would be wrong too.
    private static Change[]? OfDecision(FileFault? fault, DateOnly lastOn) => fault switch
    {
        FileFault.ImprobableApplication => [Text("TJENESTE/tjSoknadDato", Improbable)],
        FileFault.LaterApplication => [Text("TJENESTE/tjSoknadDato", Later(lastOn)), Text("TJENESTE/tjVedtDato", null)],
        FileFault.ImprobableDecision => [Text("TJENESTE/tjVedtDato", Improbable), Text("TJENESTE/tjSoknadDato", null)],
        FileFault.LaterDecision =>
            [
                Text("TJENESTE/tjVedtDato", Later(lastOn)), Text("TJENESTE/tjVedtak", "1"),
                Text("TJENESTE/tjFraDato", null),
            ],
        FileFault.ImprobableStart => [Text("TJENESTE/tjFraDato", Improbable), Text("TJENESTE/tjVedtDato", null)],
        _ => null,
    };

    private static Change[]? OfComplaint(FileFault? fault, CareService service, DateOnly lastOn)
    {
        var early = Digits(service.DecidedOn.AddDays(-1));
        return fault switch
        {
            FileFault.EarlyComplaint => [Text("TJENESTE/tjKlageMottatt", early)],
            FileFault.EarlyComplaintAnswer =>
                [Text("TJENESTE/tjKlageBesvart", early), Text("TJENESTE/tjKlageMottatt", Digits(service.DecidedOn))],
            FileFault.ComplaintDayMissing => [Text("TJENESTE/tjKlageBesvart", Digits(service.DecidedOn))],
            FileFault.ImprobableComplaint =>
                [Text("TJENESTE/tjKlageMottatt", Improbable), Text("TJENESTE/tjVedtDato", null)],
            FileFault.LaterComplaint => [Text("TJENESTE/tjKlageMottatt", Later(lastOn))],
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

    private static string Later(DateOnly lastOn) => Digits(lastOn.AddDays(5));

    private static string Digits(DateOnly day) => $"{day:yyyyMMdd}";
}
