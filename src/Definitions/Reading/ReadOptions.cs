using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>What a message is read against, beside its definition.</summary>
/// <param name="Identifiers">Which person identifiers this environment takes.</param>
/// <param name="ReceivedOn">The Norwegian day the message came; dates far after it are mistakes.</param>
public sealed record ReadOptions(PersonIdentifierPolicy Identifiers, DateOnly ReceivedOn)
{
    /// <summary>
    /// The newest day that a message can have been taken out: a day more than that of receipt, for some programs count
    /// their days in UTC, and clocks differ.
    /// </summary>
    public DateOnly ExtractedOnMax => ReceivedOn.AddDays(1);

    /// <summary>
    /// True in the validation service only: organisation number 777 777 777 may be used by vendors without an
    /// agreement.
    /// </summary>
    public bool TakesValidationUnit { get; init; }

    /// <summary>
    /// False when the message has been held against the content rules before, and is read again to be taken in.
    /// </summary>
    public bool HoldsRules { get; init; } = true;

    /// <summary>
    /// Most rows in one batch of a message that is read in batches: as many as leave no array of a batch a large object
    /// (ADR 161, 162).
    /// </summary>
    public int BatchRowsMax { get; init; } = 1024;
}
