namespace Kilde.Synthetic;

/// <summary>Module ord: patients, referrals and episodes.</summary>
internal sealed class ActivityFile(XmlOut xml, MessageFrame frame, FaultLog faults) : TrustFile(xml, frame, faults)
{
    private const int PlannedDaysMax = 120;

    private readonly EpisodeXml _episodes = new(xml, new Horizon(frame.To));
    private PatientYear? _patient;
    private FileFault? _fault;

    protected override void WriteUnits(TrustInstitution institution)
    {
        UnitXml.Units(Xml, institution, isWrong: IsOnce(FileFault.WrongUnitNumber), out var wrong);
        if (wrong is not null) Note(FileFault.WrongUnitNumber, $"Enhet[@enhetID='{wrong.Id}']/@orgNr");
    }

    protected override void WritePatient(PatientYear patient)
    {
        (_patient, _fault) = (patient, patient.Fault);
        var person = patient.Person;
        Xml.Begin("Objektholder"u8);
        Xml.Attribute("pasientNr"u8, patient.Number);
        var changes = ChangesOf(patient);
        if (changes is not null) Xml.Change(changes);
        Xml.Begin("Pasient"u8);
        Xml.Attribute("pasientNr"u8, patient.Number);
        Xml.Attribute("kjonn"u8, person.IsFemale ? "2"u8 : "1"u8);
        Xml.Attribute("fodselsar"u8, person.BornOn.Year);
        if (patient.BirthWeight is { } grams) Xml.Attribute("fodselsvekt"u8, grams);
        Settle($"{Holder}/Pasient{changes?[0].Place}");
        PatientConditions(patient);
        Xml.End("Pasient"u8);
        foreach (var period in patient.Periods) Period(person, period);
        foreach (var period in patient.Periods)
        {
            foreach (var episode in period.Episodes)
                if (Horizon.Includes(episode.In)) Episode(period, episode);
        }

        Xml.End("Objektholder"u8);
    }

    private Change[]? ChangesOf(PatientYear patient) => _fault switch
    {
        FileFault.ImprobableWeight => [new Change("Pasient", "fodselsvekt", "34")],
        FileFault.ImprobableBirth => [new Change("Pasient", "fodselsar", "1890")],

        // An episode of a patient not yet born would be wrong too.
        FileFault.LaterBirth when !patient.Periods.SelectMany(period => period.Episodes)
            .Any(episode => Horizon.Includes(episode.In)) =>
            [new Change("Pasient", "fodselsar", $"{Frame.To.Year + 1}")],
        _ => null,
    };

    // Told outside somatic care, once for each referral period; carers of children, and the plan of the addicted.
    private void PatientConditions(PatientYear patient)
    {
        foreach (var period in patient.Periods)
        {
            if (period.Formality is null) continue;
            var isChild = period.Institution.Kind == InstitutionKind.ChildMentalHealth;
            Xml.Begin("PasientTilstand"u8);
            Xml.Attribute("henvisningsperiodeID"u8, period.Id);
            Xml.Attribute("pasientBorAlene"u8, isChild ? 2 : 1 + (patient.Number % 2));
            if (isChild) Xml.Attribute("omsorgssituasjon"u8, 1 + (patient.Number % 4));
            else Xml.Attribute("samlivStatus"u8, 1 + (patient.Number % 3));
            Xml.End("PasientTilstand"u8);
        }

        var first = patient.Periods[0];
        if (first.Institution.Kind == InstitutionKind.ChildMentalHealth)
        {
            Xml.Begin("Omsorgsperson"u8);
            Xml.Attribute("relasjon"u8, "1"u8);
            Xml.Attribute("samtykkekompetanse"u8, "1"u8);
            Xml.Attribute("foreldrerett"u8, "1"u8);
            Xml.Attribute("datoTidRegistrert"u8, first.ReceivedOn.ToDateTime(new TimeOnly(12, 0)));
            Xml.End("Omsorgsperson"u8);
        }

        if (first.Institution.Kind == InstitutionKind.Addiction)
        {
            Xml.Begin("IndividuellPlan"u8);
            Xml.Attribute("individuellPlan"u8, 101 + (patient.Number % 3));
            Xml.Attribute("rolleIP"u8, "23"u8);
            Xml.Attribute("individuellPlanDato"u8, first.ReceivedOn);
            Xml.End("IndividuellPlan"u8);
        }
    }

    private void Period(Inhabitant person, ReferralPeriod period)
    {
        var changes = _fault is { } kind ? ReferralFaults.Of(kind, period, Frame) : null;
        if (changes is not null) Xml.Change(changes);
        Write(person, period);
        var place = $"{Holder}/Henvisningsperiode[@henvisningsperiodeID='{period.Id}']";
        Settle(place + changes?[0].Place);
        if (ReferralFaults.MissingReference(_fault) + ReferralFaults.NamelessReference(_fault) > 0)
            Made($"{place}/Henvisning");
    }

