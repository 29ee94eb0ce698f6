namespace Kilde.Synthetic;

/// <summary>Writes an episode of module ord, with what has happened of it.</summary>
internal sealed class EpisodeXml(XmlOut xml, Horizon horizon)
{
    public void Write(Inhabitant person, ReferralPeriod period, Episode episode, FileFault? fault)
    {
        var hasEnded = horizon.Includes(episode.Out);
        var inOn = DateOnly.FromDateTime(episode.In);
        xml.Begin("Episode"u8);
        xml.Attribute("episodeID"u8, episode.Id);
        xml.Attribute("henvisningsperiodeID"u8, period.Id);
        if (episode.Series is { } series) xml.Attribute("serieID"u8, series);
        xml.Attribute("innDatoTid"u8, episode.In);
        xml.Attribute("fraSted"u8, episode.FromPlace);
        if (episode.FromInstitution is { } from) xml.Attribute("fraInstitusjonID"u8, from.Number.Number);
        if (episode.MunicipalService is { } service) xml.Attribute("kommTjeneste"u8, service);
        xml.Attribute("debitor"u8, "1"u8);
        xml.Attribute("episodeFag"u8, episode.Department.Specialty.Code);
        UnitXml.Home(xml, person, inOn.Year);
        xml.Attribute("inntilstand"u8, episode.IsBirth ? "3"u8 : "1"u8);
        xml.Attribute("innmateHast"u8, episode.IsAcute ? 1 : episode.FromInstitution is null ? 4 : 5);
        if (person.AgeOn(inOn) < 1) xml.Attribute("alderIDager"u8, inOn.DayNumber - person.BornOn.DayNumber);
        xml.Attribute("omsorgsniva"u8, episode.Level);
        if (hasEnded) Ending(episode);
        if (fault == FileFault.WrongOrder) UnitXml.References(xml, episode.Department);
        Contact(episode, fault);
        foreach (var (at, kind) in episode.Moments)
        {
            if (!horizon.Includes(at)) continue;
            xml.Begin("Tidspunkt"u8);
            xml.Attribute("tidspunkt"u8, at);
            xml.Attribute("typeTidspunkt"u8, kind);
            xml.End("Tidspunkt"u8);
        }

        if (fault != FileFault.WrongOrder) References(episode, fault);
        if (fault != FileFault.ConditionMissing) Conditions(episode, hasEnded);
        Clinical(episode);
        if (fault == FileFault.UnknownElement)
        {
            xml.Begin("Merknad"u8);
            xml.End("Merknad"u8);
        }

        xml.End("Episode"u8);
    }

    private void References(Episode episode, FileFault? fault)
    {
        var missing = fault switch
        {
            FileFault.TreatmentSiteMissing => 1,
            FileFault.DepartmentMissing => 7,
            FileFault.SectionMissing => 2,
            _ => 0,
        };
        UnitXml.References(xml, episode.Department, missing, nameless: fault switch
        {
            FileFault.SiteWithoutNumber => 1,
            FileFault.DepartmentWithoutCode => 7,
            _ => 0,
        });
        if (fault != FileFault.UnknownUnit) return;
        UnitXml.Reference(xml, new TrustUnit("X999", "", null, null, null), kind: 4);
    }

    private void Ending(Episode episode)
    {
        xml.Attribute("utTilstand"u8, episode.EndsInDeath ? "2"u8 : "1"u8);
        if (episode.EndOfTreatment is { } end) xml.Attribute("sluttKode"u8, end);
        if (episode.Level == 1) xml.Attribute("epikriseDato"u8, DateOnly.FromDateTime(episode.Out));
        if (!episode.EndsInDeath) xml.Attribute("tilSted"u8, episode.ToPlace);
        if (episode.ToInstitution is { } to) xml.Attribute("tilInstitusjonID"u8, to.Number.Number);
        xml.Attribute("utDatoTid"u8, episode.Out);
    }

    private void Contact(Episode episode, FileFault? fault)
    {
        if (episode.ContactKind is not { } kind)
        {
            xml.Begin("AvdOpp"u8);
            if (fault == FileFault.ReversedLeave)
            {
                xml.Begin("Permisjon"u8);
                xml.Attribute("startDatoTid"u8, episode.In.AddMinutes(2));
                xml.Attribute("stoppDatoTid"u8, episode.In.AddMinutes(1));
                xml.Attribute("permisjonType"u8, "1"u8);
                xml.End("Permisjon"u8);
            }

            foreach (var stay in episode.Wards)
            {
                if (!horizon.Includes(stay.In)) continue;
                xml.Begin("PostOpp"u8);
                xml.Attribute("tjenesteenhetID"u8, stay.Ward.Id);
                xml.Attribute("fagenhetID"u8, episode.Department.Section.Id);
                xml.Attribute("innDatoTid"u8, stay.In);
                if (horizon.Includes(stay.Out)) xml.Attribute("utDatoTid"u8, stay.Out);
                xml.End("PostOpp"u8);
            }

            xml.End("AvdOpp"u8);
            return;
        }

        xml.Begin("Kontakt"u8);
        xml.Attribute("kontaktType"u8, kind);
        xml.Attribute("stedAktivitet"u8, "1"u8);
        xml.Attribute("polkonAktivitet"u8, "1"u8);
        if (fault != FileFault.StaffMissing) Staff(episode);
        xml.Begin("Takst"u8);
        xml.Attribute("typeForskrift"u8, "PO"u8);
        xml.Attribute("takstnummer"u8, "201b"u8);
        xml.Attribute("antall"u8, "1"u8);
        xml.End("Takst"u8);
        xml.End("Kontakt"u8);
    }

