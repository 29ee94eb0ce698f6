using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Reads messages of one type: structure, codes and content in one pass over the bytes. Made once per type; safe for
/// many threads.
/// </summary>
public sealed class MessageReader(MessageType type)
{
    public MessageType Type { get; } = type;

    /// <summary>
    /// Everything the message holds and everything wrong with it. Any bytes at all give an answer: what is wrong is a
    /// finding, never an exception.
    /// </summary>
    public MessageContent Read(ReadOnlySpan<byte> utf8, ReadOptions options) => throw new NotSupportedException();
}
