namespace Kilde.Synthetic;

/// <summary>Module kpp: what each ended somatic episode cost, in parts and in all.</summary>
internal sealed class CostFile(XmlOut xml, MessageFrame frame, FaultLog faults, ulong seed)
    : TrustFile(xml, frame, faults)
{
    // List 8491: service, kind of cost, and 1 for direct or 2 for indirect. Kroner of a day, or of a contact.
    private static readonly (string Code, int Kroner)[] StayParts =
        [("11H1", 4_200), ("11L1", 350), ("11O1", 420), ("11D2", 650), ("07H1", 300), ("88X2", 900)];

    private static readonly (string Code, int Kroner)[] ContactParts =
        [("10H1", 1_450), ("10L1", 180), ("10D2", 240), ("88X2", 310)];

    private static readonly (string Code, int Kroner)[] OperationParts =
        [("03H1", 9_500), ("03O1", 3_200), ("05H1", 4_100)];

    private const int WrongBy = 100_00;

    protected override bool Tells(PatientYear patient) =>
        patient.Periods.Any(period => period.Institution.Kind == InstitutionKind.Somatic
            && period.Episodes.Exists(episode => Horizon.Includes(episode.Out)));

    protected override void WritePatient(PatientYear patient)
    {
        var fault = patient.Fault is FileFault.TotalDiffers or FileFault.NegativeCost or FileFault.PartsMissing
            ? patient.Fault
            : null;
        Xml.Begin("Objektholder"u8);
        Xml.Attribute("pasientNr"u8, patient.Number);
        foreach (var period in patient.Periods)
        {
            foreach (var episode in period.Episodes)
            {
                if (!Horizon.Includes(episode.Out)) continue;
                Write(patient, episode, fault);
                fault = null;
            }
        }

        Xml.End("Objektholder"u8);
    }

    private void Write(PatientYear patient, Episode episode, FileFault? fault)
    {
        var nights = Math.Max(1, (episode.Out.Date - episode.In.Date).Days);
        var parts = episode.ContactKind is null ? StayParts : ContactParts;
        var chance = Chance.Of(seed, Topic.Cost, patient.Person.Index, episode.In.Ticks);
        Span<(string Code, long Hundredths)> costs = new (string Code, long Hundredths)[parts.Length + 3];
        var count = 0;
        foreach (var (code, kroner) in parts)
            costs[count++] = (code, (long)kroner * nights * chance.Between(60, 160));
        if (episode.Procedures.Exists(procedure => procedure.System == "K"))
            foreach (var (code, kroner) in OperationParts)
                costs[count++] = (code, (long)kroner * chance.Between(60, 160));

        if (fault == FileFault.NegativeCost) costs[1].Hundredths = -costs[1].Hundredths;
        var total = 0L;
        foreach (var cost in costs[..count]) total += cost.Hundredths;
        Xml.Begin("EpisodeKPP"u8);
        Xml.Attribute("episodeID"u8, episode.Id);
        Xml.Hundredths("total"u8, fault == FileFault.TotalDiffers ? total + WrongBy : total);
        if (fault == FileFault.PartsMissing) count = 0;
        foreach (var (code, hundredths) in costs[..count])
        {
            Xml.Begin("TjenesteKPP"u8);
            Xml.Attribute("kostnadKode"u8, code);
            Xml.Hundredths("kostnad"u8, hundredths);
            Xml.End("TjenesteKPP"u8);
        }

        Xml.End("EpisodeKPP"u8);
        if (fault is not { } kind) return;
        Note(kind, $"Objektholder[@pasientNr='{patient.Number}']/EpisodeKPP[@episodeID='{episode.Id}']"
            + (kind == FileFault.NegativeCost ? "/TjenesteKPP[2]/@kostnad" : "/@total"));
    }
}
