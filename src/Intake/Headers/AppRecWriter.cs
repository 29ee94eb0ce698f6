using System.Text;
using System.Xml;

namespace Kilde.Intake.Headers;

/// <summary>
/// Writes a receipt as AppRec 1.0 or 1.1. Both official schemas accept what it writes; a test asks them.
/// </summary>
public static class AppRecWriter
{
    /// <summary>More errors than this tell a sender nothing new.</summary>
    public const int ErrorsMax = 100;

    /// <summary>How a moment is written.</summary>
    public const string TimeForm = "yyyy-MM-dd'T'HH:mm:sszzz";

    private const int DetailCharactersMax = 1_000;
    private const string ErrorList = "2.16.578.1.12.4.1.1.8221";
    private const string SoftwareName = "Kilde";

    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
    };

    public static byte[] Write(ApplicationReceipt receipt)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Settings))
        {
            xml.WriteStartElement("AppRec", AppRecForm.Namespace(receipt.Version));
            Code(xml, "MsgType", AppRecForm.MessageType, "Applikasjonskvittering");
            xml.WriteElementString("MIGversion", AppRecForm.MigVersion(receipt.Version));
            xml.WriteElementString("SoftwareName", SoftwareName);
            xml.WriteElementString("GenDate", receipt.GeneratedAt.ToString(TimeForm));
            xml.WriteElementString("Id", receipt.Id);
            Party(xml, "Sender", receipt.Sender);
            Party(xml, "Receiver", receipt.Receiver);
            Code(xml, "Status", ((int)receipt.Status).ToString(), TitleOf(receipt.Status));
            foreach (var error in receipt.Errors.Take(ErrorsMax)) Error(xml, error);
            Original(xml, receipt.Answers);
            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static void Party(XmlWriter xml, string element, HeadAddress address)
    {
        xml.WriteStartElement(element);
        xml.WriteStartElement("HCP");
        xml.WriteStartElement("Inst");
        Identity(xml, address.Organisation);
        if (address.Unit is { } unit)
        {
            xml.WriteStartElement("Dept");
            Identity(xml, unit);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Identity(XmlWriter xml, HeadParty party)
    {
        if (party.Name.Length > 0) xml.WriteElementString("Name", Clean(party.Name));
        if (party.HerId is { } her)
        {
            xml.WriteElementString("Id", her.ToString());
            Code(xml, "TypeId", "HER", "HER-id");
        }
        else if (party.Number is { } number)
        {
            xml.WriteElementString("Id", number.ToString());
            Code(xml, "TypeId", "ENH", "Organisasjonsnummeret i Enhetsregisteret");
        }
    }

    private static void Error(XmlWriter xml, AppRecError error)
    {
        xml.WriteStartElement("Error");
        xml.WriteAttributeString("V", error.Code);
        xml.WriteAttributeString("S", ErrorList);
        xml.WriteAttributeString("DN", error.Title);
        if (error.Detail is { } detail) xml.WriteAttributeString("OT", Clean(detail));
        xml.WriteEndElement();
    }

    private static void Original(XmlWriter xml, AnsweredMessage answered)
    {
        xml.WriteStartElement("OriginalMsgId");
        Code(xml, "MsgType", Clean(answered.Function), answered.FunctionName is { } name ? Clean(name) : null);
        xml.WriteElementString("IssueDate", answered.IssuedAt);
        xml.WriteElementString("Id", Clean(answered.MessageId));
        xml.WriteEndElement();
    }

    private static void Code(XmlWriter xml, string element, string code, string? title)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("V", code);
        if (title is not null) xml.WriteAttributeString("DN", title);
        xml.WriteEndElement();
    }

    private static string TitleOf(AppRecStatus status) => status switch
    {
        AppRecStatus.Ok => "OK",
        AppRecStatus.Rejected => "Avvist",
        _ => "OK, feil i delmelding",
    };

    private static bool IsOfXml(Rune rune) =>
        rune.Value is '\t' or '\n' or '\r' or (>= 0x20 and not 0xFFFE and not 0xFFFF);

    private static string Clean(string text)
    {
        var kept = text.Length > DetailCharactersMax ? text[..DetailCharactersMax] : text;
        return string.Concat(kept.EnumerateRunes().Select(rune => IsOfXml(rune) ? rune.ToString() : "\ufffd"));
    }
}

/// <summary>What tells the versions of AppRec apart.</summary>
internal static class AppRecForm
{
    public const string MessageType = "APPREC";

    public static string Namespace(AppRecVersion version) => version == AppRecVersion.V10
        ? "http://www.kith.no/xmlstds/apprec/2004-11-21"
        : "http://www.kith.no/xmlstds/apprec/2012-02-15";

    public static string MigVersion(AppRecVersion version) =>
        version == AppRecVersion.V10 ? "1.0 2004-11-21" : "v1.1 2012-02-15";

    public static AppRecVersion? VersionOf(string xmlNamespace) =>
        Enum.GetValues<AppRecVersion>().Cast<AppRecVersion?>()
            .FirstOrDefault(version => Namespace(version!.Value) == xmlNamespace);
}
