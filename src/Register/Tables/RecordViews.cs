using System.Security.Cryptography;
using System.Text;
using Dapper;
using Kilde.Definitions.Checks;
using Kilde.Register.Reading;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// The SQL views of <c>definitions/views/</c>, each with a twin over the history, for whoever needs to know where a
/// record that is no more stood. Lists are no views: who reads them brings their rows.
/// </summary>
internal static class RecordViews
{
    /// <summary>Remakes the views that the definitions have changed; the others and their readers stay.</summary>
    public static async Task ReplaceAsync(
        IReadOnlyList<RecordView> views, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        foreach (var view in views.Where(view => view.List is null))
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

    internal static string Query(RecordView view, bool isHistory)
    {
        var told = string.Join("\nunion all\n", view.Sources.Select(source => Query(view, source, isHistory)));
        if (view.Counting.Count == 0) return told;

        // Earlier versions are read to find out where a record stood, and that it did not count is no reason not to.
        var counts = isHistory ? "true" : Counts(view);
        var columns = RecordView.FixedColumns.Concat(view.Columns).Select(column => SqlName.Parse(column.Name));
        return $"""
            select {string.Join(", ", columns)}
            from (select told.*, {counts} as {RecordView.CountsColumn} from (
            {told}
            ) as told) as counted
            where {(view.CountedOf is null ? "true" : RecordView.CountsColumn)}
            """;
    }

    // The first line that fits decides; where none does, nothing else is known to tell of the same.
    private static string Counts(RecordView view)
    {
        var lines = view.Counting.Select(line => $"when {Fits(line)} then "
            + (line.Tables.Count > 0 ? $"record_table in ({Literals(line.Tables)})" : "false"));
        return $"(case {string.Join("\n", lines)} else true end)";
    }

    private static string Fits(CountingLine line)
    {
        List<string> conditions = [];
        if (line.From is { } from) conditions.Add($"data_year >= {from}");
        if (line.To is { } to) conditions.Add($"data_year <= {to}");
        if (line.Senders.Count > 0) conditions.Add($"sender in ({Literals(line.Senders)})");
        if (line.Where is { } where) conditions.Add($"({where})");
        if (line.WholeYearsOf.Count > 0)
        {
            // Not correlated, so that the few years there are become one hash table for all rows.
            conditions.Add(
                $"""
                (sender, data_year) in (
                  select p.sender, p.data_year::integer from register.period p
                  where p.whole_extracted_on is not null and p.message_type in ({Literals(line.WholeYearsOf)}))
                """);
        }

        return conditions.Count == 0 ? "true" : string.Join(" and ", conditions);
    }

    private static string Literals(IEnumerable<string> texts) => string.Join(", ", texts.Select(ContactView.Literal));

    /// <summary>
    /// The units and data years that some of the sources' records stand at. The views have keys as text; here the
    /// records are found by their own, where a look through a view would read all that the persons have. Sources that
    /// tell of a table's records by the same year are one look at it.
    /// </summary>
    /// <param name="named">
    /// A table with the records' <c>record_table</c>, <c>record_key</c> and <c>person_key</c>.
    /// </param>
    internal static IEnumerable<string> UnitYears(IEnumerable<ViewSource> sources, bool isHistory, string named) =>
        from source in sources
        group source by (
            From: From(source, isHistory), Each: Each(source), source.Table,
            Sender: Of(source, "sender", "sender"), DataYear: Of(source, "data_year", "period_year")) into alike
        let of = alike.Key
        select $"""
            select {of.Sender}::text as sender, {of.DataYear}::integer as data_year
            {of.From}
            join (
              select person_key as named_person, record_key as named_record
              from {named} where record_table = {ContactView.Literal(of.Table)}
            ) as named on named_person = r.person_key and named_record = r.record_key{of.Each}
            where {string.Join(" or ", alike.Select(source => $"({source.Where ?? "true"})").Distinct())}
            """;

    private static string Query(RecordView view, ViewSource source, bool isHistory)
    {
        string[] columns =
        [
            $"'{source.Table}'::text as record_table", "record_key::text", "person_key",
            $"{Of(source, "sender", "sender")}::text as sender", $"{Of(source, "unit", "unit")}::text as unit",
            $"{Of(source, "local_id", "local_id")}::text as local_id", "submission_id::text",
            $"{Of(source, "data_year", "period_year")}::integer as data_year",
            .. view.Columns.Where(column => column.Name != RecordView.CountsColumn).Select(column =>
                $"{Of(source, column.Name)}::{RecordViewSql.TypeOf(column.Kind)} as {SqlName.Parse(column.Name)}"),
        ];
        return $"""
            select {string.Join(",\n  ", columns)}
            {From(source, isHistory)}{Each(source)}
            where {source.Where ?? "true"}
            """;
    }

    private static string Of(ViewSource source, string column, string otherwise = "null") =>
        $"({source.Columns.GetValueOrDefault(column, otherwise)})";

    private static string From(ViewSource source, bool isHistory)
    {
        var table = SqlName.Parse(isHistory ? source.Table + "_history" : source.Table);
        return $"""
            from (
              select r.*, p.data_year as period_year, p.share as period_share
              from register.{table} r
              left join register.period p on p.period_no = r.period_no
            ) as r
            """;
    }

    private static string Each(ViewSource source) =>
        source.Each is { } each ? $", {each} as each" : "";

    private static string Digest(string query) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..16];
}
