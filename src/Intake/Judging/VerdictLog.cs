using Kilde.Audit;
using Kilde.Intake.Headers;
using Kilde.Intake.Log;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Judging;

/// <summary>
/// Writes what became of a received message: its state, its place in the queue, and the receipt for its sender.
/// </summary>
internal sealed class VerdictLog(
    AuditLog audit, PartyRegister parties, JudgementLog judgements, TimeProvider clock, IntakeOptions options)
{
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
        if (await FindEnvelopeAsync(transaction, id, cancellation) is { WantsReceipt: true } envelope)
            await AnswerAsync(transaction, id, envelope, verdict, cancellation);
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

    // One answer to each message: judged again after a fault of ours, it was answered before.
    private async Task AnswerAsync(
        NpgsqlTransaction transaction, Guid id, SubmissionEnvelope envelope, Verdict verdict,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var sender = await parties.FindAsync(envelope.Sender, cancellation);
        var receipt = new ApplicationReceipt(
            sender?.Party.ReceiptVersion ?? AppRecVersion.V10, Guid.CreateVersion7(now).ToString(),
            NorwegianDay.ClockOf(now),
            await AddressAsync(envelope.Receiver, envelope.ReceiverParent, cancellation),
            await AddressAsync(envelope.Sender, envelope.SenderParent, cancellation), verdict.Status, verdict.Errors,
            new AnsweredMessage(
                envelope.Function, envelope.FunctionName, envelope.GeneratedAt, envelope.MessageId));
        await using var insert = new NpgsqlCommand(
            """
            insert into intake.receipt (
              receipt_id, submission_id, sender_her_id, receiver_her_id, body, created_at, due_at)
            select @receipt, @id, @sender, @receiver, @body, @now, @now
            where not exists (select from intake.receipt where submission_id = @id)
            """,
            transaction.Connection,
            transaction);
        insert.Parameters.AddWithValue("receipt", Guid.Parse(receipt.Id));
        insert.Parameters.AddWithValue("id", id);
        insert.Parameters.AddWithValue("sender", envelope.Receiver.Number);
        insert.Parameters.AddWithValue("receiver", envelope.Sender.Number);
        insert.Parameters.AddWithValue("body", AppRecWriter.Write(receipt));
        insert.Parameters.AddWithValue("now", now);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<HeadAddress> AddressAsync(HerId herId, HerId? parent, CancellationToken cancellation)
    {
        var party = await PartyAsync(herId, cancellation);
        return parent is { } organisation
            ? new HeadAddress(await PartyAsync(organisation, cancellation), party)
            : new HeadAddress(party, Unit: null);
    }

    private async Task<HeadParty> PartyAsync(HerId herId, CancellationToken cancellation) =>
        new((await parties.FindAsync(herId, cancellation))?.Party.Name ?? "", herId);

    private static async Task<SubmissionEnvelope?> FindEnvelopeAsync(
        NpgsqlTransaction transaction, Guid id, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select sender_her_id, sender_parent_her_id, receiver_her_id, receiver_parent_her_id, message_function,
              function_name, generated_at, message_id, wants_receipt
            from intake.envelope
            where submission_id = @id
            """,
            transaction.Connection,
            transaction);
        select.Parameters.AddWithValue("id", id);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation)) return null;
        HerId Her(int column) => HerId.TryFromNumber(row.GetInt32(column), out var her) ? her : default;
        return new SubmissionEnvelope(
            Her(0), row.IsDBNull(1) ? null : Her(1), Her(2), row.IsDBNull(3) ? null : Her(3), row.GetString(4),
            row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6), row.GetString(7), row.GetBoolean(8));
    }

    private static NpgsqlBatchCommand Command(string sql, Guid id) =>
        new(sql) { Parameters = { new NpgsqlParameter<Guid>("id", id) } };
}
