using System.Text;
using System.Xml.Linq;

namespace Kilde.Intake.Tests.Headers;

/// <summary>Message headers of our own making, sound from the start, to be changed one thing at a time.</summary>
internal sealed record Envelope
{
    public static readonly XNamespace Head = "http://www.kith.no/xmlstds/msghead/2006-05-24";

    public string Function { get; init; } = "NPR_ORD";

    public string MigVersion { get; init; } = "v1.2 2006-05-24";

    public string MessageId { get; init; } = "7d0e1d5a-0001-4000-8000-000000000001";

    public string GeneratedAt { get; init; } = "2026-03-02T09:00:00+01:00";

    public string? Acknowledge { get; init; } = "J";

    public int SenderOrganisation { get; init; } = 9001;

    public int? SenderUnit { get; init; } = 9002;

    public int ReceiverOrganisation { get; init; } = 8001;

    public int ReceiverUnit { get; init; } = 8002;

    public string IdSystem { get; init; } = "2.16.578.1.12.4.1.1.9051";

    public string Payload { get; init; } =
        """<Melding xmlns="http://www.npr.no/xmlstds/53_1_3_ord" versjon="53.1.3" uttakDato="2026-03-01"/>""";

    public byte[] ToBytes() => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + ToXml());

    public XElement ToXml() => new(
        Head + "MsgHead",
        new XElement(
            Head + "MsgInfo",
            new XElement(Head + "Type", new XAttribute("V", Function), new XAttribute("DN", "Aktivitetsmelding")),
            new XElement(Head + "MIGversion", MigVersion),
            new XElement(Head + "GenDate", GeneratedAt),
            new XElement(Head + "MsgId", MessageId),
            Acknowledge is null ? null : new XElement(Head + "Ack", new XAttribute("V", Acknowledge)),
            Party("Sender", "Testsund sykehus HF", SenderOrganisation, SenderUnit),
            Party("Receiver", "FHI", ReceiverOrganisation, ReceiverUnit)),
        new XElement(
            Head + "Document",
            new XElement(
                Head + "RefDoc",
                new XElement(Head + "MsgType", new XAttribute("V", "XML"), new XAttribute("DN", "XML-instans")),
                new XElement(Head + "Content", XElement.Parse(Payload)))));

    private XElement Party(string element, string name, int organisation, int? unit) => new(
        Head + element,
        Organisation(
            name, organisation, unit is { } part ? Organisation($"{name}, avdeling", part, inner: null) : null));

    private XElement Organisation(string name, int herId, XElement? inner) => new(
        Head + "Organisation",
        new XElement(Head + "OrganisationName", name),
        new XElement(
            Head + "Ident",
            new XElement(Head + "Id", "974760673"),
            new XElement(Head + "TypeId", new XAttribute("V", "ENH"), new XAttribute("S", IdSystem))),
        new XElement(
            Head + "Ident",
            new XElement(Head + "Id", herId),
            new XElement(
                Head + "TypeId", new XAttribute("V", "HER"), new XAttribute("S", IdSystem),
                new XAttribute("DN", "HER-id"))),
        inner);
}
