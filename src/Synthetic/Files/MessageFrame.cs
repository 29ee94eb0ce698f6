using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>What stands around the content of an XPR message: root, sender's system and contacts.</summary>
internal sealed record MessageFrame
{
    /// <summary>All synthetic hospitals and municipalities have one; its name needs escaping.</summary>
    private const string Vendor = "Fjell & Fjord Journal AS";
    private const string Product = "Fjordjournal sjukehus";

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

    /// <summary>One more for each message in the year.</summary>
    public required long Serial { get; init; }

    /// <summary>Lists 8471; empty in the modules that have none.</summary>
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
        xml.Attribute("fraDatoPeriode"u8, From);
        xml.Attribute("tilDatoPeriode"u8, To);
        xml.Attribute("uttakDato"u8, ExtractedOn);
        System(xml);
        xml.Attribute("lopenr"u8, Serial);
        foreach (var kind in Contacts) Contact(xml, kind);
    }

    public void End(XmlOut xml)
    {
        xml.End("Melding"u8);
        Envelope?.End(xml);
        xml.Flush();
    }

    public static void System(XmlOut xml)
    {
        xml.Attribute("leverandor"u8, Vendor);
        xml.Attribute("navnEPJ"u8, Product);
        xml.Attribute("versjonEPJ"u8, "9.2.1");
        xml.Attribute("versjonUt"u8, "4.0");
    }

    /// <summary>A contact; the numbers lead nowhere, and example.no takes no mail.</summary>
    public static void Contact(XmlOut xml, int kind)
    {
        xml.Begin("Kontaktperson"u8);
        xml.Attribute("kontPerson"u8, kind == 15 ? "Bjørg Prøvesen" : "Åse Eksempel");
        xml.Attribute("meldTelefon"u8, "+47 99999999");
        xml.Attribute("meldEpost1"u8, kind == 15 ? "validering@example.no" : "rapportering@example.no");
        xml.Attribute("typeKontaktperson"u8, kind);
        xml.End("Kontaktperson"u8);
    }
}
