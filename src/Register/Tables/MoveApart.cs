using Dapper;
using Kilde.Register.Merging;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// Takes what stands in the open to a class, when the class has come to a table that has records already, or its rule
/// has changed. The feed tells of whole records that they are gone, so that what was derived from them goes too. What
/// is of the class no longer comes back when it is sent again.
/// </summary>
internal static class MoveApart
{
    /// <summary>Runs as the register's owner, once for each rule.</summary>
    public static async Task MoveAsync(
        RecordTable table, ApartRule rule, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        var of = $"({rule.RowsSql}) or ({rule.ItemsSql})";
        if (!await connection.ExecuteScalarAsync<bool>(Command(
            $"""
            select exists (select from {table.Place.Table} where {of})
              or exists (select from {table.Place.History} where {of})
            """))) return;

        var held = new RecordPlace(table.Name, rule.Class);
        var taken = await BatchCounter.TakeAsync(transaction, 1, DateTimeOffset.MinValue, cancellation);
        if (rule.Fields.Count > 0) await connection.ExecuteAsync(Command(Items(table.Place, held, rule)));
        var moved = await connection.ExecuteScalarAsync<int>(
            Command(Rows(table, held, rule), new { batchNo = taken.LastNo }));
        await connection.ExecuteAsync(Command(Earlier(table, held, rule)));
        await connection.ExecuteAsync(Command(
            """
            insert into register.batch (batch_no, batched_at, inserted, updated, unchanged, deleted, changes)
            values (@batchNo, @at, 0, 0, 0, @moved, @moved)
            """,
            new { batchNo = taken.LastNo, at = taken.LastAt.UtcDateTime, moved }));

        CommandDefinition Command(string sql, object? parameters = null) =>
            new(sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellation);
    }

    private static string Fixed { get; } = string.Join(", ", RecordTable.FixedColumns.Select(column => column.Name));

    private static string Ended { get; } = string.Join(", ", RecordTable.HistoryColumns.Select(column => column.Name));

    private static string Digests { get; } =
        string.Join(", ", RecordTable.DigestColumns.Select(column => column.Name));

    private const string Whole = RecordPlace.WholeColumn;

    private static string Items(RecordPlace from, RecordPlace to, ApartRule rule)
    {
        var items = string.Join(", ", rule.Fields);
        var nothing = string.Join(", ", rule.Fields.Select(field => $"{field} = null"));
        var digestsGone = string.Join(", ", RecordTable.DigestColumns.Select(column => $"{column.Name} = null"));
        var renewed = string.Join(
            ", ", rule.Fields.Select(field => $"{field} = coalesce(excluded.{field}, held.{field})"));
        return $"""
            insert into {to.Table} as held ({Fixed}, {Whole}, {items})
            select {Fixed}, false, {items} from {from.Table} where {rule.ItemsSql}
            on conflict (person_key, record_key) do update set {renewed};

            insert into {to.Locator} (record_key, person_key, row_hash, period_no, {Digests})
            select record_key, person_key, row_hash, period_no, {Digests} from {from.Locator}
            where (period_no, record_key) in (select period_no, record_key from {from.Table} where {rule.ItemsSql})
            on conflict (period_no, record_key) do nothing;
            update {from.Locator} set {digestsGone}
            where (period_no, record_key) in (select period_no, record_key from {from.Table} where {rule.ItemsSql});

            insert into {to.History} ({Ended}, {Fixed}, {Whole}, {items})
            select {Ended}, {Fixed}, false, {items} from {from.History} where {rule.ItemsSql}
            on conflict (person_key, record_key, since) do nothing;

            update {from.Table} set {nothing} where {rule.ItemsSql};
            update {from.History} set {nothing} where {rule.ItemsSql};
            """;
    }

    private static string Rows(RecordTable table, RecordPlace to, ApartRule rule)
    {
        var from = table.Place;
        var own = string.Join(", ", table.Columns.Select(column => column.Name));
        return $"""
            with moved as (
              delete from {from.Table} where {rule.RowsSql} returning *
            ), put as (
              insert into {to.Table} ({Fixed}, {Whole}, {own}) select {Fixed}, true, {own} from moved
            ), located as (
              delete from {from.Locator} as locator using moved
              where locator.period_no = moved.period_no and locator.record_key = moved.record_key
              returning locator.*
            ), relocated as (
              insert into {to.Locator} (record_key, person_key, row_hash, period_no, {Digests})
              select record_key, person_key, row_hash, period_no, {Digests} from located
            ), told as (
              insert into {from.Change} (batch_no, record_table, kind, record_keys, person_keys)
              select @batchNo, '{table.Name.Text}', 'delete', array_agg(record_key), array_agg(person_key)
              from (select *, (row_number() over () - 1) / {MergeCopy.ChangesPerRow} as part from moved) as gone
              group by part
            )
            select count(*)::integer from moved
            """;
    }

    private static string Earlier(RecordTable table, RecordPlace to, ApartRule rule)
    {
        var own = string.Join(", ", table.Columns.Select(column => column.Name));
        return $"""
            with moved as (
              delete from {table.Place.History} where {rule.RowsSql} returning *
            )
            insert into {to.History} ({Ended}, {Fixed}, {Whole}, {own}) select {Ended}, {Fixed}, true, {own} from moved
            """;
    }
}
