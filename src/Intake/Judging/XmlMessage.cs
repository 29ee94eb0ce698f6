using System.Xml;
using Kilde.Definitions.Reading;
using Kilde.Intake.Headers;

namespace Kilde.Intake.Judging;

/// <summary>Why an XML message cannot be read to its end.</summary>
/// <param name="Code">Of list 8221.</param>
internal sealed record XmlFault(string Code, string Path, string Text);

/// <summary>
/// An XML message, in a header or bare, read from a stream. The payload is handed on where it stands, and nothing of it
/// is kept.
/// </summary>
internal sealed class XmlMessage(Func<Stream> open, XmlFormats formats)
{
    private XmlFault? _refusal;
    private bool _hasPayload;

    /// <summary>Takes the payload's reading to its end. It is called at most once.</summary>
    /// <returns>Null when the message was read to its end; the reading then knows the verdict.</returns>
    public async Task<XmlFault?> ReadAsync(
        ReadOptions options, Func<MessageReading, Task> takeAsync, CancellationToken cancellation)
    {
        try
        {
            return await HasHeadAsync(cancellation)
                ? await ReadWithHeadAsync(options, takeAsync, cancellation)
                : await ReadBareAsync(options, takeAsync, cancellation);
        }
        catch (XmlException fault)
        {
            return NotXml(fault);
        }
        catch (BudgetSpentException)
        {
            return new XmlFault(
                AppRecError.OtherFormatError, "/", "En verdi i meldingen er større enn noen verdi kan være.");
        }
    }

    /// <summary>True when the message has a header.</summary>
    private async Task<bool> HasHeadAsync(CancellationToken cancellation)
    {
        await using var stream = open();
        await using var source = new BudgetedStream(stream, MessageHeadReader.HeaderKibibytesMax * 1024L);
        using var xml = XmlReader.Create(source, MessageHeadReader.Settings);
        cancellation.ThrowIfCancellationRequested();
        await xml.MoveToContentAsync();
        return xml.NamespaceURI == HeadGrammar.Namespace;
    }

    private async Task<XmlFault?> ReadWithHeadAsync(
        ReadOptions options, Func<MessageReading, Task> takeAsync, CancellationToken cancellation)
    {
        await using var stream = open();
        var reading = await MessageHeadReader.ReadAsync(
            stream, (_, payload, _) => TakeAsync(formats.Open(payload, options), takeAsync), cancellation);
        return _refusal ?? reading switch
        {
            HeadReading.Refused { Fault: HeadFault.NotXml } refused =>
                new XmlFault(AppRecError.NotXml, refused.Path, refused.Text),
            HeadReading.Refused refused => new XmlFault(AppRecError.StructureWrong, refused.Path, refused.Text),
            HeadReading.Whole { Documents: > 1 } => new XmlFault(
                AppRecError.FormatNotSupported, "/MsgHead/Document",
                "Meldingen skal ha ett dokument. Vedlegg tas ikke imot."),
            HeadReading.Whole { Head.ContentKind: not "XML" } => new XmlFault(
                AppRecError.FormatNotSupported, "/MsgHead/Document/RefDoc", "Dokumentet skal være en XML-instans."),
            HeadReading.Whole when !_hasPayload => new XmlFault(
                AppRecError.FormatNotSupported, "/MsgHead/Document/RefDoc",
                "Dokumentet har ikke innhold. Legg meldingen i Content; en henvisning til en fil tas ikke imot."),
            HeadReading.Whole { Head.IsTest: true } => new XmlFault(
                AppRecError.FormatNotSupported, "/MsgHead/MsgInfo/ProcessingStatus",
                "Meldingen er merket som test (D), og er bare kontrollert."),
            _ => null,
        };
    }

    private async Task<XmlFault?> ReadBareAsync(
        ReadOptions options, Func<MessageReading, Task> takeAsync, CancellationToken cancellation)
    {
        await using var stream = open();
        await using var source = new BudgetedStream(stream);
        cancellation.ThrowIfCancellationRequested();
        return await TakeAsync(formats.OpenBare(source, options), takeAsync) ? null : _refusal;
    }

    private async Task<bool> TakeAsync(OpenedXml opened, Func<MessageReading, Task> takeAsync)
    {
        _hasPayload = true;
        if (opened.Reading is null)
        {
            var refusal = opened.Refusal!;
            _refusal = new XmlFault(ReceiptCode.Of(refusal.RuleId), refusal.Path, refusal.Text);
            return false;
        }

        using var reading = opened.Reading;
        await takeAsync(reading);
        return true;
    }

    private static XmlFault NotXml(XmlException fault) => new(
        AppRecError.NotXml, "/", $"Ikke lesbar XML ved linje {fault.LineNumber}, tegn {fault.LinePosition}.");
}
