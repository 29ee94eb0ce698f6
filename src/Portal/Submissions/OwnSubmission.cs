using Kilde.Intake.Overview;
using Kilde.Platform.SignIn;
using Kilde.Portal.Shell;

namespace Kilde.Portal.Submissions;

/// <summary>
/// A submission that the user may see: staff see all, a sender its own unit's. What is another's looks as if it were
/// not there, and the attempt is audited.
/// </summary>
public sealed class OwnSubmission(GetSubmission submissions, AuditedAccess audit)
{
    public async Task<SubmissionDetail?> FindAsync(Guid id, SignedInUser user, CancellationToken cancellation)
    {
        if (await submissions.FindAsync(id, cancellation) is not { } submission) return null;
        if (user.IsStaff || (user.Unit is { } own && submission.Summary.Unit == own)) return submission;

        await audit.RecordRefusalAsync(user, $"submission {submission.Summary.SubmissionId}", cancellation);
        return null;
    }
}
