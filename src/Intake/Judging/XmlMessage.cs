using Kilde.Definitions.Reading;
using Kilde.Definitions.Reading.Xml;
using Kilde.Intake.Headers;
using Kilde.Kernel;

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
    /// <returns>
    /// Null when the message was read to its end, or as far as the reading could: it then knows the verdict.
    /// </returns>
    public async Task<XmlFault?> ReadAsync(
        ReadOptions options, Func<MessageReading, Task> takeAsync, CancellationToken cancellation)
    {
        var (hasHead, fault) = await LookAsync(cancellation);
        if (fault is not null) return fault;
        return hasHead
            ? await ReadWithHeadAsync(options, takeAsync, cancellation)
            : await ReadBareAsync(options, takeAsync, cancellation);
    }

    /// <summary>Whether the message has a header, or why that cannot be told.</summary>
    private async Task<(bool HasHead, XmlFault? Fault)> LookAsync(CancellationToken cancellation)
    {
        await using var stream = open();
        await using var source = new BudgetedStream(stream, MessagePeek.LookMebibytesMax * 1024L * 1024);
        using var input = XmlInput.Envelope(source);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await input.MoveToRootAsync() is { } refusal
                ? (false, Of(refusal))
                : (input.Xml.NamespaceURI == HeadGrammar.Namespace, null);
        }
        catch (BudgetSpentException) when (source.IsSpent)
        {
            return (false, Of(XmlInput.TooLarge($"mer enn {MessagePeek.LookMebibytesMax} MB før rotelementet")));
        }
    }

    private async Task<XmlFault?> ReadWithHeadAsync(
        ReadOptions options, Func<MessageReading, Task> takeAsync, CancellationToken cancellation)
    {
        await using var stream = open();
        var reading = await MessageHeadReader.ReadAsync(
            stream, (_, payload, _) => TakeAsync(formats.Open(payload, options), takeAsync), cancellation);
        return _refusal ?? reading switch
        {
            HeadReading.Refused refused => new XmlFault(refused.Code, refused.Path, refused.Text),
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
        cancellation.ThrowIfCancellationRequested();
        await TakeAsync(formats.OpenBare(stream, options), takeAsync);
        return _refusal;
    }

    // True when what stands behind the payload can be read too.
    private async Task<bool> TakeAsync(OpenedXml opened, Func<MessageReading, Task> takeAsync)
    {
        _hasPayload = true;
        if (opened.Reading is null)
        {
            _refusal = Of(opened.Refusal!);
            return false;
        }

        using var reading = opened.Reading;
        await takeAsync(reading);
        return !reading.IsBroken;
    }

    private static XmlFault Of(Finding refusal) => new(
        ReceiptCode.Of(refusal.RuleId), refusal.Path.Length == 0 ? "/" : refusal.Path, refusal.Text);
}
