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
    private readonly SubmissionQueue _queue = new(database, audit, clock);

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
            if (claim.IsFull) signal.RaiseHere(QueuedWork.InMemory);
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
            var plain = await cipher.OpenAsync(
                new PayloadPlace(submission.SubmissionId), submission.Payload, cancellation);
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

    private async Task SetAsideAsync(ClaimedSubmission submission, MergeCause cause, CancellationToken cancellation)
    {
        if (await _queue.SetAsideAsync(submission, cause, cancellation))
            _attempts.TryRemove(submission.SubmissionId, out _);
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
        await _queue.TakeOutAsync(transaction, submissions.ConvertAll(one => one.Claimed), cancellation);
        await _queue.MarkMergedAsync(transaction, outcomes, cancellation);
        await SubmissionQueue.TellAsync(transaction, outcomes, cancellation);
        if (outcomes.Count != submissions.Count)
            throw new InvalidOperationException("The merge has not told the outcome of each submission.");
    }

    private sealed record Readable(ClaimedSubmission Claimed, SubmissionContent Content);

    private static partial class Log
    {
        [LoggerMessage(2111, LogLevel.Error, "Submission {SubmissionId} is set aside: {Fault}")]
        public static partial void Faulty(ILogger logger, Guid submissionId, string fault);

        [LoggerMessage(2112, LogLevel.Warning, "A claim of {Count} submissions was lost; another worker merged them")]
        public static partial void QueueMoved(ILogger logger, int count);
    }
}
