namespace Kilde.Synthetic;

/// <summary>
/// Module ipl 56.0.0: the events since the last message. Each notification names the one before it, also across
/// messages, and has the next serial number of the municipality.
/// </summary>
internal sealed class EventFile(ulong seed, FaultLog faults)
{
    private Guid _previous;
    private long _serial;
    private bool _isFirst;
    private readonly HashSet<long> _wrong = [];

    public void Write(XmlOut xml, MessageFrame frame, MunicipalityYearOrder order, IEnumerable<CareEvent> events)
    {
        frame.Begin(xml);
        _isFirst = true;
        foreach (var told in events)
        {
            Write(xml, frame, told);
            _isFirst = false;
        }

        frame.WriteContacts(xml);
        faults.AddMissingContacts(frame, "KPR");
        xml.Begin("Kommune"u8);
        xml.Attribute("kommuneNr"u8, order.Municipality.ToString());
        xml.End("Kommune"u8);
        frame.End(xml);
    }

    private void Write(XmlOut xml, MessageFrame frame, CareEvent told)
    {
        var fault = FaultOf(told);
        _serial += fault == FileFault.SerialGap ? 2 : 1;
        var previous = fault == FileFault.BrokenChain ? told.EventId : _previous;
        if (fault is { } kind) faults.Add(kind, frame.Module, $"/Melding/Notifikasjon[@notifikasjonGUID='{told.Id}']");
        xml.Begin("Notifikasjon"u8);
        xml.Attribute("statusNotifikasjon"u8, [told.Status]);
        xml.Attribute("notifikasjonTid"u8, told.ToldAt);
        xml.Attribute("notifikasjonGUID"u8, told.Id.ToString());
        xml.Attribute("notifikasjonForrigeGUID"u8, previous.ToString());
        xml.Attribute("notifikasjonLopeNr"u8, _serial);
        if (told.Original is { } original && fault != FileFault.ReferenceMissing)
            xml.Attribute("notifikasjonRef"u8, original.ToString());
        Event(xml, told);
        xml.End("Notifikasjon"u8);
        _previous = told.Id;
    }

    private void Event(XmlOut xml, CareEvent told)
    {
        var name = told.Kind switch
        {
            CareEventKind.Start => "TjenesteStart"u8,
            CareEventKind.PauseFrom => "MidlertidigStoppFra"u8,
            CareEventKind.PauseTo => "MidlertidigStoppTil"u8,
            CareEventKind.Moved => "TjenesteutforerEndret"u8,
            _ => "TjenesteSlutt"u8,
        };
        xml.Begin(name);
        xml.Attribute("tjenesteType"u8, told.Service.Kind);
        xml.Attribute("hendelseRegTid"u8, told.ToldAt.AddMinutes(-2));
        xml.Attribute("tjenesteOrgNr"u8, told.Provider.Number);
        xml.Attribute("hendelseDato"u8, told.On);
        xml.Attribute("tjenesteID"u8, $"T{told.User.Person.Index}-{told.Service.Kind}-{told.Service.FromOn:yyyyMMdd}");
        xml.Attribute("hendelseGUID"u8, told.EventId.ToString());
        if (told.PauseId is { } pause) xml.Attribute("midlertidigStoppID"u8, pause);
        xml.Begin("Bruker"u8);
        xml.Attribute(
            "pasientGUID"u8, Chance.Of(seed, Topic.Inhabitant, told.User.Person.Index, 2).Guid().ToString());
        xml.Attribute("brukerNr"u8, told.User.Person.Index + 1);
        if (Inhabitants.DistrictOf(told.User.Person) is { } district) xml.Attribute("bydel"u8, district.ToString());
        PersonXml.Identify(xml, told.User.Person, DateOnly.FromDateTime(told.ToldAt));
        xml.End("Bruker"u8);
        xml.End(name);
    }

    // One notification for each person that is to have a fault.
    private FileFault? FaultOf(CareEvent told)
    {
        if (told.User.Fault is not { } kind || _wrong.Contains(told.User.Person.Index)) return null;
        var hasPlace = kind switch
        {
            // The message alone does not tell what came before its first one.
            FileFault.BrokenChain or FileFault.SerialGap => !_isFirst,
            FileFault.ReferenceMissing => told.Original is not null,
            _ => false,
        };
        if (!hasPlace) return null;
        _wrong.Add(told.User.Person.Index);
        return kind;
    }
}
