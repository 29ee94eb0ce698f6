namespace Kilde.Synthetic;

/// <summary>IPLOS 3.7: everybody with municipal services in a year, without identity numbers.</summary>
internal sealed class AnnualCareFile(XmlOut xml, MunicipalityYearOrder order, FaultLog faults, Envelope? envelope)
{
    private const string Module = "iplos";
    private const int FunctionKinds = 18;
    private const int IdsPerPerson = 100;

    // The form has no field for "still going on" but this day.
    private static readonly DateOnly OpenEnd = new(9999, 12, 31);

    private FileFault? _fault;
    private Change[]? _changes;
    private string _place = "";

    private readonly DateOnly _first = new(order.AsOf.Year, 1, 1);
    private readonly DateOnly _last = new(order.AsOf.Year, 12, 31);

    public void Begin()
    {
        xml.Declaration();
        envelope?.Begin(xml, _last.AddDays(1));
        xml.Begin("IPLOS"u8);
        xml.Attribute("xmlns"u8, "http://www.npr.no/xmlstds/iplos/2019");
        xml.Attribute("versjon"u8, "3.7"u8);
        xml.Begin("INNHINFO"u8);
        xml.Text("iiInnhType"u8, "P");
        xml.Text("iiKomnr"u8, order.Municipality.ToString());
        xml.Text("iiBydelsnr"u8, "00");
        for (var kind = 1; kind <= 2; kind++)
        {
            xml.Begin("iiKontakt"u8);
            xml.Text("Type"u8, kind);
            xml.Text("Navn"u8, "Åse Eksempel");
            xml.Text("Telefon"u8, "99999999");
            xml.Text("Epost"u8, "omsorg@example.no");
            xml.End("iiKontakt"u8);
        }

        xml.Digits("iiFraDato"u8, _first);
        xml.Digits("iiTilDato"u8, _last);
        xml.Digits("iiLagetDato"u8, _last.AddDays(1));
        xml.Text("iiSysID"u8, "Fjordomsorg");
        xml.Text("iiSysVersjon"u8, "9.2.1");
        xml.Text("iiLopenr"u8, 1);
        xml.End("INNHINFO"u8);
    }

    public void Write(CareUser user)
    {
        var person = user.Person;
        var id = person.Index + 1;
        (_place, _fault) = ($"/IPLOS/PERSON[@pePeID='{id}']", user.Fault);
        Change(CareFaults.OfPerson(_fault, _last));
        xml.Begin("PERSON"u8);
        xml.Attribute("pePeID"u8, id);
        xml.Text("peAlder"u8, person.AgeOn(_last));
        xml.Text("peKjonn"u8, person.IsFemale ? "K" : "M");
        xml.Text("peKomnr"u8, order.Municipality.ToString());
        xml.Text("peBydelsnr"u8, Inhabitants.DistrictOf(person) is { } district ? district.ToString()[4..] : "00");
        xml.Digits("peFraDato"u8, user.Services.Min(service => service.FromOn));
        if (person.DiedOn <= _last) xml.Digits("peDodDato"u8, person.DiedOn);
        else xml.NoText("peDodDato"u8);
        Settle("");
        Details(user, id);
        if (user.Services.Any(service => service.HoursPerWeek is not null || service.IsStay)) Functions(user, id);
        foreach (var service in user.Services) Service(user, service, id);
        for (var number = 1; number <= user.Conditions.Count; number++)
            Diagnosis(user.Conditions[number - 1], number, id);
        foreach (var stay in user.Services.Where(service => service.Kind == CareService.LongStay))
        {
            Change(CareFaults.OfStay(_fault, user.Person, stay, _last));
            xml.Begin("DOGNTILBUD"u8);
            xml.Attribute("dgPeID"u8, id);
            xml.Attribute("dgDgID"u8, IdOf(id, stay.Number));
            xml.Text("dgInstOrgnr"u8, stay.Provider.Number);
            xml.Digits("dgFraDato"u8, stay.FromOn);
            xml.Digits("dgTilDato"u8, EndOf(stay) ?? OpenEnd);
            xml.End("DOGNTILBUD"u8);
            Settle($"/DOGNTILBUD[@dgDgID='{IdOf(id, stay.Number)}']");
        }

        xml.End("PERSON"u8);
    }

    public void End()
    {
        xml.End("IPLOS"u8);
        envelope?.End(xml);
        xml.Flush();
    }

