namespace Kilde.Synthetic;

/// <summary>Module ord: patients, referrals and episodes.</summary>
internal sealed class ActivityFile(XmlOut xml, MessageFrame frame) : TrustFile(xml, frame)
{
    private const int PlannedDaysMax = 120;

    protected override void BeginInstitution(TrustInstitution institution)
    {
        foreach (var unit in institution.Units)
        {
            Xml.Begin("Enhet"u8);
            Xml.Attribute("enhetID"u8, unit.Id);
            if (unit.Number is { } number) Xml.Attribute("orgNr"u8, number.Number);
            if (unit.ReshId is { } resh) Xml.Attribute("reshID"u8, resh);
            if (unit.DepartmentCode is { } code)
            {
                Xml.Attribute("offAvdKode"u8, code);
                Xml.Attribute("isfRefusjon"u8, "1"u8);
            }

            Xml.Attribute("enhetLokal"u8, unit.Name);
            Xml.End("Enhet"u8);
        }
    }

    protected override void WritePatient(PatientYear patient)
    {
        var person = patient.Person;
        Xml.Begin("Objektholder"u8);
        Xml.Attribute("pasientNr"u8, patient.Number);
        Xml.Begin("Pasient"u8);
        Xml.Attribute("pasientNr"u8, patient.Number);
        Xml.Attribute("kjonn"u8, person.IsFemale ? "2"u8 : "1"u8);
        Xml.Attribute("fodselsar"u8, person.BornOn.Year);
        if (patient.BirthWeight is { } grams) Xml.Attribute("fodselsvekt"u8, grams);
        PatientConditions(patient);
        Xml.End("Pasient"u8);
        foreach (var period in patient.Periods) Period(person, period);
        foreach (var period in patient.Periods)
            foreach (var episode in period.Episodes)
                if (HasHappened(episode.In)) Episode(person, period, episode);
        Xml.End("Objektholder"u8);
    }

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
        Xml.Begin("Henvisningsperiode"u8);
        Xml.Attribute("henvisningsperiodeID"u8, period.Id);
        if (period.From is { } from) Xml.Attribute("henvFraInstitusjonID"u8, from.Number.Number);
        Xml.Attribute("henvFraTjeneste"u8, period.FromService);
        Xml.Attribute("ansienDato"u8, period.FirstReceivedOn ?? period.ReceivedOn);
        Xml.Attribute("nyTilstand"u8, period.IsNewCondition ? "1"u8 : "2"u8);
        if (period.ClosedOn is { } closedOn && HasHappened(closedOn)) Xml.Attribute("sluttDato"u8, closedOn);
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
        Home(person, period.ReceivedOn.Year);
        Xml.Attribute("omsnivahenv"u8, period.Level);
        Xml.Attribute("fagomrade"u8, period.Department.Specialty.Code);
        if (HasHappened(period.AssessedOn))
        {
            Xml.Attribute("henvVurd"u8, period.Outcome);
            Xml.Attribute("vurdDato"u8, period.AssessedOn);
            Xml.Attribute("pakkeforlop"u8, period.Pathway is null ? "2"u8 : "1"u8);
            Xml.Attribute("rettTilHelsehjelp"u8, period.Right);
            if (period.Right == 3) Xml.Attribute("fristStartBehandling"u8, period.DeadlineOn);
        }

        if (period.WaitEndedOn is { } endedOn && HasHappened(endedOn))
        {
            Xml.Attribute("ventetidSluttDato"u8, endedOn);
            Xml.Attribute("ventetidSluttKode"u8, period.WaitEndCode);
        }

