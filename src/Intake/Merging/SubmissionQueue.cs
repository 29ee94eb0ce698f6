using Kilde.Audit;
using Kilde.Intake.Log;
using Kilde.Intake.Overview;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Merging;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Merging;

/// <summary>What was claimed is no longer in its queue: another worker has merged it.</summary>
internal sealed class QueueMovedException : Exception;

/// <summary>Takes submissions out of their queues, and says where they went.</summary>
internal sealed class SubmissionQueue(RegisterDatabase database, AuditLog audit, TimeProvider clock)
{
    /// <summary>
    /// Findings told of one submission beside what came before it: its chain has two ends, and annulments of what never
    /// came, and its year may have been overtaken at each of its institutions.
    /// </summary>
    public const int ToldMax = 20;

    /// <exception cref="QueueMovedException">One of them was no longer there.</exception>
    public async Task TakeOutAsync(
        NpgsqlTransaction transaction, IReadOnlyCollection<ClaimedSubmission> submissions,
        CancellationToken cancellation)
    {
        await using var delete = new NpgsqlCommand(
            """
            delete from intake.waiting w
            using unnest(@lanes, @sequences) as done (lane_id, lane_sequence)
            where w.lane_id = done.lane_id and w.lane_sequence = done.lane_sequence
            """,
            transaction.Connection,
            transaction);
        delete.Parameters.AddWithValue("lanes", submissions.Select(submission => submission.Lane).ToArray());
        delete.Parameters.AddWithValue("sequences", submissions.Select(submission => submission.Sequence).ToArray());
        if (await delete.ExecuteNonQueryAsync(cancellation) != submissions.Count) throw new QueueMovedException();
    }

    public async Task MarkMergedAsync(
        NpgsqlTransaction transaction, IReadOnlyList<MergeOutcome> outcomes, CancellationToken cancellation)
    {
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
        if (await update.ExecuteNonQueryAsync(cancellation) != outcomes.Count)
            throw new InvalidOperationException("The merge has told the outcome of what is no submission.");
    }

    /// <summary>
    /// Tells what can only be seen beside what came before, with what was found in the message itself: of submissions
    /// that are merged after their verdict.
    /// </summary>
    public static async Task TellAsync(
        NpgsqlTransaction transaction, IReadOnlyList<MergeOutcome> outcomes, CancellationToken cancellation)
    {
        foreach (var (submission, findings) in outcomes.Select(outcome => (outcome.SubmissionId, outcome.Findings)))
        {
            if (findings.Count > 0) await TellAsync(transaction, submission, findings, cancellation);
        }
    }

    private static async Task TellAsync(
        NpgsqlTransaction transaction, Guid submission, IReadOnlyList<Finding> findings, CancellationToken cancellation)
    {
        BrokenRule[] rules =
        [
            .. findings.CountBy(finding => (finding.RuleId, finding.Severity))
                .Select(rule => new BrokenRule(rule.Key.RuleId, rule.Key.Severity, rule.Value)),
        ];
        await using var update = new NpgsqlCommand(
            """
            update intake.submission
            set findings = coalesce(findings, '[]') || @findings, finding_count = finding_count + @count
            where submission_id = @id;
            update intake.judgement set broken_rules = coalesce(broken_rules, '[]') || @rules where submission_id = @id
            """,
            transaction.Connection,
            transaction);
        update.Parameters.AddWithValue("id", submission);
        update.Parameters.AddWithValue("count", findings.Count);
        update.Parameters.AddWithValue(
            "findings", NpgsqlDbType.Jsonb, LogTransaction.JsonOf(findings, ToldMax) ?? "[]");
        update.Parameters.AddWithValue("rules", NpgsqlDbType.Jsonb, LogTransaction.JsonOf(rules, rules.Length) ?? "[]");
        await update.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Sets a submission aside for staff. False when another worker has taken it meanwhile.</summary>
    public async Task<bool> SetAsideAsync(
        ClaimedSubmission submission, MergeCause cause, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await SetAsideAsync(transaction, submission, cause, cancellation)) return false;
        await transaction.CommitAsync(cancellation);
        IntakeMeter.SetAside.Add(1, new KeyValuePair<string, object?>("cause", cause.Code));
        return true;
    }

    /// <summary>The same in a transaction that holds the submission already.</summary>
    public async Task<bool> SetAsideAsync(
        NpgsqlTransaction transaction, ClaimedSubmission submission, MergeCause cause, CancellationToken cancellation)
    {
        try
        {
            await TakeOutAsync(transaction, [submission], cancellation);
        }
        catch (QueueMovedException)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        await using var write = new NpgsqlCommand(
            """
            with marked as (
              update intake.submission set state = 'set_aside', changed_at = @now where submission_id = @id
            )
            insert into intake.set_aside (
              set_aside_id, submission_id, lane_id, lane_sequence, cause_type, cause_code, set_aside_at)
            values (@set_aside_id, @id, @lane, @sequence, @cause_type, @cause_code, @now)
            """,
            transaction.Connection,
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
        return true;
    }
}
