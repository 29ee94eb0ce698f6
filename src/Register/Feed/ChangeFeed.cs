using Dapper;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Register.Feed;

/// <summary>
/// Everything that happens to the records, batch by batch. Each consumer has a name and a cursor of its own, reads
/// whole batches in order, without gaps, and never waits for another.
/// </summary>
/// <remarks>
/// A batch becomes visible only after all batches with lower numbers (ADR 61), so a cursor that has passed a batch has
/// passed everything before it.
/// </remarks>
public sealed class ChangeFeed(RegisterDatabase database, TimeProvider clock)
{
    /// <summary>The channel on which every batch is told by NOTIFY, with its number.</summary>
    public const string Channel = "register_change";

    /// <summary>Keeps consumers from being added while the feed is trimmed, and the other way round.</summary>
    internal const string HoldStill = "select pg_advisory_xact_lock(hashtextextended('register.feed', 0))";

    /// <summary>
    /// Makes a consumer known that has read what is in the register already, and follows the feed from now on. One that
    /// is known keeps its cursor.
    /// </summary>
    public async Task AddConsumerFromNowAsync(string consumer, CancellationToken cancellation)
    {
        var state = await ReadStateAsync(cancellation);
        await AddConsumerAsync(consumer, state.NewestBatchNo, cancellation);
    }

