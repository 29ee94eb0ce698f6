namespace Kilde.Synthetic;

/// <summary>Module hst 56.0.0: consultations at child health centres and in school health services.</summary>
internal sealed class ChildHealthFile(ulong seed, FaultLog faults)
{
    private const string UnitId = "H1";
    private const int ChildAgeLimit = 6;
    private const int PupilAgeLimit = 19;
    private const int BabyAgeLimit = 2;
    private const int MidYear = 183;
    private const int DaysAround = 190;
    private const int Nurse = 28;
    private const int HprAboveReal = 900_000_000;

    private Guid _previous;
    private long _serial;

    /// <summary>
    /// All consultations of the year up to a day, in time order; kept, since the chain is in that order.
    /// </summary>
    public List<ChildConsultation> Consultations(IEnumerable<Inhabitant> people, DateOnly asOf)
    {
        var found = new List<ChildConsultation>();
        var occasions = new List<Occasion>();
        var middle = new DateOnly(asOf.Year, 1, 1).AddDays(MidYear);
        foreach (var person in people)
        {
            var age = person.AgeOn(middle);
            if (age >= PupilAgeLimit || person.BornOn > asOf) continue;
            var kind = age < ChildAgeLimit ? UnitKind.ChildHealthCentre : UnitKind.SchoolHealthService;
            VisitProgramme.Collect(kind, person.BornOn, middle, DaysAround, occasions);
            foreach (var occasion in occasions)
            {
                var chance = Chance.Of(seed, Topic.Visit, person.Index, occasion.Id, 1);
                if (!chance.Happens(occasion.Share) || (occasion.AgeStep == "E" && age >= BabyAgeLimit)) continue;
                var at = Stays.OfficeTime(occasion.DueOn.AddDays(chance.Between(-4, 6)), ref chance);
                var on = DateOnly.FromDateTime(at);
                if (on.Year == asOf.Year && on <= asOf && person.IsAliveOn(on))
                    found.Add(new ChildConsultation(person, occasion, at, chance.Guid()));
            }
        }

        found.Sort(static (one, other) => (one.At, one.Id).CompareTo((other.At, other.Id)));
        return found;
    }

    public void Write(
        XmlOut xml, MessageFrame frame, MunicipalityYearOrder order, IEnumerable<ChildConsultation> consultations)
    {
        frame.Begin(xml);
        foreach (var consultation in consultations) Write(xml, order, consultation);
        frame.WriteContacts(xml);
        faults.AddMissingContacts(frame, "KPR");
        xml.Begin("Kommune"u8);
        xml.Attribute("kommuneNr"u8, order.Municipality.ToString());
        xml.Begin("Enhet"u8);
        xml.Attribute("enhetID"u8, UnitId);
        xml.Attribute("orgNr"u8, MunicipalityYear.HealthCentreOf(order.Municipality).Number);
        xml.Attribute("enhetNavn"u8, $"{order.Municipality.Name} helsestasjon");
        xml.End("Enhet"u8);
        xml.End("Kommune"u8);
        frame.End(xml);
    }

    private void Write(XmlOut xml, MunicipalityYearOrder order, ChildConsultation consultation)
    {
        var (person, occasion, at, id) = consultation;
        xml.Begin("Notifikasjon"u8);
        xml.Attribute("statusNotifikasjon"u8, "N"u8);
        xml.Attribute("notifikasjonTid"u8, at.AddMinutes(40));
        xml.Attribute("notifikasjonGUID"u8, id.ToString());
        xml.Attribute("notifikasjonForrigeGUID"u8, _previous.ToString());
        xml.Attribute("notifikasjonLopeNr"u8, ++_serial);
        xml.Begin("Konsultasjon"u8);
        xml.Attribute("konsultasjonID"u8, $"K{person.Index}-{occasion.Id}");
        xml.Attribute("datoTidStart"u8, at);
        xml.Attribute("konsultasjonRegistrertTidspunkt"u8, at.AddMinutes(35));
        xml.Attribute("formKonsultasjon"u8, occasion.AgeStep == VisitProgramme.HomeVisit ? "H"u8 : "I"u8);
        xml.Attribute("anbefaltTypeKonsultasjon"u8, occasion.AgeStep);
        xml.Attribute("amming"u8, occasion.IsBaby ? 1 + (person.Index % 3) : 3);
        Child(xml, person, DateOnly.FromDateTime(at));
        xml.Begin("Helseperson"u8);
        xml.Attribute("polUtforende"u8, Nurse);
        xml.Attribute("rolle"u8, "1"u8);
        xml.Attribute("helsepersonHPR"u8, HprAboveReal + order.Municipality.Number);
        xml.End("Helseperson"u8);
        if (occasion.IsBaby) Weight(xml, person, at);
        xml.Begin("RefEnhet"u8);
        xml.Attribute("enhetID"u8, UnitId);
        xml.Attribute("typeEnhet"u8, "9"u8);
        xml.End("RefEnhet"u8);
        xml.End("Konsultasjon"u8);
        xml.End("Notifikasjon"u8);
        _previous = id;
    }

    private void Child(XmlOut xml, Inhabitant person, DateOnly day)
    {
        xml.Begin("Barn_ungdom"u8);
        xml.Attribute("pasientGUID"u8, Chance.Of(seed, Topic.Inhabitant, person.Index, 2).Guid().ToString());
        xml.Attribute("barn_ungdomNr"u8, person.Index + 1);
        xml.Attribute("kjonn"u8, person.IsFemale ? "2"u8 : "1"u8);
        xml.Attribute("fodselsar"u8, person.BornOn.Year);
        PersonXml.Identify(xml, person, day);
        xml.End("Barn_ungdom"u8);
        if (person.AgeOn(day) >= ChildAgeLimit) return;
        xml.Begin("Deltaker"u8);
        xml.Attribute("deltakerType"u8, "2"u8);
        xml.End("Deltaker"u8);
    }

    private void Weight(XmlOut xml, Inhabitant person, DateTime at)
    {
        var chance = Chance.Of(seed, Topic.Measurement, person.Index);
        var days = DateOnly.FromDateTime(at).DayNumber - person.BornOn.DayNumber;
        var grams = chance.Between(2_800, 4_200) + (Math.Max(0, days) * 20) - (Math.Max(0, days - 150) * 11);
        xml.Begin("Maling"u8);
        xml.Attribute("typeMaling"u8, "Vekt");
        xml.Attribute("malingDatoTid"u8, at);
        xml.Begin("Maleresultat"u8);
        xml.Attribute("maleresultatNr"u8, "1"u8);
        xml.Attribute("verdi"u8, grams);
        xml.Attribute("enhet"u8, "g"u8);
        xml.End("Maleresultat"u8);
        xml.End("Maling"u8);
    }
}

internal sealed record ChildConsultation(Inhabitant Person, Occasion Occasion, DateTime At, Guid Id);
