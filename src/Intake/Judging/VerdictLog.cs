using Kilde.Audit;
using Kilde.Intake.Log;
using Kilde.Intake.Parties;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Judging;

/// <summary>
/// Writes what became of a received message: its state, its place in the queue, and the receipt for its sender.
/// </summary>
internal sealed class VerdictLog(
    AuditLog audit, PartyRegister parties, JudgementLog judgements, TimeProvider clock, IntakeOptions options)
{
    private readonly AnswerSubmission _answer = new(parties, clock);

    public async Task WriteAsync(
        NpgsqlTransaction transaction, UnjudgedSubmission submission, Verdict verdict, CancellationToken cancellation)
    {
        var id = submission.Claimed.SubmissionId;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(StateOf(id, verdict));
        if (verdict.Rejection is null)
        {
            batch.BatchCommands.Add(Command(
                "update intake.waiting set is_judged = true where submission_id = @id and not is_judged", id));
        }
        else
        {
            batch.BatchCommands.Add(Command(
                "delete from intake.waiting where submission_id = @id and not is_judged", id));
            batch.BatchCommands.Add(Command("delete from intake.payload where submission_id = @id", id));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
        await judgements.WriteAsync(transaction, id, verdict, cancellation);
        if (verdict is { Rejection: null, Judgement.Parts: { } parts })
            await parts.WriteAsync(submission.Claimed.Lane, id, transaction, cancellation);
        await _answer.WriteAsync(transaction, submission, verdict, cancellation);
        await audit.AppendAsync(
            transaction,
            [
                new AuditEntry(
                    new AccessGround(Actor.System("intake.judge"), "innrapportering"),
                    verdict.Rejection is null ? "submission.accepted" : "submission.rejected", id.ToString(),
                    verdict.RecordCount),
            ],
            cancellation);
    }

    private NpgsqlBatchCommand StateOf(Guid id, Verdict verdict) => new(
        """
        update intake.submission
        set state = @state, changed_at = @now, record_count = @records, error_code = @error_code,
          finding_count = @finding_count, findings = @findings
        where submission_id = @id
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid>("id", id),
            new NpgsqlParameter<string>("state", verdict.Rejection is null ? "accepted" : "rejected"),
            new NpgsqlParameter<DateTimeOffset>("now", clock.GetUtcNow()),
            new NpgsqlParameter<int>("records", verdict.RecordCount),
            new NpgsqlParameter<int?>("error_code", (int?)verdict.Rejection),
            new NpgsqlParameter<int>("finding_count", verdict.FindingCount),
            new NpgsqlParameter("findings", NpgsqlDbType.Jsonb)
            {
                Value = (object?)LogTransaction.JsonOf(verdict.Findings, options.JudgedFindingsStoredMax)
                    ?? DBNull.Value,
            },
        },
    };

    private static NpgsqlBatchCommand Command(string sql, Guid id) =>
        new(sql) { Parameters = { new NpgsqlParameter<Guid>("id", id) } };
}
