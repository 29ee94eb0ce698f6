using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Register.Comparing;
using Kilde.Register.Feed;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>Brings the rows of a plan into the tables, each kind in one binary COPY.</summary>
internal sealed class MergeCopy(
    NpgsqlConnection connection, RecordPlace place, StagedTable table, long periodNo, TakenBatches batches,
    SenderDigests digests)
{
    /// <summary>Changes in one row of the feed: what fits in a row that PostgreSQL keeps in one piece.</summary>
    public const int ChangesPerRow = 64;

    /// <summary>A table of fewer partitions has a power of two of them, and rows of each come in some runs.</summary>
    private const int PartitionsApart = 16;

    /// <summary>
    /// The records, partition by partition and person by person: many rows go to a page at a time, a person's records
    /// lie together, and the index grows in order.
    /// </summary>
    public async Task RecordsAsync(List<int> rows, CancellationToken cancellation)
    {
        var ordered = rows.ToArray();
        Array.Sort(Array.ConvertAll(ordered, PlaceOf), ordered);
        foreach (var group in ordered.GroupBy(row => table.Rows[row].Batch!.Batch.Type))
        {
            var filled = FilledColumnsOf(group.Key, group);
            var columns = RecordColumnsOf(group.Key, filled);
            await using var copy = await BeginAsync(place.Table, columns, cancellation);
            foreach (var row in group)
            {
                await copy.StartRowAsync(columns.Length, cancellation);
                WriteRecord(copy, row, filled);
            }

            await copy.CompleteAsync(cancellation);
        }
    }

    /// <summary>The versions that both came and went within the merge.</summary>
    public async Task PassingAsync(List<PassingVersion> versions, CancellationToken cancellation)
    {
        foreach (var group in versions.GroupBy(version => table.Rows[version.Row].Batch!.Batch.Type))
        {
            var filled = FilledColumnsOf(group.Key, group.Select(version => version.Row));
            string[] columns =
                [.. RecordTable.HistoryColumns.Select(column => column.Name), .. RecordColumnsOf(group.Key, filled)];
            await using var copy = await BeginAsync(place.History, columns, cancellation);
            foreach (var version in group)
            {
                await copy.StartRowAsync(columns.Length, cancellation);
                copy.Write(batches.AtOf(version.SubmissionNo));
                copy.Write(batches.NoOf(version.SubmissionNo));
                copy.Write(version.EndedBy);
                WriteRecord(copy, version.Row, filled);
            }

            await copy.CompleteAsync(cancellation);
        }
    }

    public async Task LocatorsAsync(List<int> rows, CancellationToken cancellation)
    {
        // In the order of its index: the pages that grow are then few at a time.
        var ordered = rows.ToArray();
        Array.Sort(Array.ConvertAll(ordered, row => table.Rows[row].RecordKey), ordered);
        foreach (var group in ordered.GroupBy(IsCompared))
        {
            string[] columns =
            [
                "record_key", "person_key", "row_hash", "period_no",
                .. group.Key ? RecordTable.DigestColumns.Select(column => column.Name) : [],
            ];
            await using var copy = await BeginAsync(place.Locator, columns, cancellation);
            foreach (var row in group)
            {
                await copy.StartRowAsync(columns.Length, cancellation);
                copy.Write(table.Rows[row].RecordKey);
                copy.Write(table.PersonOf(row).PersonKey.Value);
                copy.Write(table.HashOf(row));
                copy.Write(periodNo);
                if (group.Key) WriteDigest(copy, table.Rows[row]);
            }

            await copy.CompleteAsync(cancellation);
        }
    }

    public async Task ChangesAsync(List<PlannedChange> changes, CancellationToken cancellation)
    {
        string[] columns =
            ["batch_no", "record_table", "kind", "record_keys", "person_keys", "former_person_keys"];
        await using var copy = await BeginAsync(place.Change, columns, cancellation);
        foreach (var group in changes.GroupBy(change => (change.SubmissionNo, change.Kind)))
        {
            foreach (var some in group.Chunk(ChangesPerRow))
            {
                await copy.StartRowAsync(columns.Length, cancellation);
                copy.Write(batches.NoOf(group.Key.SubmissionNo));
                copy.Write(place.Name.Text);
                copy.Write(NameOf(group.Key.Kind));
                copy.Write([.. some.Select(change => change.RecordKey)]);
                copy.Write([.. some.Select(change => change.PersonKey)]);
                if (group.Key.Kind == ChangeKind.Move)
                    copy.Write([.. some.Select(change => change.FormerPersonKey!.Value)]);
                else copy.WriteNull();
            }
        }

        await copy.CompleteAsync(cancellation);
    }

    private (int Partition, long Person) PlaceOf(int row)
    {
        var person = table.PersonOf(row).PersonKey.Value;
        return ((int)(PartitionHash.Of(person) % PartitionsApart), person);
    }

    private Task<BinaryCopy> BeginAsync(
        TableName target, IReadOnlyList<string> columns, CancellationToken cancellation) =>
        BinaryCopy.BeginAsync(
            connection, $"copy {target} ({string.Join(", ", columns)}) from stdin (format binary)", cancellation);

    private static string NameOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Insert => "insert",
        ChangeKind.Update => "update",
        ChangeKind.Delete => "delete",
        ChangeKind.Move => "move",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of change."),
    };

    // One of the places a record is held in tells its digest.
    private bool IsCompared(int row) =>
        table.Rows[row].Batch! is { Digested: { } sent } batch && RecordDigests.Covers(batch.Head.Type, sent.Type);

    // What no row has is not sent, and is null.
    private int[] FilledColumnsOf(RecordType type, IEnumerable<int> rows)
    {
        var isFilled = new bool[type.Columns.Count];
        ResolvedBatch? last = null;
        foreach (var row in rows)
        {
            var batch = table.Rows[row].Batch!;
            if (ReferenceEquals(batch, last)) continue;
            for (var column = 0; column < isFilled.Length; column++)
                isFilled[column] |= !batch.Batch.Columns[column].IsEmpty;
            last = batch;
        }

        return [.. Enumerable.Range(0, isFilled.Length).Where(column => isFilled[column])];
    }

    private string[] RecordColumnsOf(RecordType type, int[] filled) =>
    [
        .. RecordTable.FixedColumns.Select(column => column.Name),
        .. place.Class is null ? [] : new[] { RecordPlace.WholeColumn },
        .. filled.Select(column => SqlName.Parse(type.Columns[column].Name).ToString()),
    ];

    // In the order of RecordTable.FixedColumns, and then as the definition has them.
    private void WriteRecord(BinaryCopy copy, int row, int[] filled)
    {
        var staged = table.Rows[row];
        var batch = staged.Batch!;
        var person = table.PersonOf(row);
        copy.Write(person.PersonKey.Value);
        copy.Write(person.IdentifierKey.Value);
        copy.Write(staged.RecordKey);
        copy.Write(batch.SenderOf(staged.Row));
        copy.Write(batch.UnitOf(staged.Row));
        copy.Write(RowKeys.LocalIdOf(batch, staged.Row));
        copy.Write(table.HashOf(row));
        copy.Write(batch.Head.SubmissionId);
        copy.Write(batch.Head.ExtractedOn);
        copy.Write(batches.NoOf(staged.SubmissionNo));
        copy.Write(batches.AtOf(staged.SubmissionNo));
        copy.Write(periodNo);
        if (place.Class is not null) copy.Write(batch.IsWhole);
        foreach (var column in filled) Write(copy, batch.Batch.Columns[column], staged.Row);
    }

    // Signed numbers sort as the digests do when the highest bit is turned.
    private void WriteDigest(BinaryCopy copy, StagedRow staged)
    {
        var batch = staged.Batch!;
        var sent = batch.Digested!;
        var (sender, unit) = (batch.SenderOf(staged.Row), batch.UnitOf(staged.Row));
        var (month, digest) = digests.Of(sender).Of(sent, staged.Row, unit);
        copy.Write(sender);
        copy.Write(unit);
        copy.Write((long)month.Number);
        copy.Write(CompareRecords.Stored(digest.Id));
        copy.Write(unchecked((long)digest.Content));
    }

    private static void Write(BinaryCopy copy, ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
        {
            copy.WriteNull();
            return;
        }

        switch (vector)
        {
            case ColumnVector<long> integers: copy.Write(integers[row]); break;
            case ColumnVector<decimal> decimals: copy.Write(decimals[row]); break;
            case ColumnVector<string> { Kind: ColumnKind.Json } json: copy.WriteJson(json[row]); break;
            case ColumnVector<string> texts: copy.Write(texts[row]); break;
            case ColumnVector<bool> booleans: copy.Write(booleans[row]); break;
            case ColumnVector<DateOnly> dates: copy.Write(dates[row]); break;
            case ColumnVector<DateTimeOffset> instants: copy.Write(instants[row]); break;
            case ColumnVector<string[]> textArrays: copy.Write(textArrays[row]); break;
            case ColumnVector<long[]> integerArrays: copy.Write(integerArrays[row]); break;
            default: throw new ArgumentException($"A column of kind {vector.Kind} holds values of no known type.");
        }
    }
}
