using Dapper;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// The record tables and their columns as they stand in the database, which may know more types than this process: a
/// newer version of the platform may already run beside it.
/// </summary>
internal static class RecordColumns
{
    public static async Task<IReadOnlyList<(SqlName Table, IReadOnlyList<SqlName> Columns)>> ReadAsync(
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var rows = await transaction.Connection!.QueryAsync<(string Table, string[] Columns)>(new CommandDefinition(
            """
            select record_table, array_agg(attname::text order by attnum)
            from register.record_table
            join pg_attribute on attrelid = format('register.%I', record_table)::regclass
            where attnum > 0 and not attisdropped
            group by record_table
            order by record_table
            """,
            transaction: transaction,
            cancellationToken: cancellation));
        return [.. rows.Select(row => (
            SqlName.Parse(row.Table), (IReadOnlyList<SqlName>)[.. row.Columns.Select(SqlName.Parse)]))];
    }
}
