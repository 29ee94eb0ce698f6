using System.Xml;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// The platform's XML reader, hardened, and what went wrong in it: the one way in which XML from outside is read, so
/// that whoever looks at a message first tells its sender the same of it as whoever reads all (ADR 185).
/// </summary>
public sealed class XmlInput : IDisposable
{
    // Never close the input here: it belongs to the caller.
    private static XmlReaderSettings Settings(bool isAsync) => new()
    {
        Async = isAsync,
        NameTable = new RecentNames(),
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = false,
    };

    /// <summary>Deeper than any message, and than what is skipped.</summary>
    private const int DepthMax = 64;

    // Where there is nothing, or nothing that is XML.
    private const string Beginning = "linje 1, tegn 1";

    // The platform tells this only in words.
    private const string InvalidBytes = "Invalid character in the given encoding";

    private readonly PartStream? _parts;
    private readonly ReadAheadStream? _ahead;
    private readonly GuardedStream? _guard;

    private XmlInput(XmlReader xml) => Xml = xml;

    private XmlInput(Stream content, bool isEnvelope)
    {
        if (!isEnvelope)
        {
            _parts = new PartStream(content);
            _ahead = new ReadAheadStream(_parts);
        }

        _guard = new GuardedStream(_ahead ?? content);
        Xml = XmlReader.Create(_guard, Settings(isEnvelope));
    }

    public XmlReader Xml { get; }

    /// <summary>True when the message stands inside another one, which is not ours to read to its end.</summary>
    internal bool IsEmbedded => _guard is null;

    /// <inheritdoc cref="PartStream.IsOff"/>
    internal bool HasLostParts => _parts is { IsOff: true };

    internal static XmlInput Of(Stream content) => new(content, isEnvelope: false);

    /// <summary>The reader of another input, standing on the message's root.</summary>
    internal static XmlInput Of(XmlReader reader) => new(reader);

    /// <summary>
    /// For whoever unwraps an envelope, or only looks at how a message begins: its reader waits for bytes without
    /// holding a thread.
    /// </summary>
    /// <param name="content">Read forward only, and not closed.</param>
    public static XmlInput Envelope(Stream content) => new(content, isEnvelope: true);

    /// <summary>True for what <see cref="Explain"/> explains: the content is at fault, and nobody else.</summary>
    public static bool IsOfContent(Exception fault) => fault is XmlException or XmlLimitException;

    /// <summary>The platform keeps something of each element that is open.</summary>
    public static void CheckDepth(XmlReader xml)
    {
        if (xml.Depth > DepthMax) throw new XmlLimitException($"mer enn {DepthMax} nivåer");
    }

    /// <summary>What a limit of whoever reads an envelope means.</summary>
    public static Finding TooLarge(string limit) => Finding(ReadingRules.TooLarge, limit);

    /// <summary>Reads up to the root. Null when that went well.</summary>
    public Finding? MoveToRoot()
    {
        try
        {
            while (Xml.Read())
            {
                if (Xml.NodeType == XmlNodeType.Element) return CheckEncoding();
            }

            return Finding(ReadingRules.NotXml, Beginning);
        }
        catch (Exception fault) when (IsOfContent(fault))
        {
            return Explain(fault);
        }
    }

    /// <inheritdoc cref="MoveToRoot"/>
    public async Task<Finding?> MoveToRootAsync()
    {
        try
        {
            return await Xml.MoveToContentAsync() == XmlNodeType.Element
                ? CheckEncoding()
                : Finding(ReadingRules.NotXml, Beginning);
        }
        catch (Exception fault) when (IsOfContent(fault))
        {
            return Explain(fault);
        }
    }

    /// <summary>
    /// Tells what a part is, when the root has been read and nothing after it. From then on parts are looked for beside
    /// the reading, some way ahead of it.
    /// </summary>
    /// <inheritdoc cref="PartStream.Watch"/>
    internal MessageParts? Watch(ReadOnlySpan<byte> element, ReadOnlySpan<byte> context)
    {
        if (_parts?.Watch(element, context) is not { } parts) return null;
        _ahead!.Begin();
        return parts;
    }

    /// <summary>Nothing more is read of the content, and no more parts come.</summary>
    internal void Stop() => _ahead?.Stop();

    /// <summary>
    /// Ends what is read ahead. The content, and a reader that was made elsewhere, are left as they are.
    /// </summary>
    public void Dispose()
    {
        if (_guard is null) return;
        Xml.Dispose();
        _guard.Dispose();
        _ahead?.Dispose();
        _parts?.Dispose();
    }

    /// <summary>What a fault means. The platform's own text may quote the message and is not used.</summary>
    public Finding Explain(Exception fault)
    {
        if (fault is XmlLimitException) return TooLarge($"{fault.Message}, ved linje {Math.Max(1, Line)}");
        if (CheckEncoding() is { } encoding) return encoding;
        if (_guard is { HasDtd: true } && Xml.Depth == 0) return Finding(ReadingRules.HasDtd);
        var hasWrongBytes = fault.Message.StartsWith(InvalidBytes, StringComparison.Ordinal);
        return Finding(
            hasWrongBytes ? ReadingRules.WrongBytes : ReadingRules.NotXml,
            fault is XmlException { LineNumber: > 0 } at
                ? $"linje {at.LineNumber}, tegn {at.LinePosition}"
                : Line > 0 ? $"linje {Line}" : Beginning);
    }

    private int Line => Xml is IXmlLineInfo place && place.HasLineInfo() ? place.LineNumber : 0;

    private Finding? CheckEncoding()
    {
        if (_guard is not { IsKnownEncoding: false }) return null;
        return Finding(
            ReadingRules.WrongEncoding,
            _guard.HasMark ? ": den begynner med et byte order mark for UTF-8, men oppgir et annet tegnsett" : null);
    }

    private static Finding Finding(ReadingRule rule, string? expected = null) =>
        new(rule.Id, rule.Severity, "", string.Format(rule.Text, "", expected).TrimEnd());
}
