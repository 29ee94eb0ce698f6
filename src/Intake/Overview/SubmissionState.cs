using System.Diagnostics;

namespace Kilde.Intake.Overview;

/// <summary>How far a submission has come.</summary>
public enum SubmissionState
{
    /// <summary>Taken in, not yet judged: channels that answer later than they receive.</summary>
    Received = 1,

    /// <summary>Refused, with a code; its payload is not kept.</summary>
    Rejected,

    /// <summary>Safe on disk and answered; waits for the register.</summary>
    Accepted,

    /// <summary>In the register.</summary>
    Merged,

    /// <summary>Failed for a reason of ours; staff may replay it.</summary>
    SetAside,
}

/// <summary>The word the database has for each state.</summary>
internal static class SubmissionStateText
{
    public static string ToText(this SubmissionState state) => state switch
    {
        SubmissionState.Received => "received",
        SubmissionState.Rejected => "rejected",
        SubmissionState.Accepted => "accepted",
        SubmissionState.Merged => "merged",
        SubmissionState.SetAside => "set_aside",
        _ => throw new UnreachableException(),
    };

    public static SubmissionState Parse(string text) => text switch
    {
        "received" => SubmissionState.Received,
        "rejected" => SubmissionState.Rejected,
        "accepted" => SubmissionState.Accepted,
        "merged" => SubmissionState.Merged,
        "set_aside" => SubmissionState.SetAside,
        _ => throw new UnreachableException(),
    };
}
