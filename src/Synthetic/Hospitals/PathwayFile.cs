namespace Kilde.Synthetic;

/// <summary>Module pak: package pathways for cancer, and for mental health and addiction, as they go on.</summary>
internal sealed class PathwayFile(XmlOut xml, MessageFrame frame, FaultLog faults, ulong seed)
    : TrustFile(xml, frame, faults)
{
    private const int Cancer = 1;
    private const int Mental = 2;

    protected override bool Tells(PatientYear patient) =>
        patient.Periods.Any(period => period.Pathway is not null && Horizon.Includes(period.AssessedOn));

    protected override void WriteUnits(TrustInstitution institution) => UnitXml.Units(Xml, institution);

    protected override void WritePatient(PatientYear patient)
    {
        Xml.Begin("Objektholder"u8);
        Xml.Attribute("pasientNr"u8, patient.Number);
        var fault = patient.Fault;
        foreach (var period in patient.Periods)
        {
            if (period.Pathway is not { } pathway || !Horizon.Includes(period.AssessedOn)) continue;
            var kind = pathway[0] == 'D' ? Mental : Cancer;
            var changes = ChangesOf(fault, kind, Frame.ExtractedOn.AddDays(1));
            if (changes is not null) Xml.Change(changes);
            Write(patient, period, pathway, kind);
            if (!Xml.EndChange()) continue;
            var place = $"Objektholder[@pasientNr='{patient.Number}']/Forlop[@forlopID='F{period.Id}']";
            Note(fault!.Value, place + changes![0].Place);
            fault = null;
        }

        Xml.End("Objektholder"u8);
    }

    private void Write(PatientYear patient, ReferralPeriod period, string pathway, int kind)
    {
        var chance = Chance.Of(seed, Topic.Pathway, patient.Person.Index, period.ReceivedOn.DayNumber);
        Xml.Begin("Forlop"u8);
        Xml.Attribute("forlopGUID"u8, chance.Guid().ToString());
        Xml.Attribute("forlopID"u8, $"F{period.Id}");
        Xml.Attribute("henvisningsperiodeID"u8, period.Id);
        Xml.Attribute("forlopType"u8, kind);
        Xml.Attribute("forlopKodeverk"u8, kind == Cancer ? "9173"u8 : "9321"u8);
        Xml.Attribute("forlopKode"u8, pathway);
        var number = 0;
        foreach (var (code, at) in Events(period, kind))
            if (Horizon.Includes(at)) Event(period, kind, code, at, ++number);
        Xml.End("Forlop"u8);
    }

    // Codes of mental health care in a pathway for cancer, and the other way round.
    private static Change[]? ChangesOf(FileFault? fault, int kind, DateOnly later) => fault switch
    {
        FileFault.ForeignPathway when kind == Cancer => [new Change("Forlop", "forlopKode", "D06")],
        FileFault.ForeignEvent when kind == Cancer => [new Change("Forlop/ForlopHendelse", "typeHendelse", "M")],
        FileFault.ForeignMentalPathway when kind == Mental => [new Change("Forlop", "forlopKode", "A26")],
        FileFault.ForeignMentalEvent when kind == Mental => [new Change("Forlop/ForlopHendelse", "typeHendelse", "B")],
        FileFault.LaterEvent =>
            [new Change("Forlop/ForlopHendelse", "datoTid", $"{later:yyyy-MM-dd}T10:00:00")],
        _ => null,
    };

    // Lists 9174 and 9322: start, first attendance or assessment, decision, treatment or evaluation, end.
    private static IEnumerable<(char Code, DateTime At)> Events(ReferralPeriod period, int kind)
    {
        yield return ('A', period.ReceivedOn.ToDateTime(new TimeOnly(10, 0)));
        if (period.Episodes.Count == 0) yield break;
        var first = period.Episodes[0].In;
        yield return (kind == Cancer ? 'S' : 'M', first);
        yield return ('C', first.AddDays(9));
        yield return (kind == Cancer ? 'F' : 'E', first.AddDays(kind == Cancer ? 20 : 42));
        if (period.ClosedOn is { } closedOn && closedOn.ToDateTime(TimeOnly.MinValue) > first.AddDays(42))
            yield return ('X', closedOn.ToDateTime(new TimeOnly(15, 0)));
    }

    private void Event(ReferralPeriod period, int kind, char code, DateTime at, int number)
    {
        Xml.Begin("ForlopHendelse"u8);
        Xml.Attribute("hendelseID"u8, $"{number}");
        if (number > 1) Xml.Attribute("forrigeHendelseID"u8, $"{number - 1}");
        Xml.Attribute("forlopTypeHendelse"u8, kind);
        Xml.Attribute("hendelseKodeverk"u8, kind == Cancer ? "9174"u8 : "9322"u8);
        Xml.Attribute("typeHendelse"u8, [code]);
        Xml.Attribute("datoTid"u8, at);
        if (code == 'C') Outcome(kind == Cancer ? 1 : 3, kind == Cancer ? "9175"u8 : "9323"u8, "K"u8);
        if (code == 'F') Outcome(2, "9176"u8, "K"u8);
        UnitXml.Reference(Xml, period.Department.Site, kind: 1);
        Xml.End("ForlopHendelse"u8);
    }

    // List 9177.
    private void Outcome(int kind, ReadOnlySpan<byte> list, ReadOnlySpan<byte> code)
    {
        Xml.Begin("Utfall"u8);
        Xml.Attribute("typeUtfall"u8, kind);
        Xml.Attribute("utfallKodeverk"u8, list);
        Xml.Attribute("utfallKode"u8, code);
        Xml.End("Utfall"u8);
    }
}
