using Kilde.Portal.Shell;
using Kilde.Quality.FollowUps;

namespace Kilde.Portal.Calling;

/// <summary>Reasons of follow-up, in words and colours.</summary>
internal static class CallWords
{
    public static string ColourOf(FollowUpReason reason) => reason switch
    {
        FollowUpReason.Late or FollowUpReason.Silent => "danger",
        FollowUpReason.Unsigned => "info",
        _ => "warning",
    };

    /// <summary>NPR_ORD, NPR_IDE: 2 leveringer mangler</summary>
    public static string Said(this Texts texts, ShortfallDetail detail) => detail switch
    {
        ShortfallDetail.Overdue late => texts["calls.late", string.Join(", ", late.MessageTypes), late.Deliveries],
        ShortfallDetail.Quiet quiet => string.Join(", ", quiet.Feeds.Select(feed => Said(texts, feed))),
        ShortfallDetail.Invalid many => texts["calls.invalid", many.Errors, many.Records, many.Days],
        ShortfallDetail.Unanswered open => texts["calls.unanswered", open.Findings, open.CheckId, open.Check],
        ShortfallDetail.UnsignedYear year => texts[year.IsChanged ? "calls.changed" : "calls.unsigned", year.Year],
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Said(Texts texts, QuietFeed feed) => feed switch
    {
        { Lacking: { } lacking } => texts[feed.IsChain ? "calls.hole" : "calls.lacks", feed.MessageType, lacking],
        { Got: { } got } => texts["calls.less", feed.MessageType, got, feed.Expected],
        _ => texts["calls.nothing", feed.MessageType],
    };
}