    private void Write(Inhabitant person, ReferralPeriod period)
    {
        Xml.Begin("Henvisningsperiode"u8);
        Xml.Attribute("henvisningsperiodeID"u8, period.Id);
        if (period.From is { } from) Xml.Attribute("henvFraInstitusjonID"u8, from.Number.Number);
        Xml.Attribute("henvFraTjeneste"u8, period.FromService);
        Xml.Attribute("ansienDato"u8, period.FirstReceivedOn ?? period.ReceivedOn);
        Xml.Attribute("nyTilstand"u8, period.IsNewCondition ? "1"u8 : "2"u8);
        if (period.ClosedOn is { } closedOn && Horizon.Includes(closedOn)) Xml.Attribute("sluttDato"u8, closedOn);
        Referral(person, period);
        Xml.End("Henvisningsperiode"u8);
    }

    private void Referral(Inhabitant person, ReferralPeriod period)
    {
        Xml.Begin("Henvisning"u8);
        Xml.Attribute("henvID"u8, period.Id);
        Xml.Attribute("mottaksDato"u8, period.ReceivedOn);
        Xml.Attribute("henvType"u8, "10"u8);
        if (period.Formality is { } formality) Xml.Attribute("henvFormal"u8, formality);
        Xml.Attribute("frittBehandlingsvalg"u8, "2"u8);
        Xml.Attribute("debitor"u8, "1"u8);
        UnitXml.Home(Xml, person, period.ReceivedOn.Year);
        Xml.Attribute("omsnivahenv"u8, period.Level);
        Xml.Attribute("fagomrade"u8, period.Department.Specialty.Code);
        if (Horizon.Includes(period.AssessedOn))
        {
            Xml.Attribute("henvVurd"u8, period.Outcome);
            Xml.Attribute("vurdDato"u8, period.AssessedOn);
            Xml.Attribute("pakkeforlop"u8, period.Pathway is null ? "2"u8 : "1"u8);
            Xml.Attribute("rettTilHelsehjelp"u8, period.Right);
            if (period.Right == 3) Xml.Attribute("fristStartBehandling"u8, period.DeadlineOn);
        }

        if (period.WaitEndedOn is { } endedOn && Horizon.Includes(endedOn))
        {
            Xml.Attribute("ventetidSluttDato"u8, endedOn);
            Xml.Attribute("ventetidSluttKode"u8, period.WaitEndCode);
        }

        UnitXml.References(
            Xml, period.Department, ReferralFaults.MissingReference(_fault), ReferralFaults.NamelessReference(_fault));
        foreach (var postponement in period.Postponements)
        {
            if (!Horizon.Includes(postponement.On)) continue;
            Xml.Begin("Utsettelse"u8);
            Xml.Attribute("utsettKode"u8, postponement.Code);
            Xml.Attribute("utsettDato"u8, postponement.On);
            Xml.Attribute("datoEpisode"u8, postponement.OfOn);
            Xml.End("Utsettelse"u8);
        }

        Planned(period);
        Xml.End("Henvisning"u8);
    }

    // What is booked and has not happened yet: the next that is not an emergency.
    private void Planned(ReferralPeriod period)
    {
        foreach (var episode in period.Episodes)
        {
            if (Horizon.Includes(episode.In) || episode.IsAcute || episode.FromInstitution is not null) continue;
            if (Horizon.Includes(DateOnly.FromDateTime(episode.In).AddDays(-PlannedDaysMax)))
            {
                Xml.Begin("PlanlagtEpisode"u8);
                Xml.Attribute("planlagtID"u8, $"PL{episode.Id}");
                Xml.Attribute("omsorgsniva"u8, episode.Level);
                Xml.Attribute("typeTidPlanlagtEpi"u8, "3"u8);
                Xml.Attribute("planlagtDatoTid"u8, episode.In);
                UnitXml.References(Xml, episode.Department);
                Xml.End("PlanlagtEpisode"u8);
            }

            return;
        }
    }

    private void Episode(ReferralPeriod period, Episode episode)
    {
        var person = _patient!.Person;
        var place = $"{Holder}/Episode[@episodeID='{episode.Id}']";
        if (_fault is { } kind && EpisodeFaults.Of(kind, episode, person, Frame) is { } changes)
        {
            Xml.Change(changes);
            _episodes.Write(person, period, episode, fault: null);
            Settle(place + changes[0].Place);
            return;
        }

        var isWrong = _fault is { } other && EpisodeFaults.HasPlaceFor(other, episode, Horizon);
        _episodes.Write(person, period, episode, isWrong ? _fault : null);
        if (isWrong && _fault == FileFault.DuplicateEpisode) _episodes.Write(person, period, episode, fault: null);
        if (isWrong) Made(place);
    }

    private string Holder => $"Objektholder[@pasientNr='{_patient!.Number}']";

    // A patient gets a fault once, in the first place there is for it.
    private void Settle(string place)
    {
        if (Xml.EndChange()) Made(place);
    }

    private void Made(string place)
    {
        Note(_fault!.Value, place);
        _fault = null;
    }
}
