using System.Runtime.InteropServices;
using Dapper;
using Kilde.Identity;
using Kilde.Register.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Merging;

/// <summary>
/// The part of a merge that happens inside its transaction. Staging runs beside other merges; from
/// <see cref="TakeBatchesAsync"/> to commit there is one writer at a time.
/// </summary>
internal sealed class MergeTransaction(
    NpgsqlTransaction transaction, IReadOnlyList<SubmissionContent> submissions, IReadOnlyList<StagedTable> tables)
{
    private readonly Counts[] _counts = new Counts[submissions.Count];
    private readonly MergeStatements[] _statements =
        [.. tables.Select(table => new MergeStatements(SqlName.Parse(table.Table), table.Columns))];

    private TakenBatches _batches;

    public IEnumerable<MergeOutcome> Outcomes => submissions.Select((submission, i) => new MergeOutcome(
        submission.SubmissionId, _batches.NoOf(i + 1), _counts[i].Inserted, _counts[i].Changed,
        _counts[i].Rows - _counts[i].Inserted - _counts[i].Changed, _counts[i].Deleted));

    public async Task StageAsync(ResolvedPerson[][] persons, CancellationToken cancellation)
    {
        for (var t = 0; t < tables.Count; t++)
        {
            await ExecuteAsync(_statements[t].CreateStage, [], cancellation);
            await StageCopy.WriteAsync(
                tables[t], _statements[t].CopyStage, persons[t], transaction.Connection!, cancellation);
            foreach (var row in tables[t].Rows)
                if (!row.IsDeletion) _counts[row.SubmissionNo - 1].Rows++;
        }
    }

    public async Task TakeBatchesAsync(DateTimeOffset now, CancellationToken cancellation) =>
        _batches = await BatchCounter.TakeAsync(transaction, submissions.Count, now, cancellation);

    /// <param name="resolvedAt">The vault's newest person change when the oldest of the persons was resolved.</param>
    public async Task WriteAsync(long resolvedAt, CancellationToken cancellation)
    {
        for (var t = 0; t < tables.Count; t++)
        {
            if (resolvedAt < _batches.PersonChangeNo) await ExecuteAsync(_statements[t].FollowMoves, [], cancellation);
            for (var round = 1; round <= tables[t].Rounds; round++)
                await WriteRoundAsync(_statements[t], round, cancellation);
            await ExecuteAsync(_statements[t].Tell, BatchParameters(), cancellation);
        }

        await CloseBatchesAsync(cancellation);
    }

    private async Task WriteRoundAsync(MergeStatements statements, int round, CancellationToken cancellation)
    {
        var verdicts = await ClassifyAsync(statements, round, cancellation);
        if (verdicts.Count == 0) return;

        var (inserts, deletes) = (verdicts.Contains("insert"), verdicts.Contains("delete"));
        var changes = verdicts.Contains("update") || verdicts.Contains("move");
        NpgsqlParameter[] roundAndBatches = [new("round", round), .. BatchParameters()];
        if (changes || deletes) await ExecuteAsync(statements.End, Copy(roundAndBatches), cancellation);
        if (changes || inserts) await ExecuteAsync(statements.Write, Copy(roundAndBatches), cancellation);
        if (inserts) await ExecuteAsync(statements.LocateNew, [new("round", round)], cancellation);
        if (changes) await ExecuteAsync(statements.LocateChanged, [new("round", round)], cancellation);
        if (deletes) await ExecuteAsync(statements.Forget, [new("round", round)], cancellation);
    }

    private async Task<HashSet<string>> ClassifyAsync(
        MergeStatements statements, int round, CancellationToken cancellation)
    {
        var verdicts = new HashSet<string>();
        await using var command = new NpgsqlCommand(statements.Classify, transaction.Connection, transaction)
        {
            Parameters = { new NpgsqlParameter("round", round) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            ref var counts = ref _counts[reader.GetInt32(0) - 1];
            var (kind, count) = (reader.GetString(1), reader.GetInt32(2));
            verdicts.Add(kind);
            if (kind == "insert") counts.Inserted += count;
            else if (kind == "delete") counts.Deleted += count;
            else counts.Changed += count;
        }

        return verdicts;
    }

    private async Task CloseBatchesAsync(CancellationToken cancellation)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            CloseBatches,
            new
            {
                batchNos = Each((_, i) => _batches.NoOf(i + 1)),
                batchedAts = Each((_, i) => _batches.AtOf(i + 1).UtcDateTime),
                submissionIds = Each((submission, _) => submission.SubmissionId),
                senders = Each((submission, _) => submission.Sender.ToString()),
                types = Each((submission, _) => submission.Content.Type.Name),
                versions = Each((submission, _) => submission.Content.Type.Version),
                extractedOns = Each((submission, _) => submission.ExtractedOn),
                inserted = _counts.Select(counts => counts.Inserted).ToArray(),
                updated = _counts.Select(counts => counts.Changed).ToArray(),
                unchanged = _counts.Select(counts => counts.Rows - counts.Inserted - counts.Changed).ToArray(),
                deleted = _counts.Select(counts => counts.Deleted).ToArray(),
                newest = _batches.LastNo.ToString(),
            },
            transaction,
            cancellationToken: cancellation));
    }

    private NpgsqlParameter[] BatchParameters() =>
    [
        new("submissionNos", Each((_, i) => i + 1)),
        new("batchNos", Each((_, i) => _batches.NoOf(i + 1))),
        new("sinces", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
        {
            Value = Each((_, i) => _batches.AtOf(i + 1).UtcDateTime),
        },
        new("submissionIds", Each((submission, _) => submission.SubmissionId)),
        new("senders", Each((submission, _) => submission.Sender.ToString())),
        new("extractedOns", Each((submission, _) => submission.ExtractedOn)),
    ];

    private T[] Each<T>(Func<SubmissionContent, int, T> select) => [.. submissions.Select(select)];

    private static NpgsqlParameter[] Copy(NpgsqlParameter[] parameters) =>
        [.. parameters.Select(parameter => parameter.Clone())];

    private async Task ExecuteAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Counts
    {
        public int Rows;
        public int Inserted;
        public int Changed;
        public int Deleted;
    }

    private const string CloseBatches =
        """
        insert into register.batch (
          batch_no, batched_at, submission_id, sender, message_type, message_version, extracted_on,
          inserted, updated, unchanged, deleted, changes)
        select batch_no, batched_at, submission_id, sender, message_type, message_version, extracted_on,
          inserted, updated, unchanged, deleted, inserted + updated + deleted
        from unnest(@batchNos, @batchedAts, @submissionIds, @senders, @types, @versions, @extractedOns,
            @inserted, @updated, @unchanged, @deleted)
          as closed (batch_no, batched_at, submission_id, sender, message_type, message_version, extracted_on,
            inserted, updated, unchanged, deleted);
        select pg_notify('register_change', @newest)
        """;
}
