using System.Collections.Concurrent;
using System.Security.Cryptography;
using Kilde.Audit;
using Kilde.Definitions.Reading;
using Kilde.Intake.Log;
using Kilde.Platform.Databases;
using Kilde.Register.Merging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Intake.Merging;

/// <summary>
/// Reads a payload with the definition it was accepted under; null when that is no longer in the catalogue.
/// </summary>
internal delegate MessageContent? ReadPayload(ClaimedSubmission submission, ReadOnlyMemory<byte> payload);

/// <summary>
/// Merges submissions and calls back in the same transaction, before commit (RegisterMerge.MergeAsync).
/// </summary>
internal delegate Task<IReadOnlyList<MergeOutcome>> MergeIntoRegister(
    IReadOnlyList<SubmissionContent> submissions,
    Func<NpgsqlTransaction, IReadOnlyList<MergeOutcome>, Task> completeAsync,
    CancellationToken cancellation);

/// <summary>
/// Takes accepted submissions from their queues to the register: first in, first out within a unit and type, many
/// queues in one transaction, several workers and nodes side by side.
/// </summary>
/// <remarks>
/// The row of <c>intake.waiting</c> is deleted in the transaction that merges its submission, and the number of deleted
/// rows is checked there. Whatever happens to the claim, a submission is therefore merged once, and in its turn.
/// </remarks>
internal sealed partial class MergeSubmissions(
    RegisterDatabase database, PayloadCipher cipher, AuditLog audit, ReadPayload read, MergeIntoRegister mergeAsync,
    MergeSignal signal, TimeProvider clock, IOptions<IntakeOptions> options, ILogger<MergeSubmissions> logger)
{
    private readonly ConcurrentDictionary<Guid, int> _attempts = new();
    private readonly Overtaken _overtaken = new(database, cipher, read);

    /// <summary>One worker's step. Each worker walks the queues on its own.</summary>
    public Func<CancellationToken, Task<bool>> NewWorker()
    {
        var afterLane = Guid.Empty;
        return async cancellation =>
        {
            await using var claim = await LaneClaim.TakeAsync(
                database.Source, afterLane, options.Value, cancellation);
            var wasWalking = afterLane != Guid.Empty;
            afterLane = claim.NextLane;

            // Past the last queue: look from the first one before resting.
            if (claim.Submissions.Count == 0) return wasWalking;
            if (claim.IsFull) signal.Here.Raise();
            await MergeAsync(claim.Submissions, cancellation);
            return true;
        };
    }

    private async Task MergeAsync(IReadOnlyList<ClaimedSubmission> claimed, CancellationToken cancellation)
    {
        var readable = new List<Readable>(claimed.Count);
        foreach (var submission in claimed)
        {
            var (content, cause) = await OpenAsync(submission, cancellation);
            if (content is null)
                await SetAsideAsync(submission, cause!, cancellation);
            else
                readable.Add(new Readable(submission, content));
        }

        if (readable.Count > 0) await MergeWithCareAsync(readable, cancellation);
    }

    private async Task<(SubmissionContent? Content, MergeCause? Cause)> OpenAsync(
        ClaimedSubmission submission, CancellationToken cancellation)
    {
        if (submission.Payload is null) return (null, MergeCause.PayloadMissing);
        try
        {
            var plain = await cipher.OpenAsync(submission.SubmissionId, submission.Payload, cancellation);
            var content = read(submission, plain);
            CryptographicOperations.ZeroMemory(plain);
            if (content is null) return (null, MergeCause.DefinitionMissing);
            if (!content.IsAccepted) return (null, MergeCause.NoLongerAccepted);
            if (submission.IsReplayed) content = await _overtaken.RemoveFromAsync(submission, content, cancellation);
            return content is null
                ? (null, MergeCause.OvertakenWhole)
                : (new SubmissionContent(
                    submission.SubmissionId, submission.Unit, submission.ExtractedOn, content), null);
        }
        catch (Exception exception) when (IsFaultOf(exception, cancellation))
        {
            // A fault in reading concerns this submission only; the worker goes on with the rest.
            Log.Faulty(logger, submission.SubmissionId, exception.GetType().Name);
            return (null, MergeCause.Of(exception));
        }
    }

    /// <summary>
    /// Merges all at once. When that fails, the halves are merged one after the other, down to the submission at fault,
    /// which is set aside; the order within each queue stays.
    /// </summary>
    private async Task MergeWithCareAsync(List<Readable> submissions, CancellationToken cancellation)
    {
        try
        {
            await mergeAsync(
                submissions.ConvertAll(one => one.Content),
                (transaction, outcomes) => CompleteAsync(transaction, submissions, outcomes, cancellation),
                cancellation);
            foreach (var one in submissions) _attempts.TryRemove(one.Claimed.SubmissionId, out _);
            IntakeMeter.Merged.Add(submissions.Count);
        }
        catch (QueueMovedException)
        {
            // Another worker was faster, after this one had lost its claim. There is nothing left to do here.
            Log.QueueMoved(logger, submissions.Count);
        }
        catch (Exception exception) when (IsFaultOf(exception, cancellation) || MustGiveUp(exception, submissions))
        {
            // The worker's net: a fault is narrowed down to its submission and does not stop the queues.
            if (submissions.Count == 1)
            {
                Log.Faulty(logger, submissions[0].Claimed.SubmissionId, exception.GetType().Name);
                await SetAsideAsync(submissions[0].Claimed, MergeCause.Of(exception), cancellation);
                return;
            }

            await MergeWithCareAsync(submissions[..(submissions.Count / 2)], cancellation);
            await MergeWithCareAsync(submissions[(submissions.Count / 2)..], cancellation);
        }
    }

    private static bool IsFaultOf(Exception exception, CancellationToken cancellation) =>
        !(exception is OperationCanceledException && cancellation.IsCancellationRequested)
        && Failure.KindOf(exception) == FailureKind.Fault;

    // Deadlocks and timeouts pass by themselves, but not for ever. A whole batch in trouble is split at once.
    private bool MustGiveUp(Exception exception, List<Readable> submissions) =>
        Failure.KindOf(exception) == FailureKind.Contention
        && (submissions.Count > 1
            || _attempts.AddOrUpdate(submissions[0].Claimed.SubmissionId, 1, (_, attempts) => attempts + 1)
            >= options.Value.MergeAttemptsMax);

    private async Task CompleteAsync(
        NpgsqlTransaction transaction, List<Readable> submissions, IReadOnlyList<MergeOutcome> outcomes,
        CancellationToken cancellation)
    {
        await TakeOutAsync(transaction, submissions.ConvertAll(one => one.Claimed), cancellation);
        await using var update = new NpgsqlCommand(
            """
            update intake.submission s
            set state = 'merged', merged_at = @now, changed_at = @now,
              batch_no = done.batch_no, rows_inserted = done.inserted, rows_updated = done.updated,
              rows_unchanged = done.unchanged, rows_deleted = done.deleted
            from unnest(@ids, @batches, @inserted, @updated, @unchanged, @deleted)
              as done (submission_id, batch_no, inserted, updated, unchanged, deleted)
            where s.submission_id = done.submission_id
            """,
            transaction.Connection,
            transaction);
        update.Parameters.AddWithValue("now", clock.GetUtcNow());
        update.Parameters.AddWithValue("ids", outcomes.Select(outcome => outcome.SubmissionId).ToArray());
        update.Parameters.AddWithValue("batches", outcomes.Select(outcome => outcome.BatchNo).ToArray());
        update.Parameters.AddWithValue("inserted", outcomes.Select(outcome => outcome.Inserted).ToArray());
        update.Parameters.AddWithValue("updated", outcomes.Select(outcome => outcome.Updated).ToArray());
        update.Parameters.AddWithValue("unchanged", outcomes.Select(outcome => outcome.Unchanged).ToArray());
        update.Parameters.AddWithValue("deleted", outcomes.Select(outcome => outcome.Deleted).ToArray());
        var marked = await update.ExecuteNonQueryAsync(cancellation);
        if (marked != submissions.Count)
            throw new InvalidOperationException("The merge has not told the outcome of each submission.");
    }

    private static async Task TakeOutAsync(
        NpgsqlTransaction transaction, List<ClaimedSubmission> submissions, CancellationToken cancellation)
    {
        await using var delete = new NpgsqlCommand(
            """
            delete from intake.waiting w
            using unnest(@lanes, @sequences) as done (lane_id, lane_sequence)
            where w.lane_id = done.lane_id and w.lane_sequence = done.lane_sequence
            """,
            transaction.Connection,
            transaction);
        delete.Parameters.AddWithValue("lanes", submissions.ConvertAll(submission => submission.Lane));
        delete.Parameters.AddWithValue("sequences", submissions.ConvertAll(submission => submission.Sequence));
        if (await delete.ExecuteNonQueryAsync(cancellation) != submissions.Count) throw new QueueMovedException();
    }

    private async Task SetAsideAsync(ClaimedSubmission submission, MergeCause cause, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await TakeOutAsync(transaction, [submission], cancellation);
        }
        catch (QueueMovedException)
        {
            return;
        }

        await using var write = new NpgsqlCommand(
            """
            with marked as (
              update intake.submission set state = 'set_aside', changed_at = @now where submission_id = @id
            )
            insert into intake.set_aside (
              set_aside_id, submission_id, lane_id, lane_sequence, cause_type, cause_code, set_aside_at)
            values (@set_aside_id, @id, @lane, @sequence, @cause_type, @cause_code, @now)
            """,
            connection,
            transaction);
        write.Parameters.AddWithValue("now", now);
        write.Parameters.AddWithValue("set_aside_id", Guid.CreateVersion7(now));
        write.Parameters.AddWithValue("id", submission.SubmissionId);
        write.Parameters.AddWithValue("lane", submission.Lane);
        write.Parameters.AddWithValue("sequence", submission.Sequence);
        write.Parameters.AddWithValue("cause_type", cause.Type);
        write.Parameters.AddWithValue("cause_code", cause.Code);
        await write.ExecuteNonQueryAsync(cancellation);

        var ground = new AccessGround(Actor.System("intake.merge"), "innrapportering");
        var entry = new AuditEntry(
            ground, "submission.set_aside", submission.SubmissionId.ToString(),
                Details: $$"""{"cause":"{{cause.Code}}"}""");
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        _attempts.TryRemove(submission.SubmissionId, out _);
        IntakeMeter.SetAside.Add(1, new KeyValuePair<string, object?>("cause", cause.Code));
    }

    private sealed record Readable(ClaimedSubmission Claimed, SubmissionContent Content);

    /// <summary>What was claimed is no longer in its queue: another worker has merged it.</summary>
    private sealed class QueueMovedException : Exception;

    private static partial class Log
    {
        [LoggerMessage(2111, LogLevel.Error, "Submission {SubmissionId} is set aside: {Fault}")]
        public static partial void Faulty(ILogger logger, Guid submissionId, string fault);

        [LoggerMessage(2112, LogLevel.Warning, "A claim of {Count} submissions was lost; another worker merged them")]
        public static partial void QueueMoved(ILogger logger, int count);
    }
}
