using Kilde.Definitions.Reading;
using Kilde.Intake.Merging;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Npgsql;

namespace Kilde.Intake.Judging;

/// <summary>
/// Brings a message to the register in the transaction and the reading of its judging, if it can be brought so. What it
/// has written is taken back by whoever owns the transaction.
/// </summary>
/// <returns>Null when it cannot; the reading may then not be at its end.</returns>
internal delegate Task<JudgedOutcome?> MergeJudgedIntoRegister(
    StreamedSubmission submission, NpgsqlTransaction transaction, CancellationToken cancellation);

/// <summary>
/// Merges one submission while it is judged (ADR 89): it is read once. What is written stands when the verdict accepts
/// it, and is taken back otherwise.
/// </summary>
internal sealed class JudgedMerge
{
    private const string Savepoint = "judged";

    private readonly ClaimedSubmission _submission;
    private readonly NpgsqlTransaction _transaction;
    private readonly MergeJudgedIntoRegister _mergeAsync;
    private readonly SubmissionQueue _queue;
    private JudgedOutcome? _outcome;

    private JudgedMerge(
        ClaimedSubmission submission, NpgsqlTransaction transaction, MergeJudgedIntoRegister mergeAsync,
        SubmissionQueue queue) =>
        (_submission, _transaction, _mergeAsync, _queue) = (submission, transaction, mergeAsync, queue);

    /// <summary>True when the submission is to be merged with its verdict.</summary>
    public bool IsMerged => _outcome is not null;

    /// <summary>
    /// Takes the submission's queue until the transaction ends. Null when another worker has it, when something waits
    /// before the submission, or when it was set aside once: then it is merged from its queue.
    /// </summary>
    public static async Task<JudgedMerge?> BeginAsync(
        ClaimedSubmission submission, NpgsqlTransaction transaction, MergeJudgedIntoRegister mergeAsync,
        SubmissionQueue queue, CancellationToken cancellation)
    {
        await using var hold = Command(
            "select lane_id from intake.lane where lane_id = @lane for no key update skip locked");
        if (await hold.ExecuteScalarAsync(cancellation) is null) return null;

        // A later statement than the lock, so that it sees what the worker that held the queue before has merged.
        await using var look = Command(
            """
            select not exists (
                select from intake.waiting where lane_id = @lane and lane_sequence < @sequence)
              and not exists (select from intake.set_aside where submission_id = @id)
            """);
        look.Parameters.AddWithValue("sequence", submission.Sequence);
        look.Parameters.AddWithValue("id", submission.SubmissionId);
        return (bool)(await look.ExecuteScalarAsync(cancellation))!
            ? new JudgedMerge(submission, transaction, mergeAsync, queue)
            : null;

        NpgsqlCommand Command(string sql) => new(sql, transaction.Connection, transaction)
        {
            Parameters = { new NpgsqlParameter<Guid>("lane", submission.Lane) },
        };
    }

    /// <summary>Merges what is read.</summary>
    public async Task TakeAsync(MessageReading reading, CancellationToken cancellation)
    {
        await _transaction.SaveAsync(Savepoint, cancellation);
        var streamed = new StreamedSubmission(
            _submission.SubmissionId, _submission.Unit, NorwegianDay.Of(_submission.ReceivedAt), reading);
        _outcome = await _mergeAsync(streamed, _transaction, cancellation);
        if (_outcome is null) await _transaction.RollbackAsync(Savepoint, cancellation);
    }

    /// <summary>To be called before the verdict is written.</summary>
    /// <returns>The verdict to be written: with what the merge has to tell the sender, when it stands.</returns>
    public async Task<Verdict> HearAsync(Verdict verdict, CancellationToken cancellation)
    {
        if (_outcome is null) return verdict;
        if (verdict.Rejection is null && await _outcome.KeepPersonsAsync(cancellation))
            return verdict.With([.. _outcome.Outcome.Findings.Take(SubmissionQueue.ToldMax)]);
        _outcome = null;
        await _transaction.RollbackAsync(Savepoint, cancellation);
        return verdict;
    }

    /// <summary>To be called when the verdict is written.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        if (_outcome is null) return;
        await _queue.TakeOutAsync(_transaction, [_submission], cancellation);
        await _queue.MarkMergedAsync(_transaction, [_outcome.Outcome], cancellation);
    }
}