    // Until the patient is discharged only the main condition is known.
    private void Conditions(Episode episode, bool hasEnded)
    {
        var count = hasEnded ? episode.Conditions.Count : 1;
        for (var number = 1; number <= count; number++)
        {
            var condition = episode.Conditions[number - 1];
            xml.Begin("Tilstand"u8);
            xml.Attribute("tilstNr"u8, number);
            if (episode.HasAxes) xml.Attribute("akse"u8, "1"u8);
            Code(1, "D"u8, condition, episode.In.Year);
            if (condition == "F009") Code(2, "D"u8, "G301", episode.In.Year);
            xml.End("Tilstand"u8);
        }
    }

    private void Clinical(Episode episode)
    {
        if (episode.Decision is { } forced && forced.Coercion is { } coercion && horizon.Includes(forced.CoercionAt))
        {
            xml.Begin("Tvang"u8);
            xml.Attribute("datoVedtak"u8, DateOnly.FromDateTime(forced.CoercionAt));
            xml.Attribute("spesialistvedtakID"u8, forced.Id);
            xml.Attribute("typeTvang"u8, coercion);
            xml.Attribute("tidspunktStart"u8, forced.CoercionAt);
            xml.Attribute("tidspunktStopp"u8, forced.CoercionAt.AddMinutes(45));
            Complaint(forced);
            xml.End("Tvang"u8);
        }

        foreach (var procedure in episode.Procedures)
            if (horizon.Includes(procedure.At)) Treatment(episode, procedure);
        if (episode.Decision is { } decision && horizon.Includes(decision.At))
        {
            xml.Begin("Spesialistvedtak"u8);
            xml.Attribute("spesialistvedtakID"u8, decision.Id);
            xml.Attribute("typeFormalitet"u8, decision.Kind);
            xml.Attribute("datoSpesialistVedtak"u8, decision.At);
            xml.Attribute("fattetAv"u8, "1"u8);
            xml.End("Spesialistvedtak"u8);
        }

        if (episode.Participant is { } participant)
        {
            xml.Begin("Deltaker"u8);
            xml.Attribute("deltakerType"u8, participant);
            xml.End("Deltaker"u8);
        }

        foreach (var (kind, at, value) in episode.Measurements) Measurement(kind, at, value);
    }

    private void Complaint(LegalBasis decision)
    {
        if (decision.ComplainedOn is not { } on || !horizon.Includes(on)) return;
        xml.Begin("Klage"u8);
        xml.Attribute("typeKlage"u8, "1"u8);
        xml.Attribute("datoKlage"u8, on);
        xml.End("Klage"u8);
    }

    private void Treatment(Episode episode, Procedure procedure)
    {
        var unit = episode.ContactKind is null ? episode.Department.Wards[0] : episode.Department.Clinic;
        // Nothing is done to a patient who has left.
        var begins = procedure.At < episode.Out ? procedure.At : episode.Out;
        var ends = procedure.At.AddMinutes(procedure.Minutes);
        if (ends > episode.Out) ends = episode.Out;
        xml.Begin("Tjeneste"u8);
        xml.Attribute("tjenesteenhetID"u8, unit.Id);
        xml.Attribute("startDatoTid"u8, begins);
        xml.Attribute("sluttDatoTid"u8, ends);
        xml.Attribute("tjenesteFag"u8, episode.Department.Specialty.Code);
        xml.Begin("Tiltak"u8);
        xml.Attribute("typeTiltak"u8, procedure.System == "R" ? "2"u8 : "1"u8);
        xml.Attribute("startDatoTid"u8, begins);
        xml.Attribute("sluttDatoTid"u8, ends);
        Staff(episode);
        xml.Begin("Prosedyre"u8);
        xml.Attribute("prosNr"u8, "1"u8);
        xml.Attribute("tilstNr"u8, "1"u8);
        Code(1, procedure.System == "R" ? "R"u8 : procedure.System == "K" ? "K"u8 : "M"u8, procedure.Code,
            procedure.At.Year);
        xml.End("Prosedyre"u8);
        xml.End("Tiltak"u8);
        xml.End("Tjeneste"u8);
    }

    private void Measurement(string kind, DateTime at, int value)
    {
        xml.Begin("Maling"u8);
        xml.Attribute("typeMaling"u8, kind);
        xml.Attribute("malingKodeverk"u8, "9178"u8);
        xml.Attribute("malingDatoTid"u8, at);
        xml.Attribute("typeMalingKodet"u8, kind);
        xml.Begin("Maleresultat"u8);
        xml.Attribute("maleresultatNr"u8, "1"u8);
        xml.Attribute("verdi"u8, value);
        xml.End("Maleresultat"u8);
        xml.End("Maling"u8);
    }

    private void Staff(Episode episode)
    {
        xml.Begin("Helseperson"u8);
        xml.Attribute("polUtforende"u8, episode.Staff);
        xml.Attribute("spesialist"u8, episode.Staff is 1 or 4 ? "1"u8 : "2"u8);
        xml.Attribute("rolle"u8, "1"u8);
        xml.End("Helseperson"u8);
    }

    private void Code(int number, ReadOnlySpan<byte> system, string value, int year)
    {
        xml.Begin("Kode"u8);
        xml.Attribute("kodeNr"u8, number);
        xml.Attribute("Kodeverk"u8, system);
        xml.Attribute("kodeVersjon"u8, year);
        xml.Attribute("kodeVerdi"u8, value);
        xml.End("Kode"u8);
    }
}