    /// <summary>Makes a consumer known. One that is known keeps its cursor.</summary>
    /// <param name="afterBatchNo">0 reads everything from the beginning, where that is still there.</param>
    /// <exception cref="InvalidOperationException">
    /// The consumer is new, and changes after the batch have been trimmed: it must start from the records instead.
    /// </exception>
    public async Task AddConsumerAsync(string consumer, long afterBatchNo, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(
            new CommandDefinition(HoldStill, transaction: transaction, cancellationToken: cancellation));
        var isKnown = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            insert into register.feed_consumer (consumer, batch_no, moved_at)
            select @consumer, @afterBatchNo, @now
            from register.batch_counter
            where trimmed_batch_no <= @afterBatchNo
            on conflict (consumer) do nothing;
            select exists (select from register.feed_consumer where consumer = @consumer)
            """,
            new { consumer, afterBatchNo, now = clock.GetUtcNow() },
            transaction,
            cancellationToken: cancellation));
        if (!isKnown)
        {
            throw new InvalidOperationException(
                $"Changes after batch {afterBatchNo} have been trimmed. {consumer} must start from the records.");
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Gives the consumer its next batches and moves its cursor, in one transaction. What
    /// <paramref name="consumeAsync"/> writes in that transaction happens exactly once; what it does elsewhere happens
    /// at least once, for when it fails, or the process dies, the same batches come again.
    /// </summary>
    /// <param name="changesMax">
    /// Stops before the batch that would make more changes than this, but always gives one whole batch.
    /// </param>
    /// <returns>False when there is nothing new, or another process is reading for the same consumer.</returns>
    /// <exception cref="InvalidOperationException">The consumer is not known.</exception>
    public Task<bool> ConsumeAsync(
        string consumer, int changesMax,
        Func<NpgsqlTransaction, IReadOnlyList<RegisterChange>, Task> consumeAsync, CancellationToken cancellation) =>
        ConsumeBatchesAsync(
            consumer, changesMax,
            async (transaction, batches) =>
            {
                var changes = await transaction.Connection!.QueryAsync<RegisterChange>(new CommandDefinition(
                    ReadChanges, new { after = batches.After, upTo = batches.UpTo }, transaction,
                    cancellationToken: cancellation));
                await consumeAsync(transaction, changes.AsList());
            },
            cancellation);

    /// <summary>
    /// As above, for a consumer that works in SQL: the changes stay in the database, in the temporary table
    /// <c>touched</c> (record_table, record_key, person_key; a moved record stands there with both persons).
    /// </summary>
    /// <param name="tables">The record tables it cares for. Batches of others are passed without asking it.</param>
    public Task<bool> ConsumeTouchedAsync(
        string consumer, int changesMax, IReadOnlyCollection<string> tables,
        Func<NpgsqlTransaction, Task> consumeAsync, CancellationToken cancellation) =>
        ConsumeBatchesAsync(
            consumer, changesMax,
            async (transaction, batches) =>
            {
                var asked = new { after = batches.After, upTo = batches.UpTo, tables = tables.ToArray() };
                var connection = transaction.Connection!;
                if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    IsTouched, asked, transaction, cancellationToken: cancellation))) return;
                await connection.ExecuteAsync(new CommandDefinition(
                    KeepTouched, asked, transaction, cancellationToken: cancellation));
                await consumeAsync(transaction);
            },
            cancellation);

    /// <summary>
    /// Consumes until cancelled: at once when a batch is told, and at the latest after <paramref name="lookEvery"/>, in
    /// case a telling was lost with its connection.
    /// </summary>
    public async Task FollowAsync(
        string consumer, int changesMax, TimeSpan lookEvery,
        Func<NpgsqlTransaction, IReadOnlyList<RegisterChange>, Task> consumeAsync, CancellationToken cancellation)
    {
        await using var listener = await database.Source.OpenConnectionAsync(cancellation);
        await listener.ExecuteAsync(new CommandDefinition($"listen {Channel}", cancellationToken: cancellation));

        // Listening comes before the first look: a batch that lands between the two is told, not missed.
        while (true)
        {
            while (await ConsumeAsync(consumer, changesMax, consumeAsync, cancellation))
                cancellation.ThrowIfCancellationRequested();
            await listener.WaitAsync(lookEvery, cancellation);
        }
    }

    /// <summary>How far each consumer has come, and the newest batch there is.</summary>
    public async Task<FeedState> ReadStateAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var newest = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select batch_no from register.batch_counter", cancellationToken: cancellation));
        var consumers = await connection.QueryAsync<FeedConsumer>(new CommandDefinition(
            "select consumer, batch_no, moved_at from register.feed_consumer order by consumer",
            cancellationToken: cancellation));
        return new FeedState(newest, consumers.AsList());
    }

    private async Task<bool> ConsumeBatchesAsync(
        string consumer, int changesMax, Func<NpgsqlTransaction, BatchRange, Task> consumeAsync,
        CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockCursorAsync(consumer, transaction, cancellation) is not { } cursor) return false;

        var upTo = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            FindEnd, new { cursor, changesMax, batchesMax = BatchesMax }, transaction,
            cancellationToken: cancellation));
        if (upTo is null) return false;

        await consumeAsync(transaction, new BatchRange(cursor, upTo.Value));
        await connection.ExecuteAsync(new CommandDefinition(
            MoveCursor, new { consumer, upTo, now = clock.GetUtcNow() }, transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        return true;
    }

    // Null when another process holds the cursor: it reads for us.
    private static async Task<long?> LockCursorAsync(
        string consumer, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        var cursor = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "select batch_no from register.feed_consumer where consumer = @consumer for update skip locked",
            new { consumer }, transaction, cancellationToken: cancellation));
        if (cursor is not null) return cursor;

        var isKnown = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from register.feed_consumer where consumer = @consumer)",
            new { consumer }, transaction, cancellationToken: cancellation));
        return isKnown ? null : throw new InvalidOperationException($"The feed knows no consumer {consumer}.");
    }

    /// <summary>Batches looked at in one reading, counted: most are small, many are empty.</summary>
    private const int BatchesMax = 10_000;

    private const string FindEnd =
        """
        select max(batch_no)
        from (
          select batch_no, row_number() over (order by batch_no) as place,
            sum(changes) over (order by batch_no) as changes_so_far
          from (
            select batch_no, changes from register.batch
            where batch_no > @cursor
            order by batch_no
            limit @batchesMax
          ) as next
        ) as counted
        where place = 1 or changes_so_far <= @changesMax
        """;

    private const string ReadChanges =
        """
        select batch_no, record_table as "table", record_key, person, former_person, kind
        from register.change,
          unnest(record_keys, person_keys, former_person_keys) as one (record_key, person, former_person)
        where batch_no > @after and batch_no <= @upTo
        order by batch_no, record_table, record_key
        """;

    private const string IsTouched =
        """
        select exists (
          select from register.change
          where batch_no > @after and batch_no <= @upTo and record_table = any(@tables))
        """;

    // Nobody else looks at a temporary table, so its statistics are ours to make.
    private const string KeepTouched =
        """
        create temporary table touched (
          record_table text not null, record_key uuid not null, person_key bigint not null) on commit drop;
        insert into touched
        select distinct record_table, record_key, one.person_key
        from register.change,
          unnest(record_keys, person_keys, former_person_keys) as changed (record_key, person, former_person),
          unnest(array[person, former_person]) as one (person_key)
        where batch_no > @after and batch_no <= @upTo and record_table = any(@tables) and one.person_key is not null;
        analyze touched
        """;

    private const string MoveCursor =
        "update register.feed_consumer set batch_no = @upTo, moved_at = @now where consumer = @consumer";
}

/// <summary>The batches after one, up to and including another.</summary>
internal readonly record struct BatchRange(long After, long UpTo);

/// <param name="BatchNo">The last batch it has consumed.</param>
public sealed record FeedConsumer(string Consumer, long BatchNo, DateTimeOffset MovedAt);

public sealed record FeedState(long NewestBatchNo, IReadOnlyList<FeedConsumer> Consumers);
