using System.Runtime.CompilerServices;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Returning;

/// <summary>A record as it stands, for the one who sent it.</summary>
/// <param name="DataYear">Where messages replace whole years; null elsewhere.</param>
/// <param name="Values">The columns that are not null, as a JSON object.</param>
public sealed record OwnRecord(
    string Table, Guid RecordKey, IdentifierKey Identifier, string LocalId, Guid SubmissionId, DateTimeOffset Since,
    int? DataYear, string Values);

/// <summary>
/// All standing records of a sender, in batches, in constant memory (R3.18). Each batch is in the audit log before it
/// is given.
/// </summary>
public sealed class ReadOwnRecords(RegisterDatabase database, DefinitionCatalogue catalogue, AuditLog audit)
{
    private readonly IReadOnlyList<RecordTable> _tables = RecordTable.AllOf(catalogue.MessageTypes);

    /// <param name="names">What the sender calls itself. Records of nobody else are read.</param>
    /// <param name="batchRows">Records in a batch, at least 1.</param>
    public async IAsyncEnumerable<IReadOnlyList<OwnRecord>> ReadAsync(
        IReadOnlyCollection<string> names, ReturnedRecords which, int batchRows, AccessGround ground,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var table in _tables.Where(which.Takes))
        {
            // A sender is given what is held apart of its own as well.
            if (table.Apart.Count > 0) await transaction.BecomeKeeperAsync(cancellation);
            else await transaction.BecomePlatformAsync(cancellation);
            await using var command = CommandOf(table, names, which, connection);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            var batch = new List<OwnRecord>(batchRows);
            while (await row.ReadAsync(cancellation))
            {
                batch.Add(new OwnRecord(
                    table.Name.Text, row.GetGuid(0), new IdentifierKey(row.GetInt64(1)), row.GetString(2),
                    row.GetGuid(3), row.GetFieldValue<DateTimeOffset>(4), row.IsDBNull(5) ? null : row.GetInt32(5),
                    row.GetString(6)));
                if (batch.Count < batchRows) continue;
                yield return await LoggedAsync(table, batch, ground, cancellation);
                batch = new List<OwnRecord>(batchRows);
            }

            if (batch.Count > 0) yield return await LoggedAsync(table, batch, ground, cancellation);
        }
    }

    // Keys and hashes are the register's own; the unit the record stands under is the sender's.
    private static string[] Hidden { get; } =
    [
        .. RecordTable.FixedColumns.Select(column => column.Name).Where(name => name != "unit"),
        RecordPlace.WholeColumn,
    ];

    private static NpgsqlCommand CommandOf(
        RecordTable table, IReadOnlyCollection<string> names, ReturnedRecords which, NpgsqlConnection connection) =>
        new(
            $"""
            {string.Join("\nunion all\n", table.Places.Select(place => RowsOf(place, table.Places)))}
            """,
            connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new NpgsqlParameter<string[]>("names", [.. names]),
                new NpgsqlParameter<string[]>("hidden", Hidden),
                new NpgsqlParameter("from", NpgsqlDbType.Integer) { Value = (object?)which.From?.Year ?? DBNull.Value },
            },
        };

    // Whole records, each with the items of it that classes hold.
    private static string RowsOf(RecordTable table, IEnumerable<RecordTable> places)
    {
        RecordPlace[] others = [.. places.Select(other => other.Place)
            .Where(other => other.Class is not null && other != table.Place)];
        var items = others.Select((_, i) =>
            $" || coalesce({ValuesOf(table, $"i{i}")}, '{{}}')");
        var joins = others.Select((other, i) =>
            $"""

            left join {other.Table} i{i}
              on i{i}.person_key = r.person_key and i{i}.record_key = r.record_key and not i{i}.is_whole
            """);
        return $"""
            select r.record_key, r.identifier_key, r.local_id, r.submission_id, r.since, p.data_year,
              ({ValuesOf(table, "r")}{string.Concat(items)})::text
            from {table.Place.Table} r
            left join register.period p on p.period_no = r.period_no{string.Concat(joins)}
            where r.sender = any(@names){(table.Place.Class is null ? "" : " and r.is_whole")}
              and (@from is null or coalesce(p.data_year, {YearOf(table.Event)}, @from) >= @from)
            """;
    }

    private static string ValuesOf(RecordTable table, string row)
    {
        var texts = table.Columns.Where(column => column.IsJsonText)
            .Select(column => $"{ContactView.Literal(column.Name.Text)}, {row}.{column.Name}::jsonb").ToArray();
        var json = texts.Length == 0 ? "" : $" || jsonb_build_object({string.Join(", ", texts)})";
        return $"jsonb_strip_nulls((to_jsonb({row}){json}) - @hidden::text[])";
    }

    private static string YearOf(TableColumn? time) => time?.Kind switch
    {
        ColumnKind.Date => $"extract(year from r.{time.Name})::integer",
        ColumnKind.Instant => $"extract(year from r.{time.Name} at time zone 'Europe/Oslo')::integer",
        _ => "null",
    };

    private async Task<IReadOnlyList<OwnRecord>> LoggedAsync(
        RecordTable table, List<OwnRecord> batch, AccessGround ground, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var entry = new AuditEntry(ground, "register.return_records", table.Name.Text, batch.Count);
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return batch;
    }
}
