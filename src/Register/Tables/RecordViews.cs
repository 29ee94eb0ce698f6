using System.Security.Cryptography;
using System.Text;
using Dapper;
using Kilde.Definitions.Checks;
using Kilde.Register.Reading;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// The SQL views of <c>definitions/views/</c>, each with a twin over the history, for whoever needs to know where a
/// record that is no more stood.
/// </summary>
internal static class RecordViews
{
    /// <summary>Remakes the views that the definitions have changed; the others and their readers stay.</summary>
    public static async Task ReplaceAsync(
        IReadOnlyList<RecordView> views, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        foreach (var view in views)
        {
            foreach (var isHistory in new[] { false, true })
            {
                var name = SqlName.Parse(isHistory ? view.Name + "_history" : view.Name);
                var query = Query(view, isHistory);
                var comment = $"{view.Title}. {Digest(query)}";
                var standing = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
                    "select obj_description(to_regclass(@name), 'pg_class')", new { name = $"register.{name}" },
                    transaction, cancellationToken: cancellation));
                if (standing == comment) continue;
                await connection.ExecuteAsync(new CommandDefinition(
                    $"""
                    drop view if exists register.{name};
                    create view register.{name} as
                    {query};
                    comment on view register.{name} is '{comment.Replace("'", "''", StringComparison.Ordinal)}';
                    """,
                    transaction: transaction,
                    cancellationToken: cancellation));
            }
        }
    }

    internal static string Query(RecordView view, bool isHistory) => string.Join(
        "\nunion all\n", view.Sources.Select(source => Query(view, source, isHistory)));

    private static string Query(RecordView view, ViewSource source, bool isHistory)
    {
        var table = SqlName.Parse(isHistory ? source.Table + "_history" : source.Table);
        string Of(string column, string otherwise = "null") =>
            $"({source.Columns.GetValueOrDefault(column, otherwise)})";
        string[] columns =
        [
            $"'{source.Table}'::text as record_table", "record_key::text", "person_key", "sender",
            $"{Of("unit", "unit")}::text as unit", "local_id", "submission_id::text",
            $"{Of("data_year", "period_year")}::integer as data_year",
            .. view.Columns.Select(column =>
                $"{Of(column.Name)}::{RecordViewSql.TypeOf(column.Kind)} as {SqlName.Parse(column.Name)}"),
        ];
        return $"""
            select {string.Join(",\n  ", columns)}
            from (
              select r.*, p.data_year as period_year
              from register.{table} r
              left join register.period p on p.period_no = r.period_no
            ) as r{(source.Each is { } each ? $", {each} as each" : "")}
            where {source.Where ?? "true"}
            """;
    }

    private static string Digest(string query) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..16];
}
