using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>
/// Counts what messages hold while they are judged, so that nobody has to read them once more. The host may wire one;
/// what it counts is its own affair, and comes back as text in <see cref="Overview.FinishedSubmission.Tally"/>.
/// </summary>
public interface ISubmissionTally
{
    /// <returns>Null when there is nothing to count in messages of the type.</returns>
    ITallying? Begin(MessageType type);
}

/// <summary>Counts one message.</summary>
public interface ITallying : IPartCounts
{
    void Add(RecordBatch batch);

    void Add(IdentityBatch batch);

    /// <summary>What was counted. Counts only: never an identifier of a person.</summary>
    /// <param name="institution">The reporting unit that the message tells once, for all its records; or null.</param>
    string ToText(string? institution);

    /// <summary>Another text whenever something else is counted than before, or in another way.</summary>
    string Form { get; }
}

/// <summary>
/// Tells in the receipt whether feedback can reach the message's contact persons (R3.14). The host may wire one.
/// </summary>
public interface IContactCheck
{
    /// <param name="tally">What <see cref="ISubmissionTally"/> counted; null for nothing, or when refused.</param>
    /// <returns>Warnings; they refuse nothing.</returns>
    IReadOnlyList<Finding> Check(MessageType type, IReadOnlyList<ContactPerson> contacts, string? tally);
}
