using Kilde.Definitions.Reading;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Merging;
using Npgsql;

namespace Kilde.Intake.Merging;

/// <summary>A message on its way to the register while it is being read.</summary>
internal sealed record StreamedSubmission(
    Guid SubmissionId, OrganizationNumber Sender, DateOnly ReceivedOn, MessageReading Reading);

/// <summary>Merges a message while it is read, and calls back in the same transaction, before commit.</summary>
/// <returns>Null when the message was refused; then nothing is written.</returns>
internal delegate Task<MergeOutcome?> MergeStreamIntoRegister(
    StreamedSubmission submission, Func<NpgsqlTransaction, MergeOutcome, Task> completeAsync,
    CancellationToken cancellation);

/// <summary>Takes one accepted submission whose payload lies in parts to the register, in constant memory.</summary>
internal sealed class MergeStreamed(
    RegisterDatabase database, PayloadStore payloads, XmlFormats formats, MergeStreamIntoRegister mergeAsync,
    SubmissionQueue queue, PersonIdentifierPolicy identifiers)
{
    /// <returns>Null when it was merged; else why it must be set aside.</returns>
    /// <exception cref="QueueMovedException">Another worker was faster.</exception>
    public async Task<MergeCause?> MergeAsync(ClaimedSubmission submission, CancellationToken cancellation)
    {
        if (submission.IsReplayed && await IsOvertakenAsync(submission, cancellation)) return MergeCause.OvertakenWhole;
        var receivedOn = NorwegianDay.Of(submission.ReceivedAt);
        MergeOutcome? outcome = null;
        var fault = await new XmlMessage(() => payloads.Open(submission.SubmissionId), formats).ReadAsync(
            new ReadOptions(identifiers, receivedOn) { HoldsRules = false },
            async reading => outcome = await mergeAsync(
                new StreamedSubmission(submission.SubmissionId, submission.Unit, receivedOn, reading),
                async (transaction, merged) =>
                {
                    await queue.TakeOutAsync(transaction, [submission], cancellation);
                    await queue.MarkMergedAsync(transaction, [merged], cancellation);
                    await SubmissionQueue.TellAsync(transaction, [merged], cancellation);
                },
                cancellation),
            cancellation);
        return fault is not null || outcome is null ? MergeCause.NoLongerAccepted : null;
    }

    // What a message of changes would undo cannot be told without reading all that came later.
    private async Task<bool> IsOvertakenAsync(ClaimedSubmission submission, CancellationToken cancellation)
    {
        await using var select = database.Source.CreateCommand(
            """
            select exists (
              select from intake.submission
              where lane_id = @lane and lane_sequence > @sequence and state = 'merged')
            """);
        select.Parameters.AddWithValue("lane", submission.Lane);
        select.Parameters.AddWithValue("sequence", submission.Sequence);
        return (bool)(await select.ExecuteScalarAsync(cancellation))!;
    }
}
