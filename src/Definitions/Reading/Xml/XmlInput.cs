using System.Xml;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>The platform's XML reader, hardened, and what went wrong in it.</summary>
internal sealed class XmlInput : IDisposable
{
    // Never close the input here: it belongs to the caller.
    private static XmlReaderSettings Settings => new()
    {
        NameTable = new RecentNames(),
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = false,
    };

    // The platform tells this only in words.
    private const string InvalidBytes = "Invalid character in the given encoding";

    private readonly PartStream? _parts;
    private readonly ReadAheadStream? _ahead;
    private readonly GuardedStream? _guard;

    private XmlInput(XmlReader xml) => Xml = xml;

    private XmlInput(Stream content)
    {
        _parts = new PartStream(content);
        _ahead = new ReadAheadStream(_parts);
        _guard = new GuardedStream(_ahead);
        Xml = XmlReader.Create(_guard, Settings);
    }

    public XmlReader Xml { get; }

    /// <summary>True when the message stands inside another one, which is not ours to read to its end.</summary>
    public bool IsEmbedded => _guard is null;

    /// <inheritdoc cref="PartStream.IsOff"/>
    public bool HasLostParts => _parts is { IsOff: true };

    public static XmlInput Of(Stream content) => new(content);

    /// <summary>A reader made by <see cref="Reader"/>, standing on the message's root.</summary>
    public static XmlInput Of(XmlReader reader) => new(reader);

    /// <summary>A hardened reader for whoever unwraps an envelope first.</summary>
    public static XmlReader Reader(Stream content) => Of(content).Xml;

    /// <summary>Reads up to the root. Null when that went well.</summary>
    public Finding? MoveToRoot()
    {
        try
        {
            while (Xml.Read())
            {
                if (Xml.NodeType == XmlNodeType.Element)
                    return _guard is { IsKnownEncoding: false } ? Finding(ReadingRules.WrongEncoding) : null;
            }

            return Finding(ReadingRules.NotXml, "linje 1");
        }
        catch (Exception fault) when (fault is XmlException or XmlLimitException)
        {
            return Explain(fault);
        }
    }

    /// <summary>
    /// Tells what a part is, when the root has been read and nothing after it. From then on parts are looked for beside
    /// the reading, some way ahead of it.
    /// </summary>
    /// <inheritdoc cref="PartStream.Watch"/>
    public MessageParts? Watch(ReadOnlySpan<byte> element, ReadOnlySpan<byte> context)
    {
        if (_parts?.Watch(element, context) is not { } parts) return null;
        _ahead!.Begin();
        return parts;
    }

    /// <summary>Nothing more is read of the content, and no more parts come.</summary>
    public void Stop() => _ahead?.Stop();

    /// <summary>
    /// Ends what is read ahead. The content, and a reader that was made elsewhere, are left as they are.
    /// </summary>
    public void Dispose()
    {
        if (_guard is null) return;
        Xml.Dispose();
        _guard.Dispose();
        _ahead!.Dispose();
        _parts!.Dispose();
    }

    /// <summary>What a fault means. The platform's own text may quote the message and is not used.</summary>
    public Finding Explain(Exception fault)
    {
        if (fault is XmlLimitException) return Finding(ReadingRules.TooLarge, fault.Message);
        if (_guard is { IsKnownEncoding: false }) return Finding(ReadingRules.WrongEncoding);
        if (_guard is { HasDtd: true } && Xml.Depth == 0) return Finding(ReadingRules.HasDtd);
        var hasWrongBytes = fault.Message.StartsWith(InvalidBytes, StringComparison.Ordinal);
        return Finding(
            hasWrongBytes ? ReadingRules.WrongBytes : ReadingRules.NotXml,
            fault is XmlException { LineNumber: > 0 } at
                ? $"linje {at.LineNumber}, tegn {at.LinePosition}"
                : "ukjent sted");
    }

    private static Finding Finding(ReadingRule rule, string? expected = null) =>
        new(rule.Id, rule.Severity, "", string.Format(rule.Text, "", expected).TrimEnd());
}
