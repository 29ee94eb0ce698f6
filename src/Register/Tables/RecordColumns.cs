using Dapper;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// The record tables and their columns as they stand in the database, which may know more types than this process: a
/// newer version of the platform may already run beside it.
/// </summary>
internal static class RecordColumns
{
    /// <summary>The tables of each place.</summary>
    public static async Task<IReadOnlyList<(RecordPlace Place, IReadOnlyList<SqlName> Columns)>> ReadAsync(
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var rows = await transaction.Connection!.QueryAsync<(string Table, string? Class, string[] Columns)>(
            new CommandDefinition(
            """
            select record_table, class, array_agg(attname::text order by attnum)
            from register.record_table
            cross join unnest(array_prepend(null, sensitive_classes)) as class
            join pg_namespace on nspname = coalesce('sensitive_' || class, 'register')
            join pg_class on relnamespace = pg_namespace.oid and relname = record_table
            join pg_attribute on attrelid = pg_class.oid
            where attnum > 0 and not attisdropped
            group by record_table, class
            order by record_table, class nulls first
            """,
            transaction: transaction,
            cancellationToken: cancellation));
        return [.. rows.Select(row => (
            new RecordPlace(SqlName.Parse(row.Table), row.Class),
            (IReadOnlyList<SqlName>)[.. row.Columns.Select(SqlName.Parse)]))];
    }
}
