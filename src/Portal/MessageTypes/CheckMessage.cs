using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Portal.Shell;

namespace Kilde.Portal.MessageTypes;

/// <summary>
/// Reads a message as intake would and tells what it found. Nothing of the message is kept or logged.
/// </summary>
public sealed class CheckMessage(
    DefinitionCatalogue definitions, PersonIdentifierPolicy identifiers, TimeProvider clock)
{
    public MessageOutcome Read(MessageType type, byte[] message)
    {
        var options = new ReadOptions(identifiers, Norwegian.Day(clock.GetUtcNow())) { TakesValidationUnit = true };
        using var reading = definitions.FindXmlReader(type.Name, type.Version) is { } xml
            ? xml.Open(new MemoryStream(message), options)
            : MessageReading.Of(definitions.ReaderOf(type).Read(message, options));
        return reading.ReadToEnd();
    }
}
