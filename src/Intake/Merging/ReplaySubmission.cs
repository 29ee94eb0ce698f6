using Kilde.Audit;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Intake.Merging;

/// <summary>What came of asking for a replay.</summary>
public enum ReplayOutcome
{
    /// <summary>Back in its queue, at its old place.</summary>
    Queued = 1,

    /// <summary>There is no such submission.</summary>
    NotFound,

    /// <summary>The submission is not set aside.</summary>
    NotSetAside,

    /// <summary>
    /// Its payload, or that of a later submission in its queue, has been removed: the sender must send anew.
    /// </summary>
    PayloadRemoved,
}

/// <summary>
/// Puts a submission that was set aside back into its queue, at its old place, after its cause has been mended.
/// </summary>
/// <remarks>
/// Later submissions of the queue have gone on meanwhile. When it is merged, records that a later one has sent or
/// deleted are left as the later one made them (<see cref="Overtaken"/>, ADR 0053).
/// </remarks>
public sealed class ReplaySubmission
{
    private readonly RegisterDatabase _database;
    private readonly AuditLog _audit;
    private readonly MergeSignal _signal;
    private readonly TimeProvider _clock;

    internal ReplaySubmission(RegisterDatabase database, AuditLog audit, MergeSignal signal, TimeProvider clock)
    {
        _database = database;
        _audit = audit;
        _signal = signal;
        _clock = clock;
    }

    public async Task<ReplayOutcome> ReplayAsync(
        Guid submissionId, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockLaneAsync(connection, submissionId, cancellation) is not { } lane) return ReplayOutcome.NotFound;
        if (!await CloseSetAsideAsync(connection, submissionId, ground.Actor, cancellation))
            return ReplayOutcome.NotSetAside;
        if (!await RequeueAsync(connection, submissionId, lane, cancellation)) return ReplayOutcome.PayloadRemoved;

        var entry = new AuditEntry(ground, "submission.replayed_by_staff", submissionId.ToString());
        await _audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        _signal.Raise(QueuedWork.All);
        return ReplayOutcome.Queued;
    }

    // Waits until no worker holds the queue, and keeps workers away until the queue is in order again.
    private static async Task<Guid?> LockLaneAsync(
        NpgsqlConnection connection, Guid submissionId, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select l.lane_id
            from intake.submission s
            join intake.lane l on l.lane_id = s.lane_id
            where s.submission_id = @id
            for no key update of l
            """,
            connection);
        select.Parameters.AddWithValue("id", submissionId);
        return (Guid?)await select.ExecuteScalarAsync(cancellation);
    }

    private async Task<bool> CloseSetAsideAsync(
        NpgsqlConnection connection, Guid submissionId, Actor actor, CancellationToken cancellation)
    {
        await using var update = new NpgsqlCommand(
            """
            update intake.set_aside
            set replayed_at = @now, replayed_by = @actor
            where submission_id = @id and replayed_at is null
            """,
            connection);
        update.Parameters.AddWithValue("id", submissionId);
        update.Parameters.AddWithValue("now", _clock.GetUtcNow());
        update.Parameters.AddWithValue("actor", $"{actor.Kind}:{actor.Id}");
        return await update.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private async Task<bool> RequeueAsync(
        NpgsqlConnection connection, Guid submissionId, Guid lane, CancellationToken cancellation)
    {
        await using var requeue = new NpgsqlCommand(
            """
            with again as (
              update intake.submission s
              set state = case when is_streamed then 'received' else 'accepted' end, changed_at = @now
              from (
                select exists (select from intake.payload where submission_id = @id and form <> 0) as is_streamed
              ) stored
              where s.submission_id = @id
              returning s.lane_id, s.lane_sequence, s.submission_id, s.payload_bytes, stored.is_streamed
            )
            insert into intake.waiting (
              lane_id, lane_sequence, submission_id, payload_bytes, is_streamed, is_judged)
            select lane_id, lane_sequence, submission_id, payload_bytes, is_streamed, not is_streamed from again
            """,
            connection);
        requeue.Parameters.AddWithValue("id", submissionId);
        requeue.Parameters.AddWithValue("now", _clock.GetUtcNow());
        await requeue.ExecuteNonQueryAsync(cancellation);

        // The merge needs the payloads of the later ones to know which records they hold.
        await using var missing = new NpgsqlCommand(
            """
            select exists (
              select from intake.submission replayed
              join intake.submission s
                on s.lane_id = replayed.lane_id and s.lane_sequence >= replayed.lane_sequence
              where replayed.submission_id = @id and s.lane_id = @lane
                and (s.state = 'merged' or s.submission_id = @id)
                and not exists (select from intake.payload p where p.submission_id = s.submission_id))
            """,
            connection);
        missing.Parameters.AddWithValue("id", submissionId);
        missing.Parameters.AddWithValue("lane", lane);
        return !(bool)(await missing.ExecuteScalarAsync(cancellation))!;
    }
}
