using Kilde.Kernel;

namespace Kilde.Register.Chains;

/// <summary>What is not whole in a chain.</summary>
public enum ChainHoleKind
{
    /// <summary>Links between two that have come have not.</summary>
    Missing = 1,

    /// <summary>A link has the next number and names another link before it than the one that has come.</summary>
    Broken,

    /// <summary>Numbers were passed over, though each link names the one before it.</summary>
    Skipped,

    /// <summary>Two links have the same number.</summary>
    Repeated,

    /// <summary>The first link that has come is not the first of the chain.</summary>
    BeginsLate,

    /// <summary>A replacement or annulment of a link that has not come.</summary>
    OriginalUnknown,

    /// <summary>A replacement or annulment of a link that is itself one, and no original.</summary>
    NotAnOriginal,
}

/// <summary>A hole in a sender's chain. It is there until what is missing comes; some nothing closes.</summary>
/// <param name="Link">The link behind the hole; its place in the message.</param>
/// <param name="Serial">Its number.</param>
/// <param name="BeforeLink">The last link before the hole; null when there is none.</param>
/// <param name="BeforeSerial">Its number.</param>
/// <param name="Named">The link that is named and has not come, as the one before or the original; or is none.</param>
/// <param name="SubmissionId">What the link behind the hole came with.</param>
/// <param name="FoundAt">When that was merged.</param>
public sealed record ChainHole(
    string Sender, string MessageType, ChainHoleKind Kind, Guid Link, long? Serial, Guid? BeforeLink,
    long? BeforeSerial, Guid Named, Guid SubmissionId, DateTimeOffset FoundAt)
{
    /// <summary>The same for the sender; null where the message is not at hand.</summary>
    public Finding? Finding { get; init; }
}
