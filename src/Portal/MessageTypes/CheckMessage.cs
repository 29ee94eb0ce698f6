using System.Collections.Concurrent;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Portal.Shell;

namespace Kilde.Portal.MessageTypes;

/// <summary>
/// Reads a message as intake would and tells what it found. Nothing of the message is kept or logged.
/// </summary>
public sealed class CheckMessage(PersonIdentifierPolicy identifiers, TimeProvider clock)
{
    private readonly ConcurrentDictionary<MessageType, MessageReader> _readers = new();

    public MessageContent Read(MessageType type, ReadOnlySpan<byte> message) =>
        _readers.GetOrAdd(type, known => new MessageReader(known)).Read(
            message,
            new ReadOptions(identifiers, Norwegian.Day(clock.GetUtcNow())) { TakesValidationUnit = true });
}
