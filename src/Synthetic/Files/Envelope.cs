using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>The MsgHead 1.2 around a message (HIS 80601), as it goes over the message bus.</summary>
/// <param name="Function">List 8279, such as NPR_ORD.</param>
/// <param name="Id">Of this message; the same for the same seed, file and day.</param>
/// <param name="Sender">Names and HER-ids of the organisation and of the unit in it that sends.</param>
internal sealed record Envelope(
    string Function, Guid Id, (string Name, HerId Id) Sender, (string Name, HerId Id) SenderUnit, HerId ReceiverUnit)
{
    private const string Receiver = "FHI";
    private const int ReceiverNumber = 85217;

    public void Begin(XmlOut xml, DateOnly day)
    {
        xml.Begin("MsgHead"u8);
        xml.Attribute("xmlns"u8, "http://www.kith.no/xmlstds/msghead/2006-05-24");
        xml.Begin("MsgInfo"u8);
        Coded(xml, "Type"u8, Function, Function);
        xml.Text("MIGversion"u8, "v1.2 2006-05-24");
        xml.Text("GenDate"u8, $"{day:yyyy-MM-dd}T06:00:00");
        xml.Text("MsgId"u8, Id.ToString());
        Coded(xml, "Ack"u8, "J", "Ja");
        Party(xml, "Sender"u8, Sender.Name, Sender.Id.ToString(), SenderUnit.Name, SenderUnit.Id.ToString());
        Party(xml, "Receiver"u8, Receiver, $"{ReceiverNumber}", Function.Split('_')[0], ReceiverUnit.ToString());
        xml.End("MsgInfo"u8);
        xml.Begin("Document"u8);
        xml.Begin("RefDoc"u8);
        Coded(xml, "MsgType"u8, "XML", "XML-instans");
        xml.Begin("Content"u8);
    }

    public void End(XmlOut xml)
    {
        xml.End("Content"u8);
        xml.End("RefDoc"u8);
        xml.End("Document"u8);
        xml.End("MsgHead"u8);
    }

    private static void Party(
        XmlOut xml, ReadOnlySpan<byte> role, string name, string her, string unitName, string unitHer)
    {
        xml.Begin(role);
        xml.Begin("Organisation"u8);
        Organisation(xml, name, her);
        xml.Begin("Organisation"u8);
        Organisation(xml, unitName, unitHer);
        xml.End("Organisation"u8);
        xml.End("Organisation"u8);
        xml.End(role);
    }

    private static void Organisation(XmlOut xml, string name, string her)
    {
        xml.Text("OrganisationName"u8, name);
        xml.Begin("Ident"u8);
        xml.Text("Id"u8, her);
        xml.Begin("TypeId"u8);
        xml.Attribute("V"u8, "HER");
        xml.Attribute("S"u8, "2.16.578.1.12.4.1.1.9051");
        xml.Attribute("DN"u8, "HER-id");
        xml.End("TypeId"u8);
        xml.End("Ident"u8);
    }

    private static void Coded(XmlOut xml, ReadOnlySpan<byte> name, string code, string text)
    {
        xml.Begin(name);
        xml.Attribute("V"u8, code);
        xml.Attribute("DN"u8, text);
        xml.End(name);
    }
}
