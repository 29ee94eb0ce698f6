using System.Collections.Concurrent;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kilde.Intake.Judging;

/// <summary>A received submission that one worker holds.</summary>
/// <param name="Channel">The way it came.</param>
internal sealed record UnjudgedSubmission(ClaimedSubmission Claimed, Submitter Submitter, string Channel);

/// <summary>
/// Judges received submissions one by one, the oldest first; several workers and nodes side by side. The verdict, the
/// receipt and the place in the queue, or the merge itself, change in one transaction: a stop leaves the submission as
/// it was.
/// </summary>
/// <param name="mergeAsync">Null when nothing is merged while it is judged.</param>
internal sealed partial class JudgeSubmissions(
    RegisterDatabase database, PayloadStore payloads, JudgeMessage judge, VerdictLog verdicts, SubmissionQueue queue,
    MergeSignal signal, MergeJudgedIntoRegister? mergeAsync, ILogger<JudgeSubmissions> logger)
{
    // Those that failed to be merged while they were judged, until they are judged.
    private readonly ConcurrentDictionary<Guid, bool> _judgedAlone = new();

    /// <summary>One step. True when there was something to judge.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await ClaimAsync(connection, cancellation) is not { } submission) return false;
        var merge = mergeAsync is null || _judgedAlone.ContainsKey(submission.Claimed.SubmissionId)
            ? null
            : await JudgedMerge.BeginAsync(submission.Claimed, transaction, mergeAsync, queue, cancellation);
        try
        {
            await JudgeAsync(submission, merge, transaction, cancellation);
        }
        catch (Exception exception) when (merge is not null && !cancellation.IsCancellationRequested)
        {
            // Whether it is the judging, the merge or the database that fails shows when it is judged alone.
            Log.JudgedAlone(logger, submission.Claimed.SubmissionId, exception.GetType().Name);
            _judgedAlone[submission.Claimed.SubmissionId] = true;
            return true;
        }
        catch (Exception exception) when (
            Failure.KindOf(exception) == FailureKind.Fault && !cancellation.IsCancellationRequested)
        {
            // A fault of ours concerns this submission only; what came after it goes on.
            Log.Faulty(logger, submission.Claimed.SubmissionId, exception.GetType().Name);
            await transaction.RollbackAsync(cancellation);
            await queue.SetAsideAsync(submission.Claimed, MergeCause.NotJudged(exception), cancellation);
            return true;
        }

        await transaction.CommitAsync(cancellation);
        _judgedAlone.TryRemove(submission.Claimed.SubmissionId, out _);
        if (merge is { IsMerged: true }) IntakeMeter.Merged.Add(1);
        else signal.Raise(QueuedWork.Streamed);
        return true;
    }

    private async Task JudgeAsync(
        UnjudgedSubmission submission, JudgedMerge? merge, NpgsqlTransaction transaction,
        CancellationToken cancellation)
    {
        var memory = await PartsMemory.FindAsync(submission.Claimed.Lane, transaction.Connection!, cancellation);
        var verdict = await judge.JudgeAsync(
            () => payloads.Open(submission.Claimed.SubmissionId), submission.Submitter,
            submission.Claimed.ReceivedAt, memory,
            merge is null ? null : reading => merge.TakeAsync(reading, cancellation), cancellation);
        if (merge is not null) verdict = await merge.HearAsync(verdict, cancellation);
        await verdicts.WriteAsync(transaction, submission, verdict, cancellation);
        if (merge is not null) await merge.FinishAsync(cancellation);
    }

    private static async Task<UnjudgedSubmission?> ClaimAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select s.submission_id, w.lane_id, w.lane_sequence, s.unit, s.message_type, s.type_version,
              s.extracted_on, s.received_at, s.sub_unit, s.vendor, s.client_id, s.vendor_name, s.software_name,
              s.software_version, s.export_version, s.channel
            from (
              select u.submission_id
              from intake.waiting u
              where not u.is_judged
              order by u.submission_id
              limit 1
              for update skip locked
            ) next
            join intake.waiting w on w.submission_id = next.submission_id and not w.is_judged
            join intake.submission s on s.submission_id = w.submission_id
            """,
            connection);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        var claimed = new ClaimedSubmission(
            row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), OrganizationNumber.Parse(row.GetString(3)),
            row.GetString(4), row.GetString(5), row.GetFieldValue<DateOnly>(6),
            row.GetFieldValue<DateTimeOffset>(7), IsReplayed: false, Payload: null);
        string TextOf(int column) => row.IsDBNull(column) ? "" : row.GetString(column);
        OrganizationNumber? NumberOf(int column) =>
            row.IsDBNull(column) ? null : OrganizationNumber.Parse(row.GetString(column));
        var submitter = new Submitter(
            claimed.Unit, NumberOf(8), NumberOf(9), TextOf(10), TextOf(11), TextOf(12), TextOf(13), TextOf(14),
            claimed.ExtractedOn);
        return new UnjudgedSubmission(claimed, submitter, row.GetString(15));
    }

    private static partial class Log
    {
        [LoggerMessage(2122, LogLevel.Warning, "Submission {SubmissionId} is judged before it is merged: {Fault}")]
        public static partial void JudgedAlone(ILogger logger, Guid submissionId, string fault);

        [LoggerMessage(2121, LogLevel.Error, "Submission {SubmissionId} cannot be judged: {Fault}")]
        public static partial void Faulty(ILogger logger, Guid submissionId, string fault);
    }
}
