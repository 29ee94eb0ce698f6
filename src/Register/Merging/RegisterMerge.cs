using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>One accepted submission, ready to become records.</summary>
/// <param name="Sender">The reporting unit the token spoke for. Local ids are unique within it.</param>
public sealed record SubmissionContent(
    Guid SubmissionId, OrganizationNumber Sender, DateOnly ExtractedOn, MessageContent Content);

/// <summary>What a submission did to the register.</summary>
public sealed record MergeOutcome(
    Guid SubmissionId, long BatchNo, int Inserted, int Updated, int Unchanged, int Deleted);

/// <summary>Turns submissions into records with history, in one transaction, and tells the change feed.</summary>
public sealed class RegisterMerge
{
    /// <summary>
    /// Resolves the persons in the vault, merges the submissions in their order and closes one batch of the change
    /// feed. <paramref name="completeAsync"/> runs in the same transaction, before commit: there the caller marks
    /// its submissions as merged, so that a crash leaves either both or neither.
    /// </summary>
    public Task<IReadOnlyList<MergeOutcome>> MergeAsync(
        IReadOnlyList<SubmissionContent> submissions,
        Func<NpgsqlTransaction, IReadOnlyList<MergeOutcome>, Task> completeAsync,
        CancellationToken cancellation) => throw new NotSupportedException();
}
