using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>What stands around the content of an XPR message: root, sender's system and contacts.</summary>
internal sealed record MessageFrame
{
    private const int TelephonesFrom = 99_990_000;
    private const int TelephonesPerSender = 100;

    /// <summary>Three letters, as in the namespace.</summary>
    public required string Module { get; init; }

    /// <summary>Such as 53.1.3.</summary>
    public required string Version { get; init; }

    /// <summary>List 7371.</summary>
    public string Kind { get; init; } = "B";

    public required DateOnly From { get; init; }

    /// <summary>The last day the file tells of.</summary>
    public required DateOnly To { get; init; }

    public DateOnly ExtractedOn => To.AddDays(1);

    /// <summary>A message of events has neither period nor serial number; its chain has.</summary>
    public bool IsEvents { get; init; }

    /// <summary>One more for each message in the year.</summary>
    public required long Serial { get; init; }

    /// <summary>The trust's or municipality's own; contacts have their addresses there.</summary>
    public required OrganizationNumber Sender { get; init; }

    public required JournalSystem Journal { get; init; }

    /// <summary>List 8471; empty in the modules that have none.</summary>
    public IReadOnlyList<int> Contacts { get; init; } = [1, 15];

    /// <summary>Null when the message stands alone.</summary>
    public Envelope? Envelope { get; init; }

    public void Begin(XmlOut xml)
    {
        xml.Declaration();
        Envelope?.Begin(xml, ExtractedOn);
        xml.Begin("Melding"u8);
        xml.Attribute("xmlns"u8, $"http://www.npr.no/xmlstds/{Version.Replace('.', '_')}_{Module}");
        xml.Attribute("versjon"u8, Version);
        xml.Attribute("meldingstype"u8, Kind);
        if (!IsEvents)
        {
            xml.Attribute("fraDatoPeriode"u8, From);
            xml.Attribute("tilDatoPeriode"u8, To);
            xml.Attribute("uttakDato"u8, ExtractedOn);
            xml.Attribute("lopenr"u8, Serial);
        }

        xml.Attribute("leverandor"u8, Journal.Vendor);
        xml.Attribute("navnEPJ"u8, Journal.Product);
        xml.Attribute("versjonEPJ"u8, Journal.Version);
        xml.Attribute("versjonUt"u8, Journal.ExtractorVersion);
    }

    /// <summary>Before the content of modules of NPR, after that of the municipal ones.</summary>
    public void WriteContacts(XmlOut xml)
    {
        foreach (var kind in Contacts) Contact(xml, kind);
    }

    public void End(XmlOut xml)
    {
        xml.End("Melding"u8);
        Envelope?.End(xml);
        xml.Flush();
    }

    // Nothing under .example takes mail (RFC 2606). Each contact has a telephone of its own, since passwords go there.
    private void Contact(XmlOut xml, int kind)
    {
        var telephone = TelephonesFrom + ((int)(Sender.Number / 10 % TelephonesPerSender) * TelephonesPerSender) + kind;
        xml.Begin("Kontaktperson"u8);
        xml.Attribute("kontPerson"u8, kind == 15 ? "Bjørg Prøvesen" : "Åse Eksempel");
        xml.Attribute("meldTelefon"u8, $"+47 {telephone}");
        xml.Attribute("meldEpost1"u8, $"type{kind}@{Sender}.example");
        xml.Attribute("typeKontaktperson"u8, kind);
        xml.End("Kontaktperson"u8);
    }
}
