using Kilde.Intake.Log;
using Kilde.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Merging;

/// <summary>An accepted submission taken out of its queue for a merge.</summary>
/// <param name="IsReplayed">It was set aside before: later ones of its queue may have been merged.</param>
internal sealed record ClaimedSubmission(
    Guid SubmissionId, Guid Lane, long Sequence, OrganizationNumber Unit, string MessageType, string TypeVersion,
    DateOnly ExtractedOn, DateTimeOffset ReceivedAt, bool IsReplayed, SealedPayload? Payload);

/// <summary>
/// Queues held by one worker: their rows are locked until the claim is disposed or its connection ends, so a worker
/// that dies holds nothing.
/// </summary>
internal sealed class LaneClaim : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private LaneClaim(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>In queue order within each lane.</summary>
    public IReadOnlyList<ClaimedSubmission> Submissions { get; private set; } = [];

    /// <summary>
    /// Where the next claim begins, so that all queues get their turn; empty when the last was reached.
    /// </summary>
    public Guid NextLane { get; private set; }

    /// <summary>True when there was more than one claim may take.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Claims queues of messages that are read in memory, many at once.</summary>
    public static Task<LaneClaim> TakeAsync(
        NpgsqlDataSource database, Guid afterLane, IntakeOptions options, CancellationToken cancellation) =>
        OpenAsync(database, async claim =>
        {
            var lanes = await claim.LockAsync(afterLane, options, cancellation);
            if (lanes.Count > 0) claim.Submissions = await claim.ReadAsync(lanes, options, cancellation);
            claim.IsFull = lanes.Count >= options.MergeLanesMax
                || claim.Submissions.Count >= options.MergeSubmissionsMax;
            claim.NextLane = lanes.Count == 0 ? Guid.Empty
                : claim.Submissions.Count == 0 ? lanes[^1]
                : claim.Submissions[^1].Lane;
        }, cancellation);

    /// <summary>
    /// Claims one queue of messages that are read as streams, when its first is judged, and that one message: it may
    /// take minutes, and holds back nobody else.
    /// </summary>
    public static Task<LaneClaim> TakeStreamedAsync(
        NpgsqlDataSource database, Guid afterLane, CancellationToken cancellation) =>
        OpenAsync(database, async claim =>
        {
            if (await claim.LockStreamedAsync(afterLane, cancellation) is not { } lane) return;
            claim.NextLane = lane;
            claim.Submissions = await claim.ReadFirstAsync(lane, cancellation);
        }, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static async Task<LaneClaim> OpenAsync(
        NpgsqlDataSource database, Func<LaneClaim, Task> fillAsync, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        NpgsqlTransaction? transaction = null;
        try
        {
            transaction = await connection.BeginTransactionAsync(cancellation);
            var claim = new LaneClaim(connection, transaction);
            await fillAsync(claim);
            return claim;
        }
        catch
        {
            if (transaction is not null) await transaction.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    // Walks from lane to lane in the queue's own index: the cost follows the lanes that wait, not what waits in them.
    private async Task<List<Guid>> LockAsync(Guid afterLane, IntakeOptions options, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            with recursive busy (lane_id) as (
              (select w.lane_id from intake.waiting w where w.lane_id > @after order by w.lane_id limit 1)
              union all
              select (select w.lane_id from intake.waiting w where w.lane_id > busy.lane_id order by w.lane_id limit 1)
              from busy
              where busy.lane_id is not null
            )
            select lane.lane_id
            from (select busy.lane_id from busy where busy.lane_id is not null limit @seen) candidate
            join intake.lane lane on lane.lane_id = candidate.lane_id
            where not exists (
              select from intake.waiting s where s.lane_id = candidate.lane_id and s.is_streamed)
            order by lane.lane_id
            limit @lanes
            for no key update of lane skip locked
            """,
            _connection);
        select.Parameters.AddWithValue("after", afterLane);
        select.Parameters.AddWithValue("seen", options.MergeLanesMax * 4);
        select.Parameters.AddWithValue("lanes", options.MergeLanesMax);
        var lanes = new List<Guid>();
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) lanes.Add(row.GetGuid(0));
        return lanes;
    }

    // A later statement than the lock, so that it sees what the worker that held the lane before has merged.
    private async Task<List<ClaimedSubmission>> ReadAsync(
        List<Guid> lanes, IntakeOptions options, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            with picked as (
              select next.*, sum(next.payload_bytes) over (order by next.lane_id, next.lane_sequence) as bytes_so_far
              from unnest(@lanes) as claimed (lane_id)
              cross join lateral (
                select w.lane_id, w.lane_sequence, w.submission_id, w.payload_bytes
                from intake.waiting w
                where w.lane_id = claimed.lane_id
                order by w.lane_sequence
                limit @per_lane
              ) next
            )
            select s.submission_id, picked.lane_id, picked.lane_sequence, s.unit, s.message_type, s.type_version,
              s.extracted_on, s.received_at,
              exists (select from intake.set_aside a where a.submission_id = s.submission_id),
              p.data_key_id, p.nonce, p.ciphertext
            from picked
            join intake.submission s on s.submission_id = picked.submission_id
            left join intake.payload p on p.submission_id = picked.submission_id and p.form = 0
            where picked.bytes_so_far <= @bytes or picked.bytes_so_far = picked.payload_bytes
            order by picked.lane_id, picked.lane_sequence
            limit @submissions
            """,
            _connection);
        select.Parameters.Add(
            new NpgsqlParameter("lanes", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = lanes });
        select.Parameters.AddWithValue("per_lane", Math.Max(1, options.MergeSubmissionsMax / lanes.Count));
        select.Parameters.AddWithValue("bytes", options.MergeMebibytesMax * 1024L * 1024);
        select.Parameters.AddWithValue("submissions", options.MergeSubmissionsMax);

        var claimed = new List<ClaimedSubmission>();
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) claimed.Add(Read(row));
        return claimed;
    }

    private async Task<Guid?> LockStreamedAsync(Guid afterLane, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            with first as (
              select distinct on (w.lane_id) w.lane_id, w.is_judged
              from intake.waiting w
              where w.is_streamed
              order by w.lane_id, w.lane_sequence
            )
            select lane.lane_id
            from first
            join intake.lane lane on lane.lane_id = first.lane_id
            where first.is_judged
            order by lane.lane_id <= @after, lane.lane_id
            limit 1
            for no key update of lane skip locked
            """,
            _connection);
        select.Parameters.AddWithValue("after", afterLane);
        return (Guid?)await select.ExecuteScalarAsync(cancellation);
    }

    // Again a later statement than the lock.
    private async Task<List<ClaimedSubmission>> ReadFirstAsync(Guid lane, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select s.submission_id, first.lane_id, first.lane_sequence, s.unit, s.message_type, s.type_version,
              s.extracted_on, s.received_at,
              exists (select from intake.set_aside a where a.submission_id = s.submission_id), null::uuid
            from (
              select lane_id, lane_sequence, submission_id, is_judged
              from intake.waiting
              where lane_id = @lane
              order by lane_sequence
              limit 1
            ) first
            join intake.submission s on s.submission_id = first.submission_id
            where first.is_judged
            """,
            _connection);
        select.Parameters.AddWithValue("lane", lane);
        var first = new List<ClaimedSubmission>();
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) first.Add(Read(row));
        return first;
    }

    private static ClaimedSubmission Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetGuid(1),
        row.GetInt64(2),
        OrganizationNumber.Parse(row.GetString(3)),
        row.GetString(4),
        row.GetString(5),
        row.GetFieldValue<DateOnly>(6),
        row.GetFieldValue<DateTimeOffset>(7),
        row.GetBoolean(8),
        row.IsDBNull(9)
            ? null
            : new SealedPayload(row.GetGuid(9), row.GetFieldValue<byte[]>(10), row.GetFieldValue<byte[]>(11)));
}
