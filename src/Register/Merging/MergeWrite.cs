using Dapper;
using Kilde.Identity;
using Kilde.Register.Comparing;
using Kilde.Register.Periods;
using Kilde.Register.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Merging;

/// <summary>The writing half of a merge. It runs inside the transaction that holds the batch counter.</summary>
internal sealed class MergeWrite(
    NpgsqlTransaction transaction, IReadOnlyList<SubmissionHead> submissions, TakenBatches batches)
{
    private readonly MergeCounts[] _counts = new MergeCounts[submissions.Count];
    private readonly MergeCopy _copy = new(transaction, batches, new SenderDigests(batches.DigestKey));
    private readonly List<OvertakenPeriod>?[] _overtaken = new List<OvertakenPeriod>?[submissions.Count];
    private readonly StandingRecords _standing = new();

    public TakenBatches Batches => batches;

    /// <summary>
    /// How much may be held of what is to be written, in bytes (ADR 162). More than 0 where no record is written twice
    /// and none that is written is read before <see cref="CloseAsync"/>.
    /// </summary>
    public int HeldBytesMax { get; init; }

    /// <summary>
    /// Waits for rows that are being written beside what is done here. Before whoever began the transaction uses it.
    /// </summary>
    public Task SettleAsync() => _copy.SettleAsync();

    /// <summary>
    /// The transaction, when no rows are on their way: nothing else can be asked of its connection until then. To be
    /// used before anything more is written.
    /// </summary>
    public async Task<NpgsqlTransaction> SettledAsync()
    {
        await _copy.SettleAsync();
        return transaction;
    }

    public void CountUnchanged(int submissionNo, int rows) => _counts[submissionNo - 1].Unchanged += rows;

    public void MarkOvertaken(int submissionNo, PeriodName period, DateOnly by) =>
        (_overtaken[submissionNo - 1] ??= []).Add(new OvertakenPeriod(period.Sender, period.Share, period.Year, by));

    /// <summary>The batch of the only submission.</summary>
    public long BatchNo => batches.NoOf(1);

    /// <summary>Writes which records stand in which parts of a period.</summary>
    public void PartRecords(long periodNo, RecordPage page) => _copy.PartRecords(periodNo, BatchNo, page);

    /// <summary>Writes rows that belong to no period.</summary>
    /// <param name="resolvedAt">The vault's newest person change when the oldest of the persons was resolved.</param>
    public async Task WriteOutsidePeriodsAsync(
        StagedTable table, long resolvedAt, CancellationToken cancellation)
    {
        if (resolvedAt < batches.PersonChangeNo)
            ResolvePersons.Follow(table.Persons, await ReadMovesAsync(table.Persons, cancellation));
        await WriteAsync(table, PeriodTable.None, isEmpty: false, cancellation);
    }

    /// <summary>Writes rows against what stands now.</summary>
    /// <param name="isEmpty">Nothing stands in the period, and it need not be looked for.</param>
    public async Task WriteAsync(StagedTable table, long periodNo, bool isEmpty, CancellationToken cancellation)
    {
        var name = SqlName.Parse(table.Table);
        if (IsApart(name))
        {
            await WriteApartAsync(name, table, periodNo, isEmpty, cancellation);
            return;
        }

        var standing = isEmpty ? [] : await ReadStandingAsync(name, periodNo, [.. table.RecordKeys], cancellation);
        await WriteAsync(table, standing, periodNo, cancellation);
    }

    /// <summary>Writes rows of a table that has no sensitive classes.</summary>
    /// <param name="standing">The records that stand now, of those the rows speak of.</param>
    public async Task WriteAsync(
        StagedTable table, IReadOnlyDictionary<Guid, RowState> standing, long periodNo, CancellationToken cancellation)
    {
        var plan = MergePlan.Of(table, standing, submissions.Count);
        for (var i = 0; i < _counts.Length; i++) _counts[i] += plan.Counts[i];
        await CarryOutAsync(plan, table, new RecordPlace(SqlName.Parse(table.Table), null), periodNo, cancellation);
        await _copy.MakeRoomAsync(HeldBytesMax, cancellation);
    }

    /// <summary>True when some of the table's records may be held apart.</summary>
    public bool IsApart(SqlName name) => batches.Apart.ClassesOf(name).Length > 0;

    // Each place is merged as a table of its own, with the rows it holds; what it holds no longer ends there.
    private async Task WriteApartAsync(
        SqlName name, StagedTable table, long periodNo, bool isEmpty, CancellationToken cancellation)
    {
        var rows = new SensitiveRows(table, batches.Apart.ClassesOf(name));
        var outcomes = new RowOutcome[table.Rows.Count];
        foreach (var (number, place) in batches.Apart.PlacesOf(name).Index())
        {
            if (isEmpty && !rows.HasAnyIn(number)) continue;
            var standing = isEmpty ? [] : await ReadStandingAsync(place, periodNo, [.. table.RecordKeys], cancellation);
            var (held, origins) = rows.In(number, standing);
            var plan = MergePlan.Of(held, standing, submissions.Count);
            await CarryOutAsync(plan, held, place, periodNo, cancellation);
            foreach (var (i, outcome) in plan.Outcomes.Index())
            {
                ref var ofRow = ref outcomes[origins?[i] ?? i];
                ofRow = Together(ofRow, outcome);
            }

            await _copy.MakeRoomAsync(HeldBytesMax, cancellation);
        }

        for (var i = 0; i < outcomes.Length; i++) _counts[table.Rows[i].SubmissionNo - 1].Add(outcomes[i]);
    }

    // A record that comes in one place and stands or ends in another is the same record with something new in it.
    private static RowOutcome Together(RowOutcome one, RowOutcome other) => (one, other) switch
    {
        (RowOutcome.Nothing, _) => other,
        (_, RowOutcome.Nothing) => one,
        _ when one == other => one,
        _ => RowOutcome.Updated,
    };

    private async Task CarryOutAsync(
        MergePlan plan, StagedTable table, RecordPlace place, long periodNo, CancellationToken cancellation)
    {
        if (plan.Changes.Count == 0) return;

        if (plan.Ended.Count > 0) await EndAsync(place, plan, periodNo, cancellation);
        if (plan.Written.Count > 0)
        {
            _copy.Records(place, table, periodNo, plan.Written);
            _copy.Locators(place, table, periodNo, plan.Written);
        }

        if (plan.Passing.Count > 0) _copy.Passing(place, table, periodNo, plan.Passing);
        _copy.Changes(place, plan.Changes);
    }

    /// <summary>Writes what happened to the batches and wakes those who follow the feed.</summary>
    public async Task<IEnumerable<MergeOutcome>> CloseAsync(CancellationToken cancellation)
    {
        await _copy.WriteAsync(cancellation);
        var settled = await SettledAsync();
        await settled.Connection!.ExecuteAsync(new CommandDefinition(
            CloseBatches,
            new
            {
                batchNos = Each((_, i) => batches.NoOf(i + 1)),
                batchedAts = Each((_, i) => batches.AtOf(i + 1).UtcDateTime),
                submissionIds = Each((submission, _) => submission.SubmissionId),
                senders = Each((submission, _) => submission.SenderText),
                types = Each((submission, _) => submission.Type.Name),
                versions = Each((submission, _) => submission.Type.Version),
                extractedOns = Each((submission, _) => submission.ExtractedOn),
                years = Each((submission, _) => submission.Year?.Year),
                inserted = _counts.Select(counts => counts.Inserted).ToArray(),
                updated = _counts.Select(counts => counts.Updated).ToArray(),
                unchanged = _counts.Select(counts => counts.Unchanged).ToArray(),
                deleted = _counts.Select(counts => counts.Deleted).ToArray(),
                overtaken = _overtaken.Select(periods => periods is not null).ToArray(),
                newest = batches.LastNo.ToString(),
            },
            settled,
            cancellationToken: cancellation));
        return submissions.Select((submission, i) => new MergeOutcome(
            submission.SubmissionId, batches.NoOf(i + 1), _counts[i].Inserted, _counts[i].Updated,
            _counts[i].Unchanged, _counts[i].Deleted, _overtaken[i] is not null)
        {
            Overtaken = (IReadOnlyList<OvertakenPeriod>?)_overtaken[i] ?? [],
        });
    }

    /// <summary>Where identifiers have gone that had another person once.</summary>
    public async Task<IReadOnlyDictionary<long, long>> ReadMovesAsync(
        ReadOnlyMemory<ResolvedPerson> persons, CancellationToken cancellation)
    {
        var identifiers = new HashSet<long>();
        foreach (var person in persons.Span) identifiers.Add(person.IdentifierKey.Value);
        var settled = await SettledAsync();
        var moves = await settled.Connection!.QueryAsync<(long Identifier, long Person)>(new CommandDefinition(
            "select identifier_key, person_key from register.person_move where identifier_key = any(@identifiers)",
            new { identifiers = identifiers.ToArray() },
            settled,
            cancellationToken: cancellation));
        return moves.ToDictionary(move => move.Identifier, move => move.Person);
    }

    /// <summary>The records of a table without sensitive classes that stand now.</summary>
    public Task<Dictionary<Guid, RowState>> ReadStandingAsync(
        SqlName name, long periodNo, Guid[] keys, CancellationToken cancellation) =>
        ReadStandingAsync(new RecordPlace(name, null), periodNo, keys, cancellation);

    // A record of a year that is replaced is asked for once, so that what is remembered of a class is not overtaken.
    private async Task<Dictionary<Guid, RowState>> ReadStandingAsync(
        RecordPlace place, long periodNo, Guid[] keys, CancellationToken cancellation) =>
        HeldBytesMax > 0 && place.Class is not null
            ? await _standing.RecallAsync(SettledAsync, place, periodNo, keys, cancellation)
            : await _standing.ReadAsync(await SettledAsync(), place, periodNo, keys, cancellation);

    /// <summary>The keys of all records that stand in a period, wherever they are held.</summary>
    public async Task<IReadOnlyCollection<Guid>> ReadKeysAsync(
        SqlName name, long periodNo, CancellationToken cancellation)
    {
        var keys = new HashSet<Guid>();
        await AskPlacesAsync(name, async (place, settled) => keys.UnionWith(await settled.Connection!.QueryAsync<Guid>(
            new CommandDefinition(
                $"select record_key from {place.Locator} where period_no = @periodNo",
                new { periodNo },
                settled,
                cancellationToken: cancellation))), cancellation);
        return keys;
    }

    /// <summary>Asks each place that may hold records of the table, in the transaction.</summary>
    public async Task AskPlacesAsync(
        SqlName name, Func<RecordPlace, NpgsqlTransaction, Task> askAsync, CancellationToken cancellation)
    {
        var settled = await SettledAsync();
        foreach (var place in batches.Apart.PlacesOf(name))
            await settled.KeepAsync(place, () => askAsync(place, settled), cancellation);
    }

    private async Task EndAsync(
        RecordPlace place, MergePlan plan, long periodNo, CancellationToken cancellation)
    {
        var ended = plan.Ended;
        var settled = await SettledAsync();
        await using var command = new NpgsqlCommand(EndVersions(place), settled.Connection, settled)
        {
            Parameters =
            {
                new("periodNo", periodNo),
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
        await settled.KeepAsync(place, () => command.ExecuteNonQueryAsync(cancellation), cancellation);
    }

    // The locator is emptied of what has ended, and filled with all that is written: it has no updates. The planner is
    // held to index lookups: it reckons with all partitions for each row where one is read, and would rather read the
    // whole table. What a merge costs must follow from the merge, not from the size of the register.
    private static string EndVersions(RecordPlace place) =>
        $"""
        set local enable_hashjoin = off;
        set local enable_mergejoin = off;
        with ended as (
          delete from {place.Table} as standing
          using unnest(@keys, @persons, @untils, @untilBatchNos, @endedBys)
            as ending (record_key, person_key, until, until_batch_no, ended_by)
          where standing.person_key = ending.person_key and standing.record_key = ending.record_key
          returning ending.until, ending.until_batch_no, ending.ended_by, standing.*
        )
        insert into {place.History} select * from ended;
        delete from {place.Locator} where period_no = @periodNo and record_key = any(@keys);
        set local enable_hashjoin to default;
        set local enable_mergejoin to default
        """;

    private T[] Each<T>(Func<SubmissionHead, int, T> select) => [.. submissions.Select(select)];

    private const string CloseBatches =
        """
        insert into register.batch (
          batch_no, batched_at, submission_id, sender, message_type, message_version, extracted_on,
          data_year, inserted, updated, unchanged, deleted, changes, is_overtaken)
        select batch_no, batched_at, submission_id, sender, message_type, message_version, extracted_on,
          data_year, inserted, updated, unchanged, deleted, inserted + updated + deleted, is_overtaken
        from unnest(@batchNos, @batchedAts, @submissionIds, @senders, @types, @versions, @extractedOns, @years,
            @inserted, @updated, @unchanged, @deleted, @overtaken)
          as closed (batch_no, batched_at, submission_id, sender, message_type, message_version, extracted_on,
            data_year, inserted, updated, unchanged, deleted, is_overtaken);
        select pg_notify('register_change', @newest)
        """;
}
