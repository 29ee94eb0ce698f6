using System.Collections;
using System.Text;
using Dapper;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kilde.Intake.Tests.Kit;

/// <summary>
/// Stands where the register stands, on real tables, and keeps a diary of each merge: so a test sees what was merged
/// how often and in which order, and can make a merge fail.
/// </summary>
internal sealed class PlainRegister
{
    private readonly TestIntake _intake;

    private PlainRegister(TestIntake intake) => _intake = intake;

    /// <summary>Throws to make the merge of a submission fail.</summary>
    public Action<SubmissionContent> Trouble { get; set; } = _ => { };

    /// <summary>Throws to make reading fail.</summary>
    public Action<ClaimedSubmission> ReadingTrouble { get; set; } = _ => { };

    public static async Task<PlainRegister> StartAsync(TestIntake intake)
    {
        await using var owner = new NpgsqlConnection(intake.Databases.Logins.RegisterOwner);
        await owner.ExecuteAsync(
            """
            create schema kit;
            create table kit.record (sender text, local_id text, value bigint, primary key (sender, local_id));
            create table kit.diary (no bigint generated always as identity, submission_id uuid, sender text);
            grant usage on schema kit to kilde_register;
            grant all on all tables in schema kit to kilde_register;
            """);
        return new PlainRegister(intake);
    }

    public MergeSubmissions NewMerge() => new(
        _intake.Databases.Register, _intake.Cipher, _intake.Audit, Read, MergeAsync, _intake.Signal, _intake.Clock,
        Microsoft.Extensions.Options.Options.Create(_intake.Options), NullLogger<MergeSubmissions>.Instance);

    /// <summary>Works until the queues are empty.</summary>
    public async Task MergeAllAsync()
    {
        var step = NewMerge().NewWorker();
        while (await step(TestIntake.Cancellation))
        {
        }
    }

    public async Task<IReadOnlyDictionary<string, long>> RecordsAsync(OrganizationNumber unit) =>
        (await _intake.AllAsync<(string LocalId, long Value)>(
            "select local_id, value from kit.record where sender = @unit", new { unit = unit.ToString() }))
        .ToDictionary(record => record.LocalId, record => record.Value);

    public MessageContent? Read(ClaimedSubmission submission, ReadOnlyMemory<byte> payload)
    {
        ReadingTrouble(submission);
        var words = Encoding.UTF8.GetString(payload.Span).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[][] records = [.. words.Where(word => word.Contains('=')).Select(word => word.Split('='))];
        var values = Array.ConvertAll(records, record => long.Parse(record[1]));
        return new MessageContent(Messages.Consultation, IsAccepted: true, [],
        [
            new RecordBatch(
                Messages.Records, records.Length, Array.ConvertAll(records, _ => submission.Unit),
                Array.ConvertAll(records, record => record[0]), new RowPerson[records.Length],
                [new ColumnVector<long>(ColumnKind.Integer, values, new BitArray(values.Length))],
                [.. words.Where(word => word.StartsWith('-')).Select(word => word[1..])]),
        ]);
    }

    private async Task<IReadOnlyList<MergeOutcome>> MergeAsync(
        IReadOnlyList<SubmissionContent> submissions,
        Func<NpgsqlTransaction, IReadOnlyList<MergeOutcome>, Task> completeAsync,
        CancellationToken cancellation)
    {
        await using var connection = await _intake.Databases.Register.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var submission in submissions)
        {
            Trouble(submission);
            var sender = submission.Sender.ToString();
            var batch = submission.Content.Batches[0];
            for (var row = 0; row < batch.Count; row++)
            {
                await connection.ExecuteAsync(
                    """
                    insert into kit.record (sender, local_id, value) values (@sender, @id, @value)
                    on conflict (sender, local_id) do update set value = excluded.value
                    """,
                    new { sender, id = batch.LocalIds[row], value = ((ColumnVector<long>)batch.Columns[0])[row] });
            }

            await connection.ExecuteAsync(
                "delete from kit.record where sender = @sender and local_id = any(@ids)",
                new { sender, ids = batch.DeletedLocalIds.ToArray() });
            await connection.ExecuteAsync(
                "insert into kit.diary (submission_id, sender) values (@SubmissionId, @sender)",
                new { submission.SubmissionId, sender });
        }

        MergeOutcome[] outcomes =
            [.. submissions.Select(submission => new MergeOutcome(submission.SubmissionId, 1, 1, 0, 0, 0))];
        await completeAsync(transaction, outcomes);
        await transaction.CommitAsync(cancellation);
        return outcomes;
    }
}
