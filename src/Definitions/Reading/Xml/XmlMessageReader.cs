using System.Xml;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading.Xml;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Reads XML messages of one type: structure, codes and graded checks in one pass, in memory that does not grow with
/// the message. Made once per type; safe for many threads.
/// </summary>
public sealed class XmlMessageReader
{
    private readonly XmlPlan _plan;

    private readonly byte[] _fingerprint;

    /// <param name="fingerprint">Changes whenever definitions or reading do.</param>
    internal XmlMessageReader(MessageType type, byte[] fingerprint) =>
        (_plan, _fingerprint) = (new XmlPlan(type), fingerprint);

    public MessageType Type => _plan.Type;

    /// <summary>Begins to read a message. Any bytes at all give an answer: what is wrong is a finding.</summary>
    /// <param name="content">Read forward only, and not closed.</param>
    public MessageReading Open(Stream content, ReadOptions options)
    {
        var input = XmlInput.Of(content);
        return new XmlMessageReading(_plan, _fingerprint, input, options, input.MoveToRoot());
    }

    /// <summary>Begins to read a message whose root the reader stands on, inside another message or alone.</summary>
    internal MessageReading Open(XmlInput input, ReadOptions options) =>
        new XmlMessageReading(_plan, _fingerprint, input, options, null);
}

/// <summary>What looking for the reader of a message came to. Exactly one of the two is set.</summary>
/// <param name="Refusal">Why no type can read it: not XML, a DTD, an unknown namespace, version or root.</param>
public sealed record XmlOpening(MessageReading? Reading, Finding? Refusal);
