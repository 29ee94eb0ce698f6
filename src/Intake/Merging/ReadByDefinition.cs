using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Intake.Merging;

/// <summary>Reads a stored payload again, with the definition and on the terms it was accepted under.</summary>
internal sealed class ReadByDefinition(DefinitionCatalogue definitions, PersonIdentifierPolicy identifiers)
{
    /// <returns>Null when the definition is no longer in the catalogue.</returns>
    public MessageContent? Read(ClaimedSubmission submission, ReadOnlyMemory<byte> payload)
    {
        var options = new ReadOptions(identifiers, NorwegianDay.Of(submission.ReceivedAt)) { HoldsRules = false };
        return definitions.FindReader(submission.MessageType, submission.TypeVersion)?.Read(payload.Span, options);
    }
}
