using System.Collections.Concurrent;
using Kilde.Intake.Log;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Merging;

/// <summary>
/// Takes judged submissions that are read as streams to the register, one at a time: first in, first out within a unit
/// and type, the units in turn, beside the workers of <see cref="MergeSubmissions"/>.
/// </summary>
internal sealed partial class MergeStreams(
    RegisterDatabase database, MergeStreamed merge, SubmissionQueue queue, IOptions<IntakeOptions> options,
    ILogger<MergeStreams> logger)
{
    private readonly ConcurrentDictionary<Guid, int> _attempts = new();

    /// <summary>One worker's step: one submission. Each worker walks the queues on its own.</summary>
    public Func<CancellationToken, Task<bool>> NewWorker()
    {
        var afterLane = Guid.Empty;
        return async cancellation =>
        {
            await using var claim = await LaneClaim.TakeStreamedAsync(database.Source, afterLane, cancellation);
            afterLane = claim.NextLane;
            foreach (var submission in claim.Submissions) await MergeAsync(submission, cancellation);
            return claim.Submissions.Count > 0;
        };
    }

    private async Task MergeAsync(ClaimedSubmission submission, CancellationToken cancellation)
    {
        try
        {
            if (await merge.MergeAsync(submission, cancellation) is { } cause)
                await queue.SetAsideAsync(submission, cause, cancellation);
            else
                IntakeMeter.Merged.Add(1);
            _attempts.TryRemove(submission.SubmissionId, out _);
        }
        catch (QueueMovedException)
        {
            Log.QueueMoved(logger, submission.SubmissionId);
        }
        catch (Exception exception) when (MustGiveUp(exception, submission, cancellation))
        {
            // A fault concerns this submission only; its queue goes on behind it.
            Log.Faulty(logger, submission.SubmissionId, exception.GetType().Name);
            await queue.SetAsideAsync(submission, MergeCause.Of(exception), cancellation);
            _attempts.TryRemove(submission.SubmissionId, out _);
        }
    }

    // Deadlocks and timeouts pass by themselves, but not for ever; a database that is away is no fault at all.
    private bool MustGiveUp(Exception exception, ClaimedSubmission submission, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && Failure.KindOf(exception) switch
        {
            FailureKind.Fault => true,
            FailureKind.Contention => _attempts.AddOrUpdate(
                submission.SubmissionId, 1, (_, attempts) => attempts + 1) >= options.Value.MergeAttemptsMax,
            _ => false,
        };

    private static partial class Log
    {
        [LoggerMessage(2113, LogLevel.Error, "Submission {SubmissionId} is set aside: {Fault}")]
        public static partial void Faulty(ILogger logger, Guid submissionId, string fault);

        [LoggerMessage(2114, LogLevel.Warning, "Submission {SubmissionId} was merged by another worker")]
        public static partial void QueueMoved(ILogger logger, Guid submissionId);
    }
}
