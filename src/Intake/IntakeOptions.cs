using System.ComponentModel.DataAnnotations;

namespace Kilde.Intake;

/// <summary>Limits of taking in and merging. The defaults suit one node on a small machine.</summary>
public sealed class IntakeOptions
{
    /// <summary>
    /// Connections that write the log at the same time. More than two gain little: the audit chain is one.
    /// </summary>
    [Range(1, 8)]
    public int LogWriters { get; set; } = 2;

    /// <summary>Messages in one transaction of the log.</summary>
    [Range(1, 5_000)]
    public int LogBatchMessagesMax { get; set; } = 256;

    /// <summary>Payload in one transaction of the log, in mebibytes; one larger message goes alone.</summary>
    [Range(1, 256)]
    public int LogBatchMebibytesMax { get; set; } = 32;

    /// <summary>Milliseconds a transaction of the log waits for messages that are on their way.</summary>
    [Range(0, 1_000)]
    public int LogGatherMillisecondsMax { get; set; } = 20;

    /// <summary>Messages that may wait for the log; a caller beyond it waits for room.</summary>
    [Range(1, 100_000)]
    public int LogWaitingMessagesMax { get; set; } = 2_048;

    /// <summary>Hours a data key encrypts new payloads before a new one is made.</summary>
    [Range(1, 24 * 31)]
    public int DataKeyHoursMax { get; set; } = 24;

    /// <summary>
    /// Payloads under one data key. Random 96-bit nonces are safe to 2^32 of them (NIST SP 800-38D); this is far below.
    /// </summary>
    [Range(1, 100_000_000)]
    public int DataKeyPayloadsMax { get; set; } = 10_000_000;

    /// <summary>Findings kept of one message; the count of all of them is always kept.</summary>
    [Range(1, 10_000)]
    public int FindingsStoredMax { get; set; } = 100;

    /// <summary>Findings kept of one message that is judged after it was received: feedback tells them.</summary>
    [Range(1, 100_000)]
    public int JudgedFindingsStoredMax { get; set; } = 1_000;

    /// <summary>
    /// Seconds a node trusts its copy of the sender configuration before it asks whether it has changed.
    /// </summary>
    [Range(1, 3_600)]
    public int SenderCacheSeconds { get; set; } = 5;

    /// <summary>
    /// Messages worked on at once. Sized so that the processor is busy while enough others wait for the log to share
    /// its transactions, and nobody waits long.
    /// </summary>
    [Range(1, 10_000)]
    public int AdmittedMessagesMax { get; set; } = 64;

    /// <summary>The same while more is turned away than answered: fewer, so that those let in are not late.</summary>
    [Range(1, 10_000)]
    public int OverloadedAdmittedMessagesMax { get; set; } = 16;

    /// <summary>Messages that may wait for their turn, all senders together.</summary>
    [Range(1, 100_000)]
    public int WaitingMessagesMax { get; set; } = 256;

    /// <summary>
    /// Milliseconds from the gate to the answer that a message may expect, at the pace messages have been answered.
    /// </summary>
    [Range(1, 60_000)]
    public int StayMillisecondsMax { get; set; } = 250;

    /// <summary>The same while more is turned away than answered.</summary>
    [Range(1, 60_000)]
    public int OverloadedStayMillisecondsMax { get; set; } = 40;

    /// <summary>Messages that one sender may have waiting.</summary>
    [Range(1, 10_000)]
    public int WaitingMessagesPerSenderMax { get; set; } = 64;

    /// <summary>
    /// Body bytes admitted at once, in mebibytes. A message takes about four times its body in memory.
    /// </summary>
    [Range(32, 65_536)]
    public int AdmittedMebibytesMax { get; set; } = 128;

    /// <summary>Merge workers on this node; each holds two connections while it merges.</summary>
    [Range(0, 64)]
    public int MergeWorkers { get; set; } = 2;

    /// <summary>Workers on this node that judge what was received over the bus and from files.</summary>
    [Range(0, 64)]
    public int JudgeWorkers { get; set; } = 1;

    /// <summary>
    /// Workers on this node that merge what was judged, one file each; each holds four connections while it merges.
    /// </summary>
    [Range(0, 64)]
    public int StreamMergeWorkers { get; set; } = 1;

    /// <summary>Queues that one merge takes from.</summary>
    [Range(1, 10_000)]
    public int MergeLanesMax { get; set; } = 256;

    /// <summary>Submissions in one merge.</summary>
    [Range(1, 10_000)]
    public int MergeSubmissionsMax { get; set; } = 512;

    /// <summary>Payload in one merge, in mebibytes; one larger submission goes alone.</summary>
    [Range(1, 256)]
    public int MergeMebibytesMax { get; set; } = 16;

    /// <summary>
    /// Milliseconds from one turn of a merge worker to its next: what comes in between is merged together.
    /// </summary>
    [Range(0, 60_000)]
    public int MergePauseMilliseconds { get; set; } = 250;

    /// <summary>Seconds between looks at the queues when nothing has been announced.</summary>
    [Range(1, 600)]
    public int MergeIdleSeconds { get; set; } = 5;

    /// <summary>Longest pause, in seconds, between attempts while a database does not answer.</summary>
    [Range(1, 600)]
    public int MergeOutagePauseSecondsMax { get; set; } = 30;

    /// <summary>Times a submission is tried again after a deadlock or a timeout before it is set aside.</summary>
    [Range(1, 100)]
    public int MergeAttemptsMax { get; set; } = 5;

    /// <summary>Days a payload is kept after it was merged.</summary>
    [Range(1, 3_650)]
    public int PayloadDaysKept { get; set; } = 30;

    /// <summary>Days it is kept what the validation service was asked.</summary>
    [Range(1, 3_650)]
    public int TrialDaysKept { get; set; } = 90;

    /// <summary>Seconds between rounds of the job that removes what is no longer needed.</summary>
    [Range(1, 86_400)]
    public int RetentionSeconds { get; set; } = 60;
}
