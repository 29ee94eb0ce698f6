using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Quality.FollowUps;

/// <summary>
/// What it is that someone ought to call a unit about, for whoever shows it to say; never of a person.
/// </summary>
public abstract record ShortfallDetail
{
    private ShortfallDetail()
    {
    }

    public abstract FollowUpReason Reason { get; }

    /// <summary>Deliveries whose deadline has passed.</summary>
    public sealed record Overdue(IReadOnlyList<string> MessageTypes, int Deliveries) : ShortfallDetail
    {
        public override FollowUpReason Reason => FollowUpReason.Late;
    }

    /// <summary>Feeds that bring nothing, or less than they should.</summary>
    public sealed record Quiet(IReadOnlyList<QuietFeed> Feeds) : ShortfallDetail
    {
        public override FollowUpReason Reason => FollowUpReason.Silent;
    }

    /// <summary>Errors of content in the records of the last days.</summary>
    public sealed record Invalid(long Errors, long Records, int Days) : ShortfallDetail
    {
        public override FollowUpReason Reason => FollowUpReason.InvalidRows;
    }

    /// <summary>Findings that nobody has answered.</summary>
    /// <param name="CheckId">The check that has most of them, and its title.</param>
    public sealed record Unanswered(long Findings, string CheckId, LocalizedText Check) : ShortfallDetail
    {
        public override FollowUpReason Reason => FollowUpReason.Unexplained;
    }

    /// <summary>A year that is not signed as it stands.</summary>
    /// <param name="IsChanged">It was signed, and data have come after.</param>
    public sealed record UnsignedYear(DataYear Year, bool IsChanged) : ShortfallDetail
    {
        public override FollowUpReason Reason => FollowUpReason.Unsigned;
    }
}

/// <summary>A feed that is quiet against its own rhythm.</summary>
/// <param name="Got">Records that have come since it began; null when nothing comes.</param>
/// <param name="Expected">Records that should have come.</param>
public sealed record QuietFeed(string MessageType, int? Got, long Expected)
{
    /// <summary>So many are known to be missing; null when it is the rhythm that tells.</summary>
    public int? Lacking { get; init; }

    /// <summary>
    /// What is missing are notifications of a chain; else records that the sender has told that it has.
    /// </summary>
    public bool IsChain { get; init; }
}
