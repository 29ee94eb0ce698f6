using System.Diagnostics;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Bench;

/// <summary>
/// What one would write without a register: one table with one index, and <c>insert … on conflict</c> over a staged
/// binary COPY. It knows no persons, keeps no history and tells nobody.
/// </summary>
internal sealed class PlainTable(NpgsqlDataSource database)
{
    private readonly List<(string Name, ColumnKind Kind)> _columns = [];

    public async Task CreateAsync(RecordType type, CancellationToken cancellation)
    {
        _columns.AddRange(type.Columns.Select(column => (column.Name, column.Kind)));
        var columns = string.Join(", ", _columns.Select(column => $"\"{column.Name}\" {SqlTypeOf(column.Kind)}"));
        await using var command = database.CreateCommand(
            $"""
            create schema rival;
            create table rival.plain (sender text, local_id text, {columns}, primary key (sender, local_id))
            """);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Copies rows in that are not there before.</summary>
    /// <returns>Seconds it took.</returns>
    public async Task<double> LoadAsync(
        OrganizationNumber sender, RecordBatch batch, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await CopyAsync(connection, "rival.plain", sender.ToString(), batch, cancellation);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Brings rows in, over those that are there.</summary>
    /// <returns>Seconds it took.</returns>
    public async Task<double> TakeAsync(
        OrganizationNumber sender, RecordBatch batch, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var stage = new NpgsqlCommand(
            "create temporary table staged (like rival.plain) on commit drop", connection, transaction))
        {
            await stage.ExecuteNonQueryAsync(cancellation);
        }

        await CopyAsync(connection, "staged", sender.ToString(), batch, cancellation);
        await using (var merge = new NpgsqlCommand(Merge, connection, transaction))
            await merge.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // What is the same is left alone, as the register does.
    private string Merge
    {
        get
        {
            var names = _columns.Select(column => $"\"{column.Name}\"").ToArray();
            var all = string.Join(", ", names);
            var set = string.Join(", ", names.Select(name => $"{name} = excluded.{name}"));
            var (old, given) = (Row("plain"), Row("excluded"));
            return $"""
                insert into rival.plain as plain (sender, local_id, {all})
                select sender, local_id, {all} from staged
                on conflict (sender, local_id) do update set {set} where {old} is distinct from {given}
                """;

            string Row(string table) => $"({string.Join(", ", names.Select(name => $"{table}.{name}"))})";
        }
    }

    private async Task CopyAsync(
        NpgsqlConnection connection, string table, string sender, RecordBatch batch, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {table} from stdin (format binary)", cancellation);
        for (var row = 0; row < batch.Count; row++)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(sender, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(batch.LocalIds[row], NpgsqlDbType.Text, cancellation);
            foreach (var vector in batch.Columns) await WriteAsync(copy, vector, row, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static Task WriteAsync(
        NpgsqlBinaryImporter copy, ColumnVector vector, int row, CancellationToken cancellation) => vector switch
        {
            _ when vector.IsNull(row) => copy.WriteNullAsync(cancellation),
            ColumnVector<long> numbers => copy.WriteAsync(numbers[row], NpgsqlDbType.Bigint, cancellation),
            ColumnVector<string> { Kind: ColumnKind.Json } json =>
                copy.WriteAsync(json[row], NpgsqlDbType.Jsonb, cancellation),
            ColumnVector<string[]> lists =>
                copy.WriteAsync(lists[row], NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation),
            ColumnVector<string> texts => copy.WriteAsync(texts[row], NpgsqlDbType.Text, cancellation),
            ColumnVector<long[]> lists =>
                copy.WriteAsync(lists[row], NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation),
            ColumnVector<decimal> numbers => copy.WriteAsync(numbers[row], NpgsqlDbType.Numeric, cancellation),
            ColumnVector<bool> flags => copy.WriteAsync(flags[row], NpgsqlDbType.Boolean, cancellation),
            ColumnVector<DateOnly> days => copy.WriteAsync(days[row], NpgsqlDbType.Date, cancellation),
            ColumnVector<DateTimeOffset> times => copy.WriteAsync(times[row], NpgsqlDbType.TimestampTz, cancellation),
            _ => throw new ArgumentException($"A column of kind {vector.Kind} is not copied here."),
        };

    private static string SqlTypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => "bigint",
        ColumnKind.Text => "text",
        ColumnKind.Json => "jsonb",
        ColumnKind.Decimal => "numeric",
        ColumnKind.TextArray => "text[]",
        ColumnKind.IntegerArray => "bigint[]",
        ColumnKind.Boolean => "boolean",
        ColumnKind.Date => "date",
        ColumnKind.Instant => "timestamp with time zone",
        _ => throw new ArgumentException($"A column of kind {kind} is not copied here."),
    };
}
