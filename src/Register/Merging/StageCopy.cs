using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Merging;

/// <summary>Fills a staging table by binary COPY.</summary>
internal static class StageCopy
{
    /// <param name="persons">One for each row of the table, in its order; not read for deletions.</param>
    public static async Task WriteAsync(
        StagedTable table, string copyStage, ResolvedPerson[] persons, NpgsqlConnection connection,
        CancellationToken cancellation)
    {
        var columns = table.Columns;
        var batches = new Dictionary<RecordBatch, (ColumnVector?[] Vectors, RowHash Hash)>(
            ReferenceEqualityComparer.Instance);

        await using var importer = await connection.BeginBinaryImportAsync(copyStage, cancellation);
        for (var i = 0; i < table.Rows.Count; i++)
        {
            var row = table.Rows[i];
            if (!batches.TryGetValue(row.Batch, out var batch))
                batches[row.Batch] = batch = (Align(row.Batch, columns), new RowHash(row.Batch.Type));

            await importer.StartRowAsync(cancellation);
            await importer.WriteAsync(row.RecordKey, NpgsqlDbType.Uuid, cancellation);
            await importer.WriteAsync(row.SubmissionNo, NpgsqlDbType.Integer, cancellation);
            await importer.WriteAsync(row.Round, NpgsqlDbType.Integer, cancellation);
            if (row.IsDeletion) await WriteNullsAsync(importer, 5 + columns.Count, cancellation);
            else await WriteRecordAsync(importer, row, persons[i], batch.Vectors, batch.Hash, cancellation);
        }

        await importer.CompleteAsync(cancellation);
    }

    private static async ValueTask WriteRecordAsync(
        NpgsqlBinaryImporter importer, StagedRow row, ResolvedPerson person, ColumnVector?[] vectors, RowHash hash,
        CancellationToken cancellation)
    {
        await importer.WriteAsync(person.PersonKey.Value, NpgsqlDbType.Bigint, cancellation);
        await importer.WriteAsync(person.IdentifierKey.Value, NpgsqlDbType.Bigint, cancellation);
        await importer.WriteAsync(row.Batch.Units[row.Row].ToString(), NpgsqlDbType.Text, cancellation);
        await importer.WriteAsync(row.LocalId, NpgsqlDbType.Text, cancellation);
        await importer.WriteAsync(hash.Of(row.Batch, row.Row, person.IdentifierKey), NpgsqlDbType.Bytea, cancellation);
        foreach (var vector in vectors) await WriteAsync(importer, vector, row.Row, cancellation);
    }

    private static Task WriteAsync(
        NpgsqlBinaryImporter importer, ColumnVector? vector, int row, CancellationToken cancellation) =>
        vector is null || vector.IsNull(row)
            ? importer.WriteNullAsync(cancellation)
            : vector switch
            {
                ColumnVector<long> v => importer.WriteAsync(v[row], NpgsqlDbType.Bigint, cancellation),
                ColumnVector<decimal> v => importer.WriteAsync(v[row], NpgsqlDbType.Numeric, cancellation),
                ColumnVector<string> { Kind: ColumnKind.Json } v =>
                    importer.WriteAsync(v[row], NpgsqlDbType.Jsonb, cancellation),
                ColumnVector<string> v => importer.WriteAsync(v[row], NpgsqlDbType.Text, cancellation),
                ColumnVector<bool> v => importer.WriteAsync(v[row], NpgsqlDbType.Boolean, cancellation),
                ColumnVector<DateOnly> v => importer.WriteAsync(v[row], NpgsqlDbType.Date, cancellation),
                ColumnVector<DateTimeOffset> v =>
                    importer.WriteAsync(v[row].UtcDateTime, NpgsqlDbType.TimestampTz, cancellation),
                ColumnVector<string[]> v =>
                    importer.WriteAsync(v[row], NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation),
                ColumnVector<long[]> v =>
                    importer.WriteAsync(v[row], NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation),
                _ => throw new ArgumentException($"A column of kind {vector.Kind} holds values of no known type."),
            };

    private static async ValueTask WriteNullsAsync(
        NpgsqlBinaryImporter importer, int count, CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++) await importer.WriteNullAsync(cancellation);
    }

    // The table's columns, each with the vector this batch has for it; null when its version does not have the column.
    private static ColumnVector?[] Align(RecordBatch batch, IReadOnlyList<RecordColumn> columns) =>
    [
        .. columns.Select(column => batch.Type.Columns
            .Zip(batch.Columns)
            .FirstOrDefault(pair => pair.First.Name == column.Name).Second),
    ];
}