        Units(period.Department);
        foreach (var postponement in period.Postponements)
        {
            if (!HasHappened(postponement.On)) continue;
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
            if (HasHappened(episode.In) || episode.IsAcute || episode.FromInstitution is not null) continue;
            if (HasHappened(DateOnly.FromDateTime(episode.In).AddDays(-PlannedDaysMax)))
            {
                Xml.Begin("PlanlagtEpisode"u8);
                Xml.Attribute("planlagtID"u8, $"PL{episode.Id}");
                Xml.Attribute("omsorgsniva"u8, episode.Level);
                Xml.Attribute("typeTidPlanlagtEpi"u8, "3"u8);
                Xml.Attribute("planlagtDatoTid"u8, episode.In);
                Units(episode.Department);
                Xml.End("PlanlagtEpisode"u8);
            }

            return;
        }
    }

    private void Episode(Inhabitant person, ReferralPeriod period, Episode episode)
    {
        var hasEnded = HasHappened(episode.Out);
        var inOn = DateOnly.FromDateTime(episode.In);
        Xml.Begin("Episode"u8);
        Xml.Attribute("episodeID"u8, episode.Id);
        Xml.Attribute("henvisningsperiodeID"u8, period.Id);
        if (episode.Series is { } series) Xml.Attribute("serieID"u8, series);
        Xml.Attribute("innDatoTid"u8, episode.In);
        Xml.Attribute("fraSted"u8, episode.FromPlace);
        if (episode.FromInstitution is { } from) Xml.Attribute("fraInstitusjonID"u8, from.Number.Number);
        if (episode.MunicipalService is { } service) Xml.Attribute("kommTjeneste"u8, service);
        Xml.Attribute("debitor"u8, "1"u8);
        Xml.Attribute("episodeFag"u8, episode.Department.Specialty.Code);
        Home(person, inOn.Year);
        Xml.Attribute("inntilstand"u8, episode.IsBirth ? "3"u8 : "1"u8);
        Xml.Attribute("innmateHast"u8, episode.IsAcute ? "1"u8 : episode.FromInstitution is null ? "4"u8 : "5"u8);
        if (person.AgeOn(inOn) < 1) Xml.Attribute("alderIDager"u8, inOn.DayNumber - person.BornOn.DayNumber);
        Xml.Attribute("omsorgsniva"u8, episode.Level);
        if (hasEnded) Ending(episode);
        Contact(episode);
        foreach (var (at, kind) in episode.Moments)
        {
            if (!HasHappened(at)) continue;
            Xml.Begin("Tidspunkt"u8);
            Xml.Attribute("tidspunkt"u8, at);
            Xml.Attribute("typeTidspunkt"u8, kind);
            Xml.End("Tidspunkt"u8);
        }

        Units(episode.Department);
        Conditions(episode, hasEnded);
        Clinical(episode);
        Xml.End("Episode"u8);
    }

    private void Ending(Episode episode)
    {
        Xml.Attribute("utTilstand"u8, episode.EndsInDeath ? "2"u8 : "1"u8);
        if (episode.EndOfTreatment is { } end) Xml.Attribute("sluttKode"u8, end);
        if (episode.Level == 1) Xml.Attribute("epikriseDato"u8, DateOnly.FromDateTime(episode.Out));
        if (!episode.EndsInDeath) Xml.Attribute("tilSted"u8, episode.ToPlace);
        if (episode.ToInstitution is { } to) Xml.Attribute("tilInstitusjonID"u8, to.Number.Number);
        Xml.Attribute("utDatoTid"u8, episode.Out);
    }

    private void Contact(Episode episode)
    {
        if (episode.ContactKind is not { } kind)
        {
            Xml.Begin("AvdOpp"u8);
            foreach (var stay in episode.Wards)
            {
                if (!HasHappened(stay.In)) continue;
                Xml.Begin("PostOpp"u8);
                Xml.Attribute("tjenesteenhetID"u8, stay.Ward.Id);
                Xml.Attribute("fagenhetID"u8, episode.Department.Section.Id);
                Xml.Attribute("innDatoTid"u8, stay.In);
                if (HasHappened(stay.Out)) Xml.Attribute("utDatoTid"u8, stay.Out);
                Xml.End("PostOpp"u8);
            }

            Xml.End("AvdOpp"u8);
            return;
        }

        Xml.Begin("Kontakt"u8);
        Xml.Attribute("kontaktType"u8, kind);
        Xml.Attribute("stedAktivitet"u8, "1"u8);
        Xml.Attribute("polkonAktivitet"u8, "1"u8);
        Staff(episode);
        Xml.Begin("Takst"u8);
        Xml.Attribute("typeForskrift"u8, "PO"u8);
        Xml.Attribute("takstnummer"u8, "201b"u8);
        Xml.Attribute("antall"u8, "1"u8);
        Xml.End("Takst"u8);
        Xml.End("Kontakt"u8);
    }

    // Until the patient is discharged only the main condition is known.
    private void Conditions(Episode episode, bool hasEnded)
    {
        var count = hasEnded ? episode.Conditions.Count : 1;
        for (var number = 1; number <= count; number++)
        {
            var condition = episode.Conditions[number - 1];
            Xml.Begin("Tilstand"u8);
            Xml.Attribute("tilstNr"u8, number);
            if (episode.HasAxes) Xml.Attribute("akse"u8, "1"u8);
            Code(1, "D"u8, condition, episode.In.Year);
            if (condition == "F009") Code(2, "D"u8, "G301", episode.In.Year);
            Xml.End("Tilstand"u8);
        }
    }

    private void Clinical(Episode episode)
    {
        if (episode.Decision is { } forced && forced.Coercion is { } coercion && HasHappened(forced.CoercionAt))
        {
            Xml.Begin("Tvang"u8);
            Xml.Attribute("datoVedtak"u8, DateOnly.FromDateTime(forced.CoercionAt));
            Xml.Attribute("spesialistvedtakID"u8, forced.Id);
            Xml.Attribute("typeTvang"u8, coercion);
            Xml.Attribute("tidspunktStart"u8, forced.CoercionAt);
            Xml.Attribute("tidspunktStopp"u8, forced.CoercionAt.AddMinutes(45));
            Complaint(forced);
            Xml.End("Tvang"u8);
        }

        foreach (var procedure in episode.Procedures)
            if (HasHappened(procedure.At)) Treatment(episode, procedure);
        if (episode.Decision is { } decision && HasHappened(decision.At))
        {
            Xml.Begin("Spesialistvedtak"u8);
            Xml.Attribute("spesialistvedtakID"u8, decision.Id);
            Xml.Attribute("typeFormalitet"u8, decision.Kind);
            Xml.Attribute("datoSpesialistVedtak"u8, decision.At);
            Xml.Attribute("fattetAv"u8, "1"u8);
            Xml.End("Spesialistvedtak"u8);
        }

        if (episode.Participant is { } participant)
        {
            Xml.Begin("Deltaker"u8);
            Xml.Attribute("deltakerType"u8, participant);
            Xml.End("Deltaker"u8);
        }

        foreach (var (kind, at, value) in episode.Measurements) Measurement(kind, at, value);
    }

    private void Complaint(LegalBasis decision)
    {
        if (decision.ComplainedOn is not { } on || !HasHappened(on)) return;
        Xml.Begin("Klage"u8);
        Xml.Attribute("typeKlage"u8, "1"u8);
        Xml.Attribute("datoKlage"u8, on);
        Xml.End("Klage"u8);
    }

    private void Treatment(Episode episode, Procedure procedure)
    {
        var unit = episode.ContactKind is null ? episode.Department.Wards[0] : episode.Department.Clinic;
        var ends = procedure.At.AddMinutes(procedure.Minutes);
        if (ends > episode.Out) ends = episode.Out;
        Xml.Begin("Tjeneste"u8);
        Xml.Attribute("tjenesteenhetID"u8, unit.Id);
        Xml.Attribute("startDatoTid"u8, procedure.At);
        Xml.Attribute("sluttDatoTid"u8, ends);
        Xml.Attribute("tjenesteFag"u8, episode.Department.Specialty.Code);
        Xml.Begin("Tiltak"u8);
        Xml.Attribute("typeTiltak"u8, procedure.System == "R" ? "2"u8 : "1"u8);
        Xml.Attribute("startDatoTid"u8, procedure.At);
        Xml.Attribute("sluttDatoTid"u8, ends);
        Staff(episode);
        Xml.Begin("Prosedyre"u8);
        Xml.Attribute("prosNr"u8, "1"u8);
        Xml.Attribute("tilstNr"u8, "1"u8);
        Code(1, procedure.System == "R" ? "R"u8 : procedure.System == "K" ? "K"u8 : "M"u8, procedure.Code,
            procedure.At.Year);
        Xml.End("Prosedyre"u8);
        Xml.End("Tiltak"u8);
        Xml.End("Tjeneste"u8);
    }

    private void Measurement(string kind, DateTime at, int value)
    {
        Xml.Begin("Maling"u8);
        Xml.Attribute("typeMaling"u8, kind);
        Xml.Attribute("malingKodeverk"u8, "9178"u8);
        Xml.Attribute("malingDatoTid"u8, at);
        Xml.Attribute("typeMalingKodet"u8, kind);
        Xml.Begin("Maleresultat"u8);
        Xml.Attribute("maleresultatNr"u8, "1"u8);
        Xml.Attribute("verdi"u8, value);
        Xml.End("Maleresultat"u8);
        Xml.End("Maling"u8);
    }

    private void Staff(Episode episode)
    {
        Xml.Begin("Helseperson"u8);
        Xml.Attribute("polUtforende"u8, episode.Staff);
        Xml.Attribute("spesialist"u8, episode.Staff is 1 or 4 ? "1"u8 : "2"u8);
        Xml.Attribute("rolle"u8, "1"u8);
        Xml.End("Helseperson"u8);
    }

    private void Code(int number, ReadOnlySpan<byte> system, string value, int year)
    {
        Xml.Begin("Kode"u8);
        Xml.Attribute("kodeNr"u8, number);
        Xml.Attribute("Kodeverk"u8, system);
        Xml.Attribute("kodeVersjon"u8, year);
        Xml.Attribute("kodeVerdi"u8, value);
        Xml.End("Kode"u8);
    }

    private void Home(Inhabitant person, int year)
    {
        Xml.Attribute("komNrHjem"u8, Inhabitants.HomeIn(person, year).ToString());
        if (Inhabitants.DistrictOf(person) is { } district)
            Xml.Attribute("bydel"u8, district.ToString().AsSpan(4));
    }

    // Treatment place, department and section are asked for of every referral and episode.
    private void Units(TrustDepartment department)
    {
        Reference(department.Site, "1"u8);
        Reference(department.Department, "7"u8);
        Reference(department.Section, "2"u8);
    }

    private void Reference(TrustUnit unit, ReadOnlySpan<byte> kind)
    {
        Xml.Begin("RefEnhet"u8);
        Xml.Attribute("enhetID"u8, unit.Id);
        Xml.Attribute("typeEnhet"u8, kind);
        Xml.End("RefEnhet"u8);
    }
}
