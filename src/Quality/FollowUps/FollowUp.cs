using Kilde.Kernel;
using Kilde.Quality.Checks;

namespace Kilde.Quality.FollowUps;

/// <summary>Why a unit is to be contacted.</summary>
public enum FollowUpReason
{
    /// <summary>A deadline has passed without its file.</summary>
    Late = 1,

    /// <summary>A feed is silent against its own rhythm, or brings less than it does.</summary>
    Silent,

    /// <summary>Many of its records had errors, and were not taken as they stood (F20).</summary>
    InvalidRows,

    /// <summary>Findings of error that it has not explained.</summary>
    Unexplained,

    /// <summary>Last year's data are in the register, and are not signed for as they stand (R15.12).</summary>
    Unsigned,
}

/// <summary>What staff did about it.</summary>
public enum FollowUpKind
{
    /// <summary>Someone follows it up from now on.</summary>
    Taken = 1,

    /// <summary>Nobody does any more.</summary>
    Released,
    Noted,

    /// <summary>Nothing more is to be done, until the reason arises anew.</summary>
    Done,
    Undone,
}

/// <summary>Something about a unit that someone ought to call it about.</summary>
/// <param name="Since">Since when: the oldest of it.</param>
/// <param name="NewestAt">The newest of it: what has been done about it counts only when it was done later.</param>
public sealed record Shortfall(
    OrganizationNumber Unit, string Name, ShortfallDetail Detail, DateTimeOffset Since, DateTimeOffset NewestAt)
{
    public FollowUpReason Reason => Detail.Reason;
}

/// <summary>Where staff stand with a unit and a reason.</summary>
/// <param name="OwnerId">Who has taken it; null when nobody has.</param>
/// <param name="DoneAt">When it was done; null when it is not, or was regretted.</param>
public sealed record FollowUpState(
    string Unit, FollowUpReason Reason, string? OwnerId, string? OwnerName, DateTimeOffset? DoneAt);

/// <summary>One thing that was done.</summary>
public sealed record FollowUpEvent(
    FollowUpReason Reason, FollowUpKind Kind, string? Note, string ActorName, DateTimeOffset OccurredAt);

/// <summary>One line of the list.</summary>
public sealed record FollowUpLine(Shortfall Shortfall, FollowUpState? State)
{
    /// <summary>Done, and nothing new has come of it since.</summary>
    public bool IsDone => State?.DoneAt is { } doneAt && doneAt >= Shortfall.NewestAt;

    /// <summary>The lines with what has been done about each, those that have waited longest first.</summary>
    public static IReadOnlyList<FollowUpLine> Of(
        IEnumerable<Shortfall> shortfalls, IEnumerable<FollowUpState> states)
    {
        var known = states.ToDictionary(state => (state.Unit, state.Reason));
        return
        [
            .. shortfalls
                .Select(each => new FollowUpLine(each, known.GetValueOrDefault((each.Unit.ToString(), each.Reason))))
                .OrderBy(line => line.IsDone).ThenBy(line => line.Shortfall.Since)
                .ThenBy(line => line.Shortfall.Name, StringComparer.Ordinal),
        ];
    }
}

/// <summary>The words of the tables.</summary>
internal static class FollowUpTable
{
    private static readonly Dictionary<string, FollowUpReason> Reasons = StoredWord.All<FollowUpReason>();
    private static readonly Dictionary<string, FollowUpKind> Kinds = StoredWord.All<FollowUpKind>();

    public static FollowUpReason ReasonOf(string word) => Reasons[word];

    public static FollowUpKind KindOf(string word) => Kinds[word];
}
