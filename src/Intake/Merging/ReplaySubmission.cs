using Kilde.Audit;

namespace Kilde.Intake.Merging;

/// <summary>What came of asking for a replay.</summary>
public enum ReplayOutcome
{
    /// <summary>Back in its queue, at its old place.</summary>
    Queued = 1,

    /// <summary>There is no such submission.</summary>
    NotFound,

    /// <summary>The submission is not set aside.</summary>
    NotSetAside,

    /// <summary>Its payload has been removed.</summary>
    PayloadRemoved,
}

/// <summary>Puts a submission that was set aside back into its queue, after its cause has been mended.</summary>
public sealed class ReplaySubmission
{
    public Task<ReplayOutcome> ReplayAsync(Guid submissionId, AccessGround ground, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
