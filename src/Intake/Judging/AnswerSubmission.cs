using Kilde.Intake.Files;
using Kilde.Intake.Headers;
using Kilde.Intake.Log;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using Npgsql;

namespace Kilde.Intake.Judging;

/// <summary>
/// Writes the receipt (AppRec) of a judged submission: for whoever asked for one over the bus, and for every file,
/// whose receipt is left where the file was handed in.
/// </summary>
internal sealed class AnswerSubmission(PartyRegister parties, TimeProvider clock)
{
    /// <summary>One answer to each message: judged again after a fault of ours, it was answered before.</summary>
    public async Task WriteAsync(
        NpgsqlTransaction transaction, UnjudgedSubmission submission, Verdict verdict, CancellationToken cancellation)
    {
        var id = submission.Claimed.SubmissionId;
        var isFile = submission.Channel == ReceiveFile.Channel;
        var envelope = await FindEnvelopeAsync(transaction, id, cancellation);
        if (!isFile && envelope is not { WantsReceipt: true }) return;
        var receipt = envelope is null
            ? FileReceipt.Of(submission, verdict, clock.GetUtcNow())
            : await ReceiptAsync(envelope, verdict, cancellation);
        await using var insert = new NpgsqlCommand(
            """
            insert into intake.receipt (
              receipt_id, submission_id, sender_her_id, receiver_her_id, body, created_at, due_at)
            select @receipt, @id, @sender, @receiver, @body, @now, @due
            where not exists (select from intake.receipt where submission_id = @id)
            """,
            transaction.Connection,
            transaction);
        var now = clock.GetUtcNow();
        insert.Parameters.AddWithValue("receipt", Guid.Parse(receipt.Id));
        insert.Parameters.AddWithValue("id", id);
        insert.Parameters.Add(new NpgsqlParameter<int?>("sender", isFile ? null : envelope!.Receiver.Number));
        insert.Parameters.Add(new NpgsqlParameter<int?>("receiver", isFile ? null : envelope!.Sender.Number));
        insert.Parameters.AddWithValue("body", AppRecWriter.Write(receipt));
        insert.Parameters.AddWithValue("now", now);
        insert.Parameters.Add(new NpgsqlParameter<DateTimeOffset?>("due", isFile ? null : now));
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<ApplicationReceipt> ReceiptAsync(
        SubmissionEnvelope envelope, Verdict verdict, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var sender = await parties.FindAsync(envelope.Sender, cancellation);
        return new ApplicationReceipt(
            sender?.Party.ReceiptVersion ?? AppRecVersion.V10, Guid.CreateVersion7(now).ToString(),
            NorwegianDay.ClockOf(now),
            await AddressAsync(envelope.Receiver, envelope.ReceiverParent, cancellation),
            await AddressAsync(envelope.Sender, envelope.SenderParent, cancellation), verdict.Status, verdict.Errors,
            new AnsweredMessage(
                envelope.Function, envelope.FunctionName, envelope.GeneratedAt, envelope.MessageId));
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
}
