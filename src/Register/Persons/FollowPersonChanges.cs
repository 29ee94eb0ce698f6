using Dapper;
using Kilde.Identity;
using Kilde.Platform.Databases;
using Kilde.Register.Merging;
using Kilde.Register.Tables;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Register.Persons;

/// <summary>
/// Follows the vault: when an identifier has gone from one person to another, by merge or split, the records that
/// arrived with it go the same way, with their history kept and the feed told.
/// </summary>
public sealed class FollowPersonChanges
{
    private readonly RegisterDatabase _database;
    private readonly VaultView _vault;
    private readonly TimeProvider _clock;
    private readonly RegisterOptions _options;

    public FollowPersonChanges(
        RegisterDatabase database, IdentityVault vault, TimeProvider clock, IOptions<RegisterOptions> options)
        : this(database, VaultView.Of(vault), clock, options.Value)
    {
    }

    internal FollowPersonChanges(
        RegisterDatabase database, VaultView vault, TimeProvider clock, RegisterOptions options) =>
        (_database, _vault, _clock, _options) = (database, vault, clock, options);

    /// <summary>
    /// Applies the vault's next person changes, at most <see cref="RegisterOptions.PersonChangesMax"/>, as one batch.
    /// Several changes of one identifier within the batch become one move. Runs safely beside itself and merges.
    /// </summary>
    /// <returns>How many changes were applied; 0 when there were none.</returns>
    public async Task<int> FollowAsync(CancellationToken cancellation)
    {
        var after = await BatchCounter.ReadPersonChangeNoAsync(_database.Source, cancellation);
        var changes = await _vault.ReadChangesAsync(after, _options.PersonChangesMax, cancellation);
        if (changes.Count == 0) return 0;

        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var taken = await BatchCounter.TakeAsync(transaction, 1, _clock.GetUtcNow(), cancellation);

        // Another node applied changes between the reading and the lock: its are not to be applied again.
        var fresh = changes.Where(change => change.ChangeNo > taken.PersonChangeNo).ToArray();
        if (fresh.Length == 0) return 0;

        var moves = MovesOf(fresh);
        await RememberAsync(moves, fresh[^1].ChangeNo, transaction, cancellation);
        var moved = 0;
        foreach (var (place, columns) in await RecordColumns.ReadAsync(transaction, cancellation))
        {
            moved += await transaction.KeepAsync(
                place, () => MoveRecordsAsync(place, columns, moves, taken, transaction, cancellation), cancellation);
        }

        await CloseAsync(taken, moved, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        return fresh.Length;
    }

    private sealed record Move(long Identifier, long From, long To, long ChangeNo);

    // Where each identifier was when the batch began, and where it is when the batch is done.
    private static Move[] MovesOf(PersonChange[] changes) =>
    [
        .. changes.GroupBy(change => change.Identifier).Select(group => new Move(
            group.Key.Value, group.First().From.Value, group.Last().To.Value, group.Last().ChangeNo)),
    ];

    private static async Task RememberAsync(
        Move[] moves, long newest, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Remember,
            new
            {
                identifiers = moves.Select(move => move.Identifier).ToArray(),
                tos = moves.Select(move => move.To).ToArray(),
                changeNos = moves.Select(move => move.ChangeNo).ToArray(),
                newest,
            },
            transaction,
            cancellationToken: cancellation));

    private static async Task<int> MoveRecordsAsync(
        RecordPlace place, IReadOnlyList<SqlName> columns, Move[] moves, TakenBatches taken,
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var (from, to) = (string.Join(", ", columns), string.Join(", ", columns.Select(column => column.Text switch
        {
            "person_key" => "to_key",
            "since" => "@since",
            "batch_no" => "@batchNo",
            _ => column.ToString(),
        })));
        var isWhole = place.Class is null ? "true" : RecordPlace.WholeColumn;
        return await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            $"""
            with moved as (
              delete from {place.Table} as record
              using unnest(@identifiers, @froms, @tos) as moving (identifier_key, from_key, to_key)
              where record.person_key = moving.from_key and record.identifier_key = moving.identifier_key
                and moving.from_key <> moving.to_key
              returning moving.to_key, record.*
            ), kept as (
              insert into {place.History} (until, until_batch_no, ended_by, {from})
              select @since, @batchNo, 'moved', {from} from moved
            ), written as (
              insert into {place.Table} ({from}) select {to} from moved
            ), located as (
              update {place.Locator} as locator set person_key = moved.to_key
              from moved where locator.period_no = moved.period_no and locator.record_key = moved.record_key
            ), told as (
              insert into {place.Change} (
                batch_no, record_table, kind, record_keys, person_keys, former_person_keys)
              select @batchNo, '{place.Name.Text}', 'move', array_agg(record_key), array_agg(to_key),
                array_agg(person_key)
              from (select *, (row_number() over () - 1) / {MergeCopy.ChangesPerRow} as part from moved) as changed
              group by part
            )
            select count(*) filter (where {isWhole})::integer from moved
            """,
            new
            {
                identifiers = moves.Select(move => move.Identifier).ToArray(),
                froms = moves.Select(move => move.From).ToArray(),
                tos = moves.Select(move => move.To).ToArray(),
                since = taken.LastAt.UtcDateTime,
                batchNo = taken.LastNo,
            },
            transaction,
            cancellationToken: cancellation));
    }

    private static async Task CloseAsync(
        TakenBatches taken, int moved, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into register.batch (batch_no, batched_at, inserted, updated, unchanged, deleted, changes)
            values (@batchNo, @batchedAt, 0, @moved, 0, 0, @moved);
            select pg_notify('register_change', @newest)
            """,
            new
            {
                batchNo = taken.LastNo,
                batchedAt = taken.LastAt.UtcDateTime,
                moved,
                newest = taken.LastNo.ToString(),
            },
            transaction,
            cancellationToken: cancellation));

    // From here on the planner is held to index lookups: moving a few persons must never read a whole table.
    private const string Remember =
        """
        insert into register.person_move (identifier_key, person_key, change_no)
        select * from unnest(@identifiers, @tos, @changeNos)
        on conflict (identifier_key) do update
        set person_key = excluded.person_key, change_no = excluded.change_no;

        update register.batch_counter set person_change_no = @newest;

        set local enable_hashjoin = off;
        set local enable_mergejoin = off
        """;
}
