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

        await RememberAsync(fresh, transaction, cancellation);
        var tables = await connection.QueryAsync<string>(new CommandDefinition(
            "select record_table from register.record_table order by record_table", transaction: transaction,
            cancellationToken: cancellation));
        var moved = 0;
        foreach (var table in tables)
            moved += await RekeyAsync(SqlName.Parse(table), taken, transaction, cancellation);
        await CloseAsync(taken, moved, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        return fresh.Length;
    }

    private static async Task RememberAsync(
        PersonChange[] changes, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var moves = changes.GroupBy(change => change.Identifier)
            .Select(group => (
                Identifier: group.Key.Value, From: group.First().From.Value, To: group.Last().To.Value,
                group.Last().ChangeNo))
            .ToArray();
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Remember,
            new
            {
                identifiers = moves.Select(move => move.Identifier).ToArray(),
                froms = moves.Select(move => move.From).ToArray(),
                tos = moves.Select(move => move.To).ToArray(),
                changeNos = moves.Select(move => move.ChangeNo).ToArray(),
                newest = changes[^1].ChangeNo,
            },
            transaction,
            cancellationToken: cancellation));
    }

    private static async Task<int> RekeyAsync(
        SqlName table, TakenBatches taken, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var moving = $"pg_temp.\"{table.Text}_moving\"";
        var parameters = new { since = taken.LastAt.UtcDateTime, batchNo = taken.LastNo };
        var found = await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"""
            create temp table "{table.Text}_moving" (like register.{table}) on commit drop;
            insert into {moving}
            select record.*
            from pg_temp.person_moving as moving
            join register.{table} as record
              on record.person_key = moving.from_key and record.identifier_key = moving.identifier_key
            """,
            transaction: transaction, cancellationToken: cancellation));
        if (found == 0) return 0;

        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"""
            insert into register.{table.With("_history")}
            select @since, @batchNo, 'moved', moving.* from {moving} as moving;

            delete from register.{table} as record
            using {moving} as moving
            where record.person_key = moving.person_key and record.record_key = moving.record_key;

            insert into register.change (batch_no, record_table, record_key, person_key, former_person_key, kind)
            select @batchNo, '{table.Text}', record.record_key, moving.to_key, record.person_key, 'move'
            from {moving} as record
            join pg_temp.person_moving as moving using (identifier_key);

            update {moving} as record
            set person_key = moving.to_key, since = @since, batch_no = @batchNo
            from pg_temp.person_moving as moving
            where moving.identifier_key = record.identifier_key;

            insert into register.{table} select moving.* from {moving} as moving;

            update register.{table.With("_locator")} as locator
            set person_key = moving.person_key
            from {moving} as moving
            where locator.record_key = moving.record_key
            """,
            parameters, transaction, cancellationToken: cancellation));
        return found;
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

    private const string Remember =
        """
        create temp table person_moving on commit drop as
        select identifier_key, from_key, to_key, change_no
        from unnest(@identifiers, @froms, @tos, @changeNos) as moving (identifier_key, from_key, to_key, change_no)
        where from_key <> to_key;

        insert into register.person_move (identifier_key, person_key, change_no)
        select * from unnest(@identifiers, @tos, @changeNos)
        on conflict (identifier_key) do update
        set person_key = excluded.person_key, change_no = excluded.change_no;

        update register.batch_counter set person_change_no = @newest
        """;
}
