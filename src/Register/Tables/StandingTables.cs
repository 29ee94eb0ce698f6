using Dapper;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>The tables the register's schemas have now: their columns in order, and what is said of each.</summary>
internal sealed class StandingTables
{
    private static readonly OrderedDictionary<string, string> None = [];

    private readonly Dictionary<string, OrderedDictionary<string, string>> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Column), string> _comments = [];

    private StandingTables(IEnumerable<Line> lines)
    {
        foreach (var line in lines)
        {
            if (line.Comment is { } comment) _comments[(line.Table, line.Column)] = comment;
            if (line.Column.Length == 0) _columns[line.Table] = [];
            else _columns[line.Table].Add(line.Column, line.Type);
        }
    }

    /// <summary>Reads them all at once: a question for each of some hundred is felt at every start.</summary>
    public static async Task<StandingTables> ReadAsync(
        NpgsqlTransaction transaction, CancellationToken cancellation) =>
        new(await transaction.Connection!.QueryAsync<Line>(new CommandDefinition(
            FindTables, transaction: transaction, cancellationToken: cancellation)));

    public bool Has(TableName table) => _columns.ContainsKey(table.Text);

    /// <summary>Name to type, in order; none when there is no such table.</summary>
    public OrderedDictionary<string, string> ColumnsOf(TableName table) => _columns.GetValueOrDefault(table.Text, None);

    /// <param name="column">Empty for the table itself.</param>
    public string? CommentOn(TableName table, string column = "") => _comments.GetValueOrDefault((table.Text, column));

    private sealed record Line(string Table, string Column, string Type, string? Comment);

    // The table itself comes as column 0, before its columns. Parts of a table say nothing that the whole does not.
    private const string FindTables =
        """
        select n.nspname || '.' || c.relname as table,
          coalesce(a.attname::text, '') as column,
          coalesce(format_type(a.atttypid, a.atttypmod), '') as type,
          d.description as comment
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
          select 0::smallint as attnum, null::name as attname, null::oid as atttypid, null::integer as atttypmod
          union all
          select attnum, attname, atttypid, atttypmod
          from pg_attribute
          where attrelid = c.oid and attnum > 0 and not attisdropped
        ) a
        left join pg_description d
          on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = a.attnum
        where (n.nspname = 'register' or n.nspname ~ '^sensitive_') and c.relkind in ('r', 'p') and not c.relispartition
        order by n.nspname, c.relname, a.attnum
        """;
}
