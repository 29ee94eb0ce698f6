using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// Makes the database agree with the definitions: a table, a history twin and a locator for each kind of record.
/// </summary>
public sealed class RegisterTables(IOptions<RegisterOptions> options)
{
    /// <summary>
    /// Creates what is missing, adds new columns, renews comments and views. Safe to run at every start
    /// and from several nodes. Nothing is ever dropped or narrowed: a column that has left the definitions keeps
    /// the data it has, and a column that has changed its type is refused.
    /// </summary>
    /// <param name="owner">The register as its owner: the role the platform runs as makes no tables.</param>
    /// <exception cref="InvalidRecordTableException">Definitions and tables cannot be made to agree.</exception>
    public Task EnsureAsync(NpgsqlDataSource owner, DefinitionCatalogue catalogue, CancellationToken cancellation) =>
        EnsureAsync(
            owner, RecordTable.AllOf(catalogue.MessageTypes), catalogue.Views, catalogue.Scores, cancellation);

    internal async Task EnsureAsync(
        NpgsqlDataSource owner, IReadOnlyList<RecordTable> tables, IReadOnlyList<RecordView> views,
        IReadOnlyList<Score> scores, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(OneAtATime, transaction, cancellationToken: cancellation));

        var standing = await StandingTables.ReadAsync(transaction, cancellation);
        await ExecuteAsync(SensitiveTables.Schemas(tables), transaction, cancellation);
        await ExecuteAsync(
            string.Concat(tables.SelectMany(table => table.Places).Select(table => Statements(table, standing))),
            transaction, cancellation);
        await ExecuteAsync(SensitiveTables.Rights(tables), transaction, cancellation);
        foreach (var (table, rule) in Changed(tables, standing))
            await MoveApart.MoveAsync(table, rule, transaction, cancellation);
        await RememberAsync(tables, transaction, cancellation);
        await ContactView.ReplaceAsync(tables, views, transaction, cancellation);
        await RecordViews.ReplaceAsync(views, transaction, cancellation);
        await MunicipalityMap.ReplaceAsync(transaction, cancellation);
        await ScoreFunctions.ReplaceAsync(scores, transaction, cancellation);

