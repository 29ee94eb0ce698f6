using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Register.Chains;
using Kilde.Register.Periods;

namespace Kilde.Register.Merging;

/// <summary>What a merge needs to know of a submission beside its rows.</summary>
internal sealed record SubmissionHead(
    Guid SubmissionId, OrganizationNumber Sender, DateOnly ExtractedOn, MessageType Type, DataYear? Year)
{
    public static SubmissionHead Of(SubmissionContent submission) => new(
        submission.SubmissionId, submission.Sender, submission.ExtractedOn, submission.Content.Type, submission.Year)
    {
        Share = submission.Share,
    };

    /// <summary>The share of each reporting unit that the submission is about; empty for none.</summary>
    public string Share { get; init; } = "";

    public string SenderText { get; } = Sender.ToString();

    /// <summary>The year that is part of the keys of its records; null where messages do not replace years.</summary>
    public DataYear? YearOfKeys => Type.Replacement == Replacement.CumulativePerPeriod ? Year : null;

    public PeriodName? PeriodOf(string sender) =>
        YearOfKeys is { } year ? new PeriodName(sender, Share, Type.Name, year) : null;
}

/// <summary>What a submission did to the register.</summary>
/// <param name="BatchNo">The submission's own batch in the change feed.</param>
/// <param name="Updated">Records that got a new version, those that changed person among them.</param>
/// <param name="Deleted">
/// Records that stood and were ended: deleted by the sender, or gone from its year. Deleting what does not stand counts
/// as nothing.
/// </param>
/// <param name="IsOvertaken">
/// A newer extraction of the same year had been merged before, so that this one changed nothing there.
/// </param>
public sealed record MergeOutcome(
    Guid SubmissionId, long BatchNo, int Inserted, int Updated, int Unchanged, int Deleted, bool IsOvertaken = false)
{
    /// <summary>The years that a newer extraction had overtaken.</summary>
    public IReadOnlyList<OvertakenPeriod> Overtaken { get; init; } = [];

    /// <summary>What is missing between what came before and this submission, where it is part of a chain.</summary>
    public IReadOnlyList<ChainHole> Holes { get; init; } = [];

    /// <summary>What its sender is told that can only be seen beside what came before.</summary>
    public IReadOnlyList<Finding> Findings =>
        [.. Overtaken.Select(period => period.Finding), .. Holes.Select(hole => hole.Finding).OfType<Finding>()];
}
