using System.Xml;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>An XML payload that has been opened by the definition of its namespace, or why it cannot be.</summary>
internal sealed record OpenedXml(MessageReading? Reading, Finding? Refusal);

/// <summary>The XML messages that there are definitions of.</summary>
/// <param name="FindType">The type that a namespace names; null when there is none.</param>
/// <param name="Open">Opens a payload at its root element, inside a header.</param>
/// <param name="OpenBare">
/// Opens a message that is only payload. Patients that are as in the file before can then be passed over (ADR 82).
/// </param>
internal sealed record XmlFormats(
    Func<string, MessageType?> FindType, Func<XmlReader, ReadOptions, OpenedXml> Open,
    Func<Stream, ReadOptions, OpenedXml> OpenBare)
{
    /// <summary>Those that may come in: a draft or a retired version is refused as if there were none.</summary>
    public static XmlFormats Of(DefinitionCatalogue catalogue, bool takesTestTypes)
    {
        bool IsTaken(MessageType type) => type.Status == DefinitionStatus.Production
            || (takesTestTypes && type.Status == DefinitionStatus.Test);
        return new XmlFormats(
            name => catalogue.MessageTypes.FirstOrDefault(type => type.Xml?.Namespace == name && IsTaken(type)),
            (xml, options) => Taken(catalogue.OpenXml(xml, options)),
            (content, options) => Taken(catalogue.OpenXml(content, options)));

        OpenedXml Taken(XmlOpening opening)
        {
            var (reading, refusal) = opening;
            if (reading is null || IsTaken(reading.Type)) return new OpenedXml(reading, refusal);
            reading.Dispose();
            return new OpenedXml(null, new Finding(
                $"INT-{(int)RejectionCode.FormatNotSupported}", Severity.Error, "/",
                "Denne versjonen av meldingen tas ikke imot."));
        }
    }
}
