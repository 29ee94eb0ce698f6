using System.Xml;
using System.Xml.Linq;
using Kilde.Definitions.Reading.Xml;
using Kilde.Kernel;

namespace Kilde.Intake.Headers;

/// <summary>
/// Reads a receipt that we are sent, or that we have sent. A receipt is small, so it is read as a whole.
/// </summary>
public static class AppRecReader
{
    public const int ReceiptMebibytesMax = 1;

    private const string NumberType = "ENH";

    /// <returns>Null when it is no AppRec 1.0 or 1.1.</returns>
    public static ApplicationReceipt? Read(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > ReceiptMebibytesMax * 1024 * 1024) return null;
        try
        {
            using var input = XmlInput.Envelope(new MemoryStream(utf8.ToArray()));
            if (input.MoveToRoot() is not null) return null;
            var root = XElement.Load(input.Xml);
            return AppRecForm.VersionOf(root.Name.NamespaceName) is { } version && root.Name.LocalName == "AppRec"
                ? Read(root, version)
                : null;
        }
        catch (Exception exception) when (XmlInput.IsOfContent(exception) || exception is FormatException)
        {
            return null;
        }
    }

    private static ApplicationReceipt? Read(XElement root, AppRecVersion version)
    {
        XElement Child(XElement parent, string name) =>
            parent.Element(root.Name.Namespace + name) ?? throw new FormatException();
        string Code(XElement parent, string name) => (string?)Child(parent, name).Attribute("V") ?? "";
        string? IdOf(XElement element, bool isNumber) =>
            ((string?)element.Element(root.Name.Namespace + "TypeId")?.Attribute("V") == NumberType) == isNumber
                ? (string?)element.Element(root.Name.Namespace + "Id")
                : null;
        HeadParty Party(XElement element) => new(
            (string?)element.Element(root.Name.Namespace + "Name") ?? "",
            IdOf(element, isNumber: false) is { } id && HerId.TryParse(id, out var her) ? her : null)
        {
            Number = OrganizationNumber.TryParse(IdOf(element, isNumber: true), provider: null, out var number)
                ? number
                : null,
        };
        HeadAddress Address(string name)
        {
            var holder = Child(Child(root, name), "HCP");
            var organisation = holder.Element(root.Name.Namespace + "Inst") ?? Child(holder, "HCProf");
            var unit = organisation.Element(root.Name.Namespace + "Dept")
                ?? organisation.Element(root.Name.Namespace + "HCPerson");
            return new HeadAddress(Party(organisation), unit is null ? null : Party(unit));
        }

        if (Child(root, "MIGversion").Value != AppRecForm.MigVersion(version)) return null;
        if (!int.TryParse(Code(root, "Status"), out var status) || status is < 1 or > 3) return null;
        var original = Child(root, "OriginalMsgId");
        return new ApplicationReceipt(
            version, Child(root, "Id").Value, XmlConvert.ToDateTimeOffset(Child(root, "GenDate").Value),
            Address("Sender"), Address("Receiver"), (AppRecStatus)status,
            [
                .. root.Elements(root.Name.Namespace + "Error").Select(error =>
                    new AppRecError((string?)error.Attribute("V") ?? "", (string?)error.Attribute("OT"))),
            ],
            new AnsweredMessage(
                Code(original, "MsgType"), (string?)Child(original, "MsgType").Attribute("DN"),
                Child(original, "IssueDate").Value, Child(original, "Id").Value));
    }
}
