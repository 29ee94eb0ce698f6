using Kilde.Definitions.Reading.Xml;
using Kilde.Intake.Headers;

namespace Kilde.Intake.Bus;

/// <summary>
/// An answer to something that we have sent: a receipt (AppRec), or a fault (SOAP 1.2, as the AMQP profile has it).
/// There is nothing in it for the register, and it is not answered.
/// </summary>
/// <param name="Status">What the receipt says; null for a fault.</param>
internal sealed record AnswerToUs(AppRecStatus? Status)
{
    private const string ReceiptSubject = "APPREC";
    private const string FaultSubject = "AMQP_SOAP_FAULT";
    private const string SoapEnvelope = "Envelope";
    private const string SoapNamespace = "http://www.w3.org/2003/05/soap-envelope";

    /// <summary>True when the queue's properties say that the message is one.</summary>
    public static bool IsNamedIn(BusMessage message) => message.Subject is ReceiptSubject or FaultSubject;

    /// <returns>
    /// Null when the content is no such thing, whatever the properties say: it may be a message, and must not be lost.
    /// </returns>
    public static AnswerToUs? Read(BusMessage message, byte[] content)
    {
        if (message.Subject == FaultSubject) return IsSoap(content) ? new AnswerToUs(Status: null) : null;
        return AppRecReader.Read(content) is { } receipt ? new AnswerToUs(receipt.Status) : null;
    }

    private static bool IsSoap(byte[] content)
    {
        using var input = XmlInput.Envelope(new MemoryStream(content, writable: false));
        return input.MoveToRoot() is null
            && input.Xml is { LocalName: SoapEnvelope, NamespaceURI: SoapNamespace };
    }
}
