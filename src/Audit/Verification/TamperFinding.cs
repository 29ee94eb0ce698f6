namespace Kilde.Audit.Verification;

/// <summary>What was done to a log behind the platform's back.</summary>
public enum TamperKind
{
    /// <summary>The entry was written with another content.</summary>
    Altered = 1,

    /// <summary>There was an entry of this number, and it is gone.</summary>
    Removed = 2,

    /// <summary>The entry that stands here was written as another number.</summary>
    Reordered = 3,

    /// <summary>The platform never wrote an entry here.</summary>
    Inserted = 4,

    /// <summary>The checkpoint's signature does not fit its content, or it is not the one that was anchored.</summary>
    CheckpointAltered = 5,

    /// <summary>There was a checkpoint of this number, and it is gone.</summary>
    CheckpointRemoved = 6,
}

/// <summary>One thing wrong with a log.</summary>
/// <param name="Chain">The chain, or <c>checkpoint</c>.</param>
/// <param name="SequenceNo">The entry's or the checkpoint's number.</param>
/// <param name="Text">What was seen, in Norwegian, for the auditor.</param>
public sealed record TamperFinding(TamperKind Kind, string Chain, long SequenceNo, string Text);

/// <summary>What a verification came to.</summary>
/// <param name="IsComplete">False when there was more wrong than is told.</param>
public sealed record AuditVerification(
    string Log, long Entries, long Checkpoints, IReadOnlyList<TamperFinding> Findings, bool IsComplete)
{
    public bool IsIntact => Findings.Count == 0;
}