    private void Details(CareUser user, long id)
    {
        var chance = Chance.Of(unchecked((ulong)order.Seed), Topic.Care, id, order.AsOf.Year);
        var seenOn = _first.AddDays(chance.Below(300));
        var isScreened = chance.Happens(0.5);
        var (household, help, home) = (chance.Between(1, 2), chance.Between(1, 6), chance.Between(1, 2));
        var (plan, coordinator) = (chance.Between(1, 3), chance.Between(11, 13));
        var isAtRisk = isScreened && chance.Happens(0.3);
        Change(CareFaults.OfDetails(_fault, isScreened, isAtRisk, _last));
        xml.Begin("PERSONOPPL"u8);
        xml.Attribute("poPeID"u8, id);
        xml.Attribute("poPoID"u8, IdOf(id, 1));
        xml.Text("poHusstand"u8, household);
        xml.Text("poOmsorgBarn"u8, 2);
        xml.Text("poPrivHjelp"u8, help);
        xml.Text("poBoligTilr"u8, home);
        xml.Text("poVurdLege"u8, $"{seenOn:yyyyMM}");
        xml.Text("poIndPlan"u8, plan);
        xml.Text("poHarKoordinator"u8, coordinator);
        xml.NoText("poArbBistMottar"u8);
        xml.NoText("poArbTranspMottar"u8);
        xml.NoText("poFriBistMottar"u8);
        xml.NoText("poFriTranspMottar"u8);
        xml.NoText("poLegeMiddGjDato"u8);
        xml.Text("poErnKartlagt"u8, isScreened ? 1 : 2);
        if (isScreened) Nutrition(seenOn, isAtRisk);
        else xml.NoText("poErnPlanDato"u8);
        xml.Digits("poFraDato"u8, _first);
        xml.Digits("poTilDato"u8, OpenEnd);
        xml.Text("poVenteliste"u8, 2);
        xml.NoText("poVentelisteDato"u8);
        if (user.Services.Any(service => service.Kind == CareService.LongStay)) xml.Text("poHeldg"u8, 1);
        xml.NoText("poHab"u8);
        xml.NoText("poHabDato"u8);
        xml.End("PERSONOPPL"u8);
        Settle($"/PERSONOPPL[@poPoID='{IdOf(id, 1)}']");
    }

    private void Nutrition(DateOnly seenOn, bool isAtRisk)
    {
        xml.Digits("poErnKartlagtDato"u8, seenOn);
        xml.Text("poErnRisiko"u8, isAtRisk ? 1 : 2);
        xml.Digits("poErnRisikoDato"u8, seenOn);
        if (!isAtRisk) return;
        xml.Text("poErnPlan"u8, 1);
        xml.Digits("poErnPlanDato"u8, seenOn.AddDays(14));
    }

    // All 18 variables of list 9111; sight and hearing have scores of their own, also 1 to 5.
    private void Functions(CareUser user, long id)
    {
        var chance = Chance.Of(unchecked((ulong)order.Seed), Topic.Care, id, order.AsOf.Year, 1);
        var need = user.Services.Any(service => service.IsStay) ? 2 : 1;
        // What a person can do is assessed anew for each decision; the file tells of the newest.
        var fromOn = user.Services.Max(service => service.DecidedOn);
        for (var kind = 1; kind <= FunctionKinds; kind++)
        {
            Change(CareFaults.OfFunction(_fault, user.Person, fromOn, _last));
            xml.Begin("FUNKSJON"u8);
            xml.Attribute("fnPeID"u8, id);
            xml.Attribute("fnFnID"u8, IdOf(id, kind));
            xml.Text("fnFunkType"u8, kind);
            xml.Text("fnFunkVerdi"u8, Math.Min(5, need + chance.Below(4)));
            xml.Digits("fnFraDato"u8, fromOn);
            xml.Digits("fnTilDato"u8, OpenEnd);
            xml.End("FUNKSJON"u8);
            Settle($"/FUNKSJON[@fnFnID='{IdOf(id, kind)}']");
        }
    }

    private void Service(CareUser user, CareService service, long id)
    {
        var endedOn = EndOf(service);
        Change(CareFaults.OfService(_fault, user, service, _last));
        xml.Begin("TJENESTE"u8);
        xml.Attribute("tjPeID"u8, id);
        xml.Attribute("tjTjID"u8, IdOf(id, service.Number));
        xml.Text("tjTjenType"u8, service.Kind);
        xml.Digits("tjSoknadDato"u8, service.AppliedOn);
        xml.Digits("tjVedtDato"u8, service.DecidedOn);
        xml.Text("tjVedtak"u8, 2);
        if (service.HoursPerWeek is { } hours) xml.TextHundredths("tjTimerUke"u8, hours);
        xml.NoText("tjResTimerUke"u8);
        xml.Text("tjInstOrgnr"u8, service.Provider.Number);
        xml.Digits("tjFraDato"u8, service.FromOn);
        if (endedOn is { } toOn) xml.Digits("tjTilDato"u8, toOn);
        xml.NoText("tjKlageMottatt"u8);
        xml.NoText("tjKlageBesvart"u8);
        xml.End("TJENESTE"u8);
        Settle($"/TJENESTE[@tjTjID='{IdOf(id, service.Number)}']");
    }

    private void Diagnosis(string condition, int number, long id)
    {
        Change(CareFaults.OfDiagnosis(_fault));
        xml.Begin("DIAGNOSE"u8);
        xml.Attribute("diPeID"u8, id);
        xml.Attribute("diDiID"u8, IdOf(id, number));
        xml.Text("diKodeVersjon"u8, "ICD-10");
        xml.Text("diDiagKode"u8, condition);
        xml.Digits("diFraDato"u8, _first);
        xml.Digits("diTilDato"u8, OpenEnd);
        xml.End("DIAGNOSE"u8);
        Settle($"/DIAGNOSE[@diDiID='{IdOf(id, number)}']");
    }

    private static long IdOf(long person, int number) => (person * IdsPerPerson) + number;

    private void Change(Change[]? changes)
    {
        _changes = changes;
        if (changes is not null) xml.Change(changes);
    }

    // A user gets a fault once, in the first place there is for it.
    private void Settle(string place)
    {
        if (_changes is null || !xml.EndChange()) return;
        faults.Add(_fault!.Value, Module, _place + place + _changes[0].Place);
        _fault = null;
    }

    // What ends after the year has no end in the year's file.
    private DateOnly? EndOf(CareService service) => service.ToOn <= _last ? service.ToOn : null;
}
