using System.Text.Encodings.Web;
using System.Text.Json;
using Kilde.Audit;
using Kilde.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Log;

/// <summary>
/// One batch of the log as one transaction: proofs, queue numbers, submissions, payloads and audit entries stand or
/// fall together. Rows that others may want are locked in one order, so that batches do not deadlock.
/// </summary>
internal sealed class LogTransaction(AuditLog audit, TimeProvider clock, int findingsStoredMax)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // The text goes to jsonb and from there to pages that encode it themselves.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// True from the moment the outcome can no longer be told from an error: the commit has been sent.
    /// </summary>
    public bool IsCommitSent { get; private set; }

    /// <param name="lanes">The lane of each accepted entry, by unit and type.</param>
    /// <returns>The outcome of each entry, in order.</returns>
    public async Task<StoreOutcome[]> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<LogEntry> entries, IReadOnlyDictionary<LaneKey, Guid> lanes,
        CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var known = await LookUpAsync(connection, entries, lanes, cancellation);
        var decided = Decide(entries, lanes, known);
        await InsertAsync(connection, decided, known.Chain, cancellation);
        IsCommitSent = true;
        await transaction.CommitAsync(cancellation);
        return [.. decided.All.Select(one => one.Outcome)];
    }

    private async Task<Known> LookUpAsync(
        NpgsqlConnection connection, IReadOnlyList<LogEntry> entries, IReadOnlyDictionary<LaneKey, Guid> lanes,
        CancellationToken cancellation)
    {
        var proofs = entries.Where(entry => entry.ProofHash is not null)
            .DistinctBy(entry => entry.ProofHash!, BytesComparer.Instance)
            .OrderBy(entry => entry.ProofHash!, BytesComparer.Instance)
            .ToList();
        var accepted = entries.Where(entry => entry.IsAccepted).ToList();
        Guid LaneOf(LogEntry entry) => lanes[LaneKey.Of(entry)];

        await using var batch = new NpgsqlBatch(connection);

        // The statements are prepared once, perhaps while the tables are empty. A plan made then reads whole tables,
        // and would be kept when they have grown; every look-up here has its index.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("set local enable_seqscan = off"));
        batch.BatchCommands.Add(Command(
            """
            insert into intake.used_proof (proof_hash, expires_at)
            select proof_hash, expires_at from unnest(@p1, @p2) as used (proof_hash, expires_at)
            on conflict (proof_hash) do nothing
            returning proof_hash
            """,
            (NpgsqlDbType.Bytea, proofs.ConvertAll(entry => entry.ProofHash!)),
            (NpgsqlDbType.TimestampTz, proofs.ConvertAll(entry => entry.ProofExpiresAt.ToUniversalTime()))));

        // The lock makes the search for repeats below sure: it sees all that was stored in the lane before.
        batch.BatchCommands.Add(Command(
            """
            select lane_id, last_sequence
            from intake.lane_counter
            where lane_id = any(@p1)
            order by lane_id
            for no key update
            """,
            (NpgsqlDbType.Uuid, accepted.Select(LaneOf).Distinct().ToList())));

        batch.BatchCommands.Add(Command(
            FindEarlier,
            (NpgsqlDbType.Uuid, accepted.ConvertAll(LaneOf)),
            (NpgsqlDbType.Date, accepted.ConvertAll(entry => entry.Submitter!.ExtractedOn)),
            (NpgsqlDbType.Bytea, accepted.ConvertAll(entry => entry.PayloadHash!)),
            (NpgsqlDbType.Text, accepted.ConvertAll(entry => entry.TypeVersion))));

        // Nothing is waited for after the lanes: the chain is taken here to spare a round trip.
        batch.BatchCommands.Add(audit.TakeChain());
        await batch.PrepareAsync(cancellation);

        var known = new Known();
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) known.FreshProofs.Add(row.GetFieldValue<byte[]>(0));
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation)) known.LastSequences[row.GetGuid(0)] = row.GetInt64(1);
        await row.NextResultAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            known.Earlier[MessageKey.Of(accepted[(int)row.GetInt64(0) - 1], lanes)] = row.GetGuid(1);
        await row.NextResultAsync(cancellation);
        known.Chain = await AuditLog.ReadAsync(row, cancellation);
        return known;
    }

    private static Decided Decide(
        IReadOnlyList<LogEntry> entries, IReadOnlyDictionary<LaneKey, Guid> lanes, Known known)
    {
        var decided = new Decided(known.LastSequences);
        foreach (var entry in entries)
        {
            // Removed when taken: the second message of a batch with the same proof finds it used.
            if (entry.ProofHash is not null && !known.FreshProofs.Remove(entry.ProofHash))
            {
                decided.All.Add(new(entry, new StoreOutcome.ProofReplayed()));
                continue;
            }

            if (!entry.IsAccepted)
            {
                decided.All.Add(new(entry, new StoreOutcome.Stored(entry.SubmissionId)));
                continue;
            }

            var key = MessageKey.Of(entry, lanes);
            if (!known.Earlier.TryAdd(key, entry.SubmissionId))
            {
                decided.All.Add(new(entry, new StoreOutcome.Repeated(known.Earlier[key])));
                continue;
            }

            var sequence = ++known.LastSequences[key.Lane];
            decided.All.Add(new(entry, new StoreOutcome.Stored(entry.SubmissionId), key.Lane, sequence));
        }

        return decided;
    }

    private async Task InsertAsync(
        NpgsqlConnection connection, Decided decided, ChainHead chain, CancellationToken cancellation)
    {
        var stored = decided.All.Where(one => one.Outcome is StoreOutcome.Stored).ToList();
        var queued = stored.FindAll(one => one.Lane is not null);
        var repeated = decided.All.Where(one => one.Outcome is StoreOutcome.Repeated).ToList();
        await using var batch = new NpgsqlBatch(connection);
        if (queued.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                """
                update intake.lane_counter counter
                set last_sequence = taken.last_sequence
                from unnest(@p1, @p2) as taken (lane_id, last_sequence)
                where counter.lane_id = taken.lane_id
                """,
                (NpgsqlDbType.Uuid, decided.LastSequences.Keys.ToList()),
                (NpgsqlDbType.Bigint, decided.LastSequences.Values.ToList())));
            batch.BatchCommands.Add(PayloadRows(queued.FindAll(one => one.Entry.Payload is not null)));
            batch.BatchCommands.Add(Command(
                """
                insert into intake.waiting (
                  lane_id, lane_sequence, submission_id, payload_bytes, is_streamed, is_judged)
                select lane_id, lane_sequence, submission_id, payload_bytes, is_unjudged, not is_unjudged
                from unnest(@p1, @p2, @p3, @p4, @p5)
                  as sent (lane_id, lane_sequence, submission_id, payload_bytes, is_unjudged)
                """,
                (NpgsqlDbType.Uuid, queued.ConvertAll(one => one.Lane!.Value)),
                (NpgsqlDbType.Bigint, queued.ConvertAll(one => one.Sequence!.Value)),
                (NpgsqlDbType.Uuid, queued.ConvertAll(one => one.Entry.SubmissionId)),
                (NpgsqlDbType.Bigint, queued.ConvertAll(one => one.Entry.PayloadBytes)),
                (NpgsqlDbType.Boolean, queued.ConvertAll(one => one.Entry.IsUnjudged))));
        }

        var enveloped = queued.FindAll(one => one.Entry.Envelope is not null);
        if (enveloped.Count > 0) batch.BatchCommands.Add(EnvelopeRows(enveloped));
        if (stored.Count > 0) batch.BatchCommands.Add(SubmissionRows(stored));
        if (repeated.Count > 0) batch.BatchCommands.Add(RepetitionRows(repeated));
        foreach (var command in audit.Append(chain, [.. decided.All.Select(AuditOf)])) batch.BatchCommands.Add(command);
        await batch.PrepareAsync(cancellation);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlBatchCommand SubmissionRows(List<Decision> stored)
    {
        var now = clock.GetUtcNow();
        List<T> Each<T>(Func<LogEntry, T> value) => stored.ConvertAll(one => value(one.Entry));
        List<T> Sent<T>(Func<Submitter?, T> value) => stored.ConvertAll(one => value(one.Entry.Submitter));

        return Command(
            """
            insert into intake.submission (
              submission_id, state, channel, correlation_id, unit, sub_unit, vendor, client_id, vendor_name,
              software_name, software_version, export_version, message_type, type_version, extracted_on, received_at,
              record_count, payload_bytes, payload_hash, error_code, finding_count, findings, timings,
              lane_id, lane_sequence, changed_at)
            select sent.*, @p26
            from unnest(@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16,
              @p17, @p18, @p19, @p20, @p21, @p22, @p23, @p24, @p25) as sent
            """,
            [
                (NpgsqlDbType.Uuid, Each(entry => entry.SubmissionId)),
                (NpgsqlDbType.Text, Each(StateOf)),
                (NpgsqlDbType.Text, Each(entry => entry.Channel)),
                (NpgsqlDbType.Uuid, Each(entry => entry.CorrelationId)),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.Unit.ToString())),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.SubUnit?.ToString())),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.Vendor?.ToString())),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.ClientId)),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.VendorName)),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.SoftwareName)),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.SoftwareVersion)),
                (NpgsqlDbType.Text, Sent(submitter => submitter?.ExportVersion)),
                (NpgsqlDbType.Text, Each(entry => entry.TypeName)),
                (NpgsqlDbType.Text, Each(entry => entry.TypeVersion)),
                (NpgsqlDbType.Date, Sent(submitter => submitter?.ExtractedOn)),
                (NpgsqlDbType.TimestampTz, Each(entry => entry.ReceivedAt.ToUniversalTime())),
                (NpgsqlDbType.Integer, Each(entry => entry.RecordCount)),
                (NpgsqlDbType.Bigint, Each(entry => entry.PayloadBytes)),
                (NpgsqlDbType.Bytea, Each(entry => entry.PayloadHash)),
                (NpgsqlDbType.Integer, Each(entry => entry.ErrorCode)),
                (NpgsqlDbType.Integer, Each(entry => entry.Findings.Count)),
                (NpgsqlDbType.Jsonb, Each(entry => JsonOf(entry.Findings, findingsStoredMax))),
                (NpgsqlDbType.Jsonb, Each(entry => JsonOf(entry.Timings, entry.Timings.Count))),
                (NpgsqlDbType.Uuid, stored.ConvertAll(one => one.Lane)),
                (NpgsqlDbType.Bigint, stored.ConvertAll(one => one.Sequence)),
            ],
            new NpgsqlParameter<DateTimeOffset>("p26", now));
    }

    private static string StateOf(LogEntry entry) =>
        entry.IsUnjudged ? "received" : entry.IsAccepted ? "accepted" : "rejected";

    private static NpgsqlBatchCommand PayloadRows(List<Decision> whole) => Command(
        """
        insert into intake.payload (submission_id, part, form, data_key_id, nonce, ciphertext)
        select submission_id, 0, 0, data_key_id, nonce, ciphertext
        from unnest(@p1, @p2, @p3, @p4) as sealed (submission_id, data_key_id, nonce, ciphertext)
        """,
        (NpgsqlDbType.Uuid, whole.ConvertAll(one => one.Entry.SubmissionId)),
        (NpgsqlDbType.Uuid, whole.ConvertAll(one => one.Entry.Payload!.DataKeyId)),
        (NpgsqlDbType.Bytea, whole.ConvertAll(one => one.Entry.Payload!.Nonce)),
        (NpgsqlDbType.Bytea, whole.ConvertAll(one => one.Entry.Payload!.Ciphertext)));

    private static NpgsqlBatchCommand EnvelopeRows(List<Decision> enveloped)
    {
        List<T> Each<T>(Func<SubmissionEnvelope, T> value) => enveloped.ConvertAll(one => value(one.Entry.Envelope!));
        return Command(
            """
            insert into intake.envelope (
              submission_id, sender_her_id, sender_parent_her_id, receiver_her_id, receiver_parent_her_id,
              message_function, function_name, generated_at, message_id, wants_receipt)
            select * from unnest(@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
            """,
            (NpgsqlDbType.Uuid, enveloped.ConvertAll(one => one.Entry.SubmissionId)),
            (NpgsqlDbType.Integer, Each(envelope => envelope.Sender.Number)),
            (NpgsqlDbType.Integer, Each(envelope => envelope.SenderParent?.Number)),
            (NpgsqlDbType.Integer, Each(envelope => envelope.Receiver.Number)),
            (NpgsqlDbType.Integer, Each(envelope => envelope.ReceiverParent?.Number)),
            (NpgsqlDbType.Text, Each(envelope => envelope.Function)),
            (NpgsqlDbType.Text, Each(envelope => envelope.FunctionName)),
            (NpgsqlDbType.Text, Each(envelope => envelope.GeneratedAt)),
            (NpgsqlDbType.Text, Each(envelope => envelope.MessageId)),
            (NpgsqlDbType.Boolean, Each(envelope => envelope.WantsReceipt)));
    }

    private static NpgsqlBatchCommand RepetitionRows(List<Decision> repeated) => Command(
        """
        insert into intake.repetition (repetition_id, submission_id, correlation_id, received_at)
        select * from unnest(@p1, @p2, @p3, @p4)
        """,
        (NpgsqlDbType.Uuid, repeated.ConvertAll(one => one.Entry.SubmissionId)),
        (NpgsqlDbType.Uuid, repeated.ConvertAll(one => ((StoreOutcome.Repeated)one.Outcome).SubmissionId)),
        (NpgsqlDbType.Uuid, repeated.ConvertAll(one => one.Entry.CorrelationId)),
        (NpgsqlDbType.TimestampTz, repeated.ConvertAll(one => one.Entry.ReceivedAt.ToUniversalTime())));

    // A path may quote a property name the sender made up; jsonb cannot hold the character NUL.
    public static string? JsonOf<T>(IReadOnlyList<T> values, int max) => values.Count == 0
        ? null
        : JsonSerializer.Serialize(values.Take(max), Json).Replace("\\u0000", "\\ufffd", StringComparison.Ordinal);

    private static AuditEntry AuditOf(Decision one)
    {
        var entry = one.Entry;
        var actor = entry.Submitter is { } submitter
            ? new Actor("client", submitter.ClientId)
            : new Actor("client", "unknown");
        var (action, subject) = one.Outcome switch
        {
            StoreOutcome.ProofReplayed => ("submission.replayed", entry.CorrelationId),
            StoreOutcome.Repeated repeated => ("submission.repeated", repeated.SubmissionId),
            _ => (entry.IsAccepted ? "submission.received" : "submission.rejected", entry.SubmissionId),
        };
        return new AuditEntry(new AccessGround(actor, "innrapportering"), action, subject.ToString(),
            entry.RecordCount);
    }

    // One at a time, by the limit: a join of the two would be planned as a walk through the whole index, and the cost
    // of taking in would grow with all that was ever taken in.
    private const string FindEarlier =
        """
        select sent.place, earlier.submission_id
        from unnest(@p1, @p2, @p3, @p4) with ordinality
          as sent (lane_id, extracted_on, payload_hash, type_version, place)
        cross join lateral (
          select stored.submission_id
          from intake.submission stored
          where stored.lane_id = sent.lane_id and stored.extracted_on = sent.extracted_on
            and stored.payload_hash = sent.payload_hash and stored.type_version = sent.type_version
            and stored.error_code is null
          limit 1
        ) earlier
        """;

    private static NpgsqlBatchCommand Command(string sql, params (NpgsqlDbType Type, object Values)[] arrays) =>
        Command(sql, arrays, last: null);

    private static NpgsqlBatchCommand Command(
        string sql, (NpgsqlDbType Type, object Values)[] arrays, NpgsqlParameter? last)
    {
        var command = new NpgsqlBatchCommand(sql);
        for (var i = 0; i < arrays.Length; i++)
        {
            command.Parameters.Add(new NpgsqlParameter($"p{i + 1}", NpgsqlDbType.Array | arrays[i].Type)
            {
                Value = arrays[i].Values,
            });
        }

        if (last is not null) command.Parameters.Add(last);
        return command;
    }

    private sealed record Decision(LogEntry Entry, StoreOutcome Outcome, Guid? Lane = null, long? Sequence = null);

    private sealed class Decided(Dictionary<Guid, long> lastSequences)
    {
        public List<Decision> All { get; } = [];

        public Dictionary<Guid, long> LastSequences { get; } = lastSequences;
    }

    private sealed class Known
    {
        public HashSet<byte[]> FreshProofs { get; } = new(BytesComparer.Instance);

        public Dictionary<Guid, long> LastSequences { get; } = [];

        public Dictionary<MessageKey, Guid> Earlier { get; } = [];

        public ChainHead Chain { get; set; } = null!;
    }

    /// <summary>
    /// What makes two messages the same: bytes, version and day of extraction, in one lane (ADR 0051).
    /// </summary>
    private readonly record struct MessageKey(Guid Lane, DateOnly ExtractedOn, string Hash, string Version)
    {
        public static MessageKey Of(LogEntry entry, IReadOnlyDictionary<LaneKey, Guid> lanes) => new(
            lanes[LaneKey.Of(entry)], entry.Submitter!.ExtractedOn, Convert.ToHexString(entry.PayloadHash!),
            entry.TypeVersion);
    }
}
