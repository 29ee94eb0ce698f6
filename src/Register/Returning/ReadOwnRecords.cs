using System.Runtime.CompilerServices;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;
using Npgsql;

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
        IReadOnlyCollection<string> names, int batchRows, AccessGround ground,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        foreach (var table in _tables)
        {
            await using var command = CommandOf(table, names, connection);
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
        [.. RecordTable.FixedColumns.Select(column => column.Name).Where(name => name != "unit")];

    private static NpgsqlCommand CommandOf(
        RecordTable table, IReadOnlyCollection<string> names, NpgsqlConnection connection) =>
        new(
            $"""
            select r.record_key, r.identifier_key, r.local_id, r.submission_id, r.since, p.data_year,
              jsonb_strip_nulls(to_jsonb(r) - @hidden::text[])::text
            from register.{table.Name} r
            left join register.period p on p.period_no = r.period_no
            where r.sender = any(@names)
            """,
            connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new NpgsqlParameter<string[]>("names", [.. names]),
                new NpgsqlParameter<string[]>("hidden", Hidden),
            },
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
