using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Kernel;

namespace Kilde.Intake.Files;

/// <summary>
/// The receipt (AppRec 1.0) of what came as a file without a header: sender and receiver are named by organisation
/// number, for there are no HER-ids, and the message by its own <c>lokalident</c> where it has one.
/// </summary>
public static class FileReceipt
{
    /// <summary>What a receipt is called after the file it answers.</summary>
    public const string Ending = ".apprec.xml";

    private const string Us = "Kilde";
    private const string UnknownFunction = "UKJENT";

    /// <summary>Of a file that was not received at all.</summary>
    public static byte[] OfRefusal(string name, FileOutcome.Refused refusal, DateTimeOffset at) =>
        AppRecWriter.Write(new ApplicationReceipt(
            AppRecVersion.V10, Guid.CreateVersion7(at).ToString(), NorwegianDay.ClockOf(at), Party(new(Us, null)),
            Party(new("", null)), AppRecStatus.Rejected, [new AppRecError(refusal.Code, refusal.Text)],
            new AnsweredMessage(UnknownFunction, null, TimeOf(at), name)));

    internal static ApplicationReceipt Of(UnjudgedSubmission submission, Verdict verdict, DateTimeOffset at)
    {
        var claimed = submission.Claimed;
        var told = verdict.Judgement?.LocalId;
        var id = string.IsNullOrWhiteSpace(told) || IdentifierInText.IsIn(told)
            ? claimed.SubmissionId.ToString()
            : told;
        return new ApplicationReceipt(
            AppRecVersion.V10, Guid.CreateVersion7(at).ToString(), NorwegianDay.ClockOf(at), Party(new(Us, null)),
            Party(new("", null) { Number = claimed.Unit }), verdict.Status, verdict.Errors,
            new AnsweredMessage(claimed.MessageType, null, TimeOf(claimed.ReceivedAt), id));
    }

    private static HeadAddress Party(HeadParty party) => new(party, Unit: null);

    private static string TimeOf(DateTimeOffset at) => NorwegianDay.ClockOf(at).ToString(AppRecWriter.TimeForm);
}