        await transaction.CommitAsync(cancellation);
    }

    private string Statements(RecordTable table, StandingTables standing) =>
        (standing.Has(table.Place.Table)
            ? AlterStatements(table, standing)
            : CreateStatements(table, PartitionsOf(table.Place)))
        + CommentStatements(table, standing);

    private static IEnumerable<(RecordTable Table, ApartRule Rule)> Changed(
        IReadOnlyList<RecordTable> tables, StandingTables standing) =>
        from table in tables
        where standing.Has(table.Place.Table)
        from held in table.Places
        where held.Rule is not null && standing.CommentOn(held.Place.Table) != CommentOf(held)
        orderby held.Rule!.Rows.Count // Items first: a record that is taken whole leaves with what is left of it.
        select (table, held.Rule!);

    // What is held apart is little.
    private int PartitionsOf(RecordPlace place) => place.Class is null ? options.Value.Partitions : 1;

    private static async Task RememberAsync(
        IReadOnlyList<RecordTable> tables, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            RememberTables,
            new
            {
                tables = JsonSerializer.Serialize(tables.Select(table => new
                {
                    record_table = table.Name.Text,
                    register = table.Register.ToString().ToUpperInvariant(),
                    title = table.Title,
                    message_types = table.MessageTypes,
                    sensitive_classes = table.Classes,
                })),
            },
            transaction,
            cancellationToken: cancellation));

    internal static string CreateStatements(RecordTable table, int partitions)
    {
        var columns = string.Concat(table.Columns.Select(column => $",\n  {column.Name} {column.SqlType}"));
        var record = Declarations(RecordTable.FixedColumns);
        var ended = Declarations(RecordTable.HistoryColumns);
        var digests = string.Join(
            ",\n  ", RecordTable.DigestColumns.Select(column => $"{column.Name} {column.SqlType}"));
        var (name, history, locator) = (table.Place.Table, table.Place.History, table.Place.Locator);

        // The history begins with its own columns and goes on exactly as the record table does. Both get new columns
        // at the end, together, so that "select …, c.*" moves a whole version whatever columns there are by now.
        var sql = new StringBuilder(
            $"""
            create table {name} (
              {record}{columns},
              constraint "{name.Name.Text}_pk" primary key (person_key, record_key)
            ) partition by hash (person_key);
            create index "{name.Name.Text}_sender_ix" on {name} (sender);
            create table {history} (
              {ended},
              {record}{columns},
              constraint "{history.Name.Text}_pk" primary key (person_key, record_key, since),
              constraint "{history.Name.Text}_period" check (since < until),
              constraint "{history.Name.Text}_ended_by" check (ended_by in ({EndedBys}))
            ) partition by hash (person_key);
            create index "{history.Name.Text}_record_ix" on {history} (record_key);
            create index "{history.Name.Text}_sender_ix" on {history} (sender);
            create table {locator} (
              record_key uuid not null,
              person_key bigint not null,
              row_hash uuid not null,
              period_no bigint not null,
              {digests},
              constraint "{locator.Name.Text}_pk" primary key (period_no, record_key)
            );
            {DigestIndex(table)}

            """);

        for (var partition = 0; partition < partitions; partition++)
        {
            sql.Append(CultureInfo.InvariantCulture, $"""
                create table {name.Schema}."{name.Name.Text}_p{partition}" partition of {name}
                  for values with (modulus {partitions}, remainder {partition});
                create table {name.Schema}."{history.Name.Text}_p{partition}" partition of {history}
                  for values with (modulus {partitions}, remainder {partition});

                """);
        }

        // Nothing is found by what is inside jsonb, and sorting a sample of it is dear each time a table is analyzed.
        foreach (var column in table.Columns.Where(column => column.Kind == ColumnKind.Json))
        {
            sql.Append(CultureInfo.InvariantCulture, $"""
                alter table {name} alter column {column.Name} set statistics 0;
                alter table {history} alter column {column.Name} set statistics 0;

                """);
        }

        return sql.ToString();
    }

    // Tables from before there were periods: their records belong to none.
    private static string AddPeriods(RecordTable table)
    {
        var (history, locator) = (table.Place.History, table.Place.Locator);
        return $"""
            alter table {table.Place.Table} add column period_no bigint not null default 0;
            alter table {table.Place.Table} alter column period_no drop default;
            alter table {history} add column period_no bigint not null default 0;
            alter table {history} alter column period_no drop default;
            alter table {locator} add column period_no bigint not null default 0;
            alter table {locator} alter column period_no drop default;
            alter table {locator} drop constraint "{locator.Name.Text}_pk";
            alter table {locator} add constraint "{locator.Name.Text}_pk" primary key (period_no, record_key);
            alter table {history} drop constraint "{history.Name.Text}_ended_by";
            alter table {history} add constraint "{history.Name.Text}_ended_by" check (ended_by in ({EndedBys}));

            """;
    }

    // Tables from before senders could compare. What they hold is compared when it has been sent anew.
    private static string AddDigests(RecordTable table)
    {
        var columns = RecordTable.DigestColumns.Select(column => $"add column {column.Name} {column.SqlType}");
        return $"alter table {table.Place.Locator} {string.Join(", ", columns)};\n{DigestIndex(table)}\n";
    }

    private static string DigestIndex(RecordTable table) =>
        $"""
        create index "{table.Place.Locator.Name.Text}_digest_ix"
          on {table.Place.Locator} (sender, unit, month, id_digest) include (content_digest) where sender is not null;
        """;

    private static string Declarations(IReadOnlyList<FixedColumn> columns) =>
        string.Join(",\n  ", columns.Select(column => $"{column.Name} {column.SqlType} not null"));

    private static string AlterStatements(RecordTable table, StandingTables standing)
    {
        var existing = standing.ColumnsOf(table.Place.Table);
        var history = standing.ColumnsOf(table.Place.History);
        var sql = new StringBuilder();
        var locator = standing.ColumnsOf(table.Place.Locator);
        if (!locator.ContainsKey("period_no")) sql.Append(AddPeriods(table));
        if (!locator.ContainsKey("id_digest")) sql.Append(AddDigests(table));
        foreach (var column in table.Columns)
        {
            if (!existing.TryGetValue(column.Name.Text, out var type))
            {
                sql.Append($"alter table {table.Place.Table} add column {column.Name} {column.SqlType};\n");
                sql.Append($"alter table {table.Place.History} add column {column.Name} {column.SqlType};\n");
            }
            else if (type != column.SqlType)
            {
                throw new InvalidRecordTableException(
                    $"Column {column.Name.Text} of {table.Place.Table.Text} is {type}, but the definition asks for "
                    + $"{column.SqlType}. Data are never converted in place: give the changed item a new column name.");
            }
        }

        if (!existing.Keys.SequenceEqual(history.Keys.Skip(RecordTable.HistoryColumns.Count)))
        {
            throw new InvalidRecordTableException(
                $"{table.Place.History.Text} does not have the columns of {table.Place.Table.Text}. "
                + "Someone has changed one of them by hand; bring them to agree before Kilde starts.");
        }

        return sql.ToString();
    }

    private static string TitleOf(RecordTable table) => $"{table.Title}. From {string.Join(", ", table.MessageTypes)}.";

    private static string CommentOf(RecordTable table) =>
        $"{TitleOf(table)} What stands now.{(table.Rule is { } rule ? $" Held apart: {rule.Text}." : "")}";

    // Only those that are not there already: a start that changes nothing writes nothing.
    private static string CommentStatements(RecordTable table, StandingTables standing)
    {
        var own = table.Columns.Select(column => (Name: column.Name.Text, column.Title));
        var record = RecordTable.FixedColumns.Select(column => (column.Name, column.Title)).Concat(own).ToArray();
        var ended = RecordTable.HistoryColumns.Select(column => (column.Name, column.Title));
        var sql = new StringBuilder();
        Say(table.Place.Table, CommentOf(table), record);
        Say(table.Place.History, $"{TitleOf(table)} Earlier versions, with when each ended.", ended.Concat(record));
        Say(table.Place.Locator, $"{TitleOf(table)} Where each standing record is, by record key.", []);
        return sql.ToString();

        void Say(TableName of, string text, IEnumerable<(string Name, string Title)> columns)
        {
            if (standing.CommentOn(of) != text) sql.Append(CommentOn("table", $"{of}", text));
            foreach (var column in columns.Where(column => standing.CommentOn(of, column.Name) != column.Title))
                sql.Append(CommentOn("column", $"{of}.{SqlName.Parse(column.Name)}", column.Title));
        }
    }

    // A comment takes no parameter. Standard-conforming strings (PostgreSQL's default) end only at a single quote.
    private static string CommentOn(string kind, string target, string text) =>
        $"comment on {kind} {target} is '{text.Replace("'", "''", StringComparison.Ordinal)}';\n";

    private static async Task ExecuteAsync(string sql, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (sql.Length == 0) return;
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private const string EndedBys = "'replaced', 'deleted', 'moved', 'gone'";

    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('register.tables', 0))";

    private const string RememberTables =
        """
        insert into register.record_table (record_table, register, title, message_types, sensitive_classes)
        select record_table, register, title, array(select jsonb_array_elements_text(message_types)),
          array(select jsonb_array_elements_text(sensitive_classes))
        from jsonb_to_recordset(@tables::jsonb)
          as t(record_table text, register text, title text, message_types jsonb, sensitive_classes jsonb)
        on conflict (record_table) do update
        set register = excluded.register, title = excluded.title, message_types = excluded.message_types,
          sensitive_classes = record_table.sensitive_classes || array(
            select unnest(excluded.sensitive_classes) except select unnest(record_table.sensitive_classes))
        where (record_table.register, record_table.title, record_table.message_types)
          is distinct from (excluded.register, excluded.title, excluded.message_types)
          or not record_table.sensitive_classes @> excluded.sensitive_classes
        """;
}
