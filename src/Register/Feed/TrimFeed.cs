using Dapper;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Register.Feed;

/// <summary>
/// Removes changes that every consumer has passed and that are older than
/// <see cref="RegisterOptions.FeedDaysMin"/>. What was removed is remembered, so that a consumer that comes later is
/// not given a feed with a hole. Batches stay: they say what happened when.
/// </summary>
public sealed class TrimFeed(RegisterDatabase database, TimeProvider clock, IOptions<RegisterOptions> options)
{
    /// <summary>Batches looked at in one step, counted.</summary>
    private const int BatchesMax = 10_000;

    /// <summary>Changes removed in one step, counted; one batch that has more is removed whole.</summary>
    private const int ChangesMax = 50_000;

    /// <returns>False when nothing is left to remove for now.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(
            new CommandDefinition(ChangeFeed.HoldStill, transaction: transaction, cancellationToken: cancellation));
        var before = clock.GetUtcNow().AddDays(-options.Value.FeedDaysMin);
        var upTo = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            FindEnd, new { before, BatchesMax, ChangesMax }, transaction, cancellationToken: cancellation));
        if (upTo is null) return false;

        // The counter comes last: from then to commit nothing can be merged.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from register.change
            where batch_no > (select trimmed_batch_no from register.batch_counter) and batch_no <= @upTo;
            update register.batch_counter set trimmed_batch_no = @upTo;
            """,
            new { upTo },
            transaction,
            cancellationToken: cancellation));
        await TrimApartAsync(upTo.Value, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    // What is held apart is told of just as long.
    private static async Task TrimApartAsync(
        long upTo, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var classes = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select distinct unnest(sensitive_classes) from register.record_table",
            transaction: transaction, cancellationToken: cancellation));
        foreach (var place in classes.Select(one => new RecordPlace(default, one)))
        {
            await transaction.KeepAsync(
                place,
                () => transaction.Connection!.ExecuteAsync(new CommandDefinition(
                    $"delete from {place.Change} where batch_no <= @upTo", new { upTo }, transaction,
                    cancellationToken: cancellation)),
                cancellation);
        }
    }

    // Batches are in order of time, so the search goes on from where it ended the last time.
    private const string FindEnd =
        """
        select max(batch_no)
        from (
          select batch_no, batched_at, row_number() over (order by batch_no) as place,
            sum(changes) over (order by batch_no) as changes_so_far
          from (
            select batch_no, batched_at, changes from register.batch
            where batch_no > (select trimmed_batch_no from register.batch_counter)
            order by batch_no
            limit @BatchesMax
          ) as next
        ) as counted
        where (place = 1 or changes_so_far <= @ChangesMax)
          and batched_at < @before
          and batch_no <= all (select batch_no from register.feed_consumer)
        """;
}
