using Dapper;
using Kilde.Register.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Merging;

/// <summary>The writing half of a merge. It runs inside the transaction that holds the batch counter.</summary>
internal sealed class MergeWrite(
    NpgsqlTransaction transaction, IReadOnlyList<SubmissionContent> submissions, TakenBatches batches)
{
    private readonly NpgsqlConnection _connection = transaction.Connection!;
    private readonly MergeCounts[] _counts = new MergeCounts[submissions.Count];

    /// <param name="resolvedAt">The vault's newest person change when the oldest of the persons was resolved.</param>
    public async Task WriteAsync(StagedTable table, long resolvedAt, CancellationToken cancellation)
    {
        var name = SqlName.Parse(table.Table);
        if (resolvedAt < batches.PersonChangeNo) await FollowMovesAsync(table, cancellation);

        var plan = MergePlan.Of(table, await ReadStandingAsync(name, table, cancellation), submissions.Count);
        for (var i = 0; i < _counts.Length; i++) _counts[i] += plan.Counts[i];
        if (plan.Changes.Count == 0) return;

        if (plan.Ended.Count > 0) await EndAsync(name, plan, cancellation);
        var copy = new MergeCopy(_connection, name, table, submissions, batches);
        await copy.RecordsAsync(plan.Written, cancellation);
        await copy.LocatorsAsync(plan.Written, cancellation);
        if (plan.Passing.Count > 0) await copy.PassingAsync(plan.Passing, cancellation);
        await copy.ChangesAsync(plan.Changes, cancellation);
    }

    /// <summary>Writes what happened to the batches and wakes those who follow the feed.</summary>
    public async Task<IEnumerable<MergeOutcome>> CloseAsync(CancellationToken cancellation)
    {
        await _connection.ExecuteAsync(new CommandDefinition(
            CloseBatches,
            new
            {
                batchNos = Each((_, i) => batches.NoOf(i + 1)),
                batchedAts = Each((_, i) => batches.AtOf(i + 1).UtcDateTime),
                submissionIds = Each((submission, _) => submission.SubmissionId),
                senders = Each((submission, _) => submission.Sender.ToString()),
                types = Each((submission, _) => submission.Content.Type.Name),
                versions = Each((submission, _) => submission.Content.Type.Version),
                extractedOns = Each((submission, _) => submission.ExtractedOn),
                inserted = _counts.Select(counts => counts.Inserted).ToArray(),
                updated = _counts.Select(counts => counts.Updated).ToArray(),
                unchanged = _counts.Select(counts => counts.Unchanged).ToArray(),
                deleted = _counts.Select(counts => counts.Deleted).ToArray(),
                newest = batches.LastNo.ToString(),
            },
            transaction,
            cancellationToken: cancellation));
        return submissions.Select((submission, i) => new MergeOutcome(
            submission.SubmissionId, batches.NoOf(i + 1), _counts[i].Inserted, _counts[i].Updated,
            _counts[i].Unchanged, _counts[i].Deleted));
    }

    // The persons were resolved before the newest changes: the rows go where their identifiers are now.
    private async Task FollowMovesAsync(StagedTable table, CancellationToken cancellation)
    {
        var moves = await _connection.QueryAsync<(long Identifier, long Person)>(new CommandDefinition(
            "select identifier_key, person_key from register.person_move where identifier_key = any(@identifiers)",
            new { identifiers = table.Persons.Select(person => person.IdentifierKey.Value).Distinct().ToArray() },
            transaction,
            cancellationToken: cancellation));
        ResolvePersons.Follow(table, moves.ToDictionary(move => move.Identifier, move => move.Person));
    }

    private async Task<Dictionary<Guid, RowState>> ReadStandingAsync(
        SqlName name, StagedTable table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select record_key, person_key, row_hash
            from register.{name.With("_locator")}
            where record_key = any(@keys)
            """,
            _connection, transaction)
        {
            Parameters = { new NpgsqlParameter("keys", table.RecordKeys.ToArray()) },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var standing = new Dictionary<Guid, RowState>(table.Rows.Count);
        while (await reader.ReadAsync(cancellation))
            standing.Add(reader.GetGuid(0), new RowState(reader.GetInt64(1), reader.GetGuid(2)));
        return standing;
    }

    private async Task EndAsync(SqlName name, MergePlan plan, CancellationToken cancellation)
    {
        var ended = plan.Ended;
        await using var command = new NpgsqlCommand(EndVersions(name), _connection, transaction)
        {
            Parameters =
            {
                new("keys", ended.Select(version => version.RecordKey).ToArray()),
                new("persons", ended.Select(version => version.PersonKey).ToArray()),
                new("untils", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
                {
                    Value = ended.Select(version => batches.AtOf(version.SubmissionNo).UtcDateTime).ToArray(),
                },
                new("untilBatchNos", ended.Select(version => batches.NoOf(version.SubmissionNo)).ToArray()),
                new("endedBys", ended.Select(version => version.EndedBy).ToArray()),
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // The locator is emptied of what has ended, and filled with all that is written: it has no updates. The planner is
    // held to index lookups: it reckons with all partitions for each row where one is read, and would rather read the
    // whole table. What a merge costs must follow from the merge, not from the size of the register.
    private static string EndVersions(SqlName name) =>
        $"""
        set local enable_hashjoin = off;
        set local enable_mergejoin = off;
        with ended as (
          delete from register.{name} as standing
          using unnest(@keys, @persons, @untils, @untilBatchNos, @endedBys)
            as ending (record_key, person_key, until, until_batch_no, ended_by)
          where standing.person_key = ending.person_key and standing.record_key = ending.record_key
          returning ending.until, ending.until_batch_no, ending.ended_by, standing.*
        )
        insert into register.{name.With("_history")} select * from ended;
        delete from register.{name.With("_locator")} where record_key = any(@keys);
        set local enable_hashjoin to default;
        set local enable_mergejoin to default
        """;

    private T[] Each<T>(Func<SubmissionContent, int, T> select) => [.. submissions.Select(select)];

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
