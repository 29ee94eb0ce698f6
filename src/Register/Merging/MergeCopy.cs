using System.Buffers.Binary;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Register.Comparing;
using Kilde.Register.Feed;
using Kilde.Register.Periods;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>
/// Brings the rows of plans into the tables by binary COPY. They are held as they are sent until they are many
/// (ADR 162), and written when <see cref="WriteAsync"/> is called at the latest.
/// </summary>
internal sealed class MergeCopy(NpgsqlTransaction transaction, TakenBatches batches, SenderDigests digests)
{
    /// <summary>Changes in one row of the feed: what fits in a row that PostgreSQL keeps in one piece.</summary>
    public const int ChangesPerRow = 64;

    /// <summary>A table of fewer partitions has a power of two of them, and rows of each come in some runs.</summary>
    private const int PartitionsApart = 16;

    private static readonly SqlName PartRecordTable = SqlName.Parse("period_record");

    private readonly Dictionary<(string? Class, string Command), Target> _targets = [];
    private readonly Dictionary<(RecordPlace Place, RecordType Type, bool IsHistory), bool[]> _filled = [];

    // What has been written stands empty here, with room for as many rows again.
    private readonly Dictionary<(string? Class, string Command), Target> _written = [];

    private Task _writing = Task.CompletedTask;

    private sealed record Target(RecordPlace Place, HeldRows Rows);

    /// <summary>Waits for what is being written: until then the connection can do nothing else.</summary>
    public Task SettleAsync() => _writing;

    /// <summary>Writes all that is held.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        await _writing;
        var held = _targets.Values.Where(target => target.Rows.Count > 0);
        foreach (var ofClass in held.GroupBy(target => target.Place.Class))
        {
            await transaction.KeepAsync(ofClass.First().Place, async () =>
            {
                foreach (var target in ofClass) await target.Rows.WriteAsync(transaction.Connection!, cancellation);
            }, cancellation);
        }
    }

    /// <summary>
    /// Begins to write what there is most of, if more is held than there is room for. It is written beside what is done
    /// next, and is to be waited for (<see cref="SettleAsync"/>) before the connection is used.
    /// </summary>
    /// <param name="bytesMax">Of all tables together; 0 to hold nothing, and to write at once.</param>
    public async Task MakeRoomAsync(int bytesMax, CancellationToken cancellation)
    {
        if (bytesMax == 0) await WriteAsync(cancellation);
        while (_targets.Values.Sum(target => target.Rows.Bytes) > bytesMax)
        {
            var (key, target) = _targets.MaxBy(target => target.Value.Rows.Bytes);
            await _writing;
            _targets[key] = _written.GetValueOrDefault(key) ?? NewTarget(target.Place, key.Command);
            _written[key] = target;
            _writing = Task.Run(
                () => transaction.KeepAsync(
                    target.Place, () => target.Rows.WriteAsync(transaction.Connection!, cancellation), cancellation),
                cancellation);
        }
    }

    /// <summary>
    /// The records, partition by partition and person by person: many rows go to a page at a time, a person's records
    /// lie together, and the index grows in order.
    /// </summary>
    public void Records(RecordPlace place, StagedTable table, long periodNo, List<int> rows)
    {
        foreach (var group in rows.GroupBy(row => table.Rows[row].Batch!.Batch.Type))
        {
            var filled = FilledColumnsOf((place, group.Key, IsHistory: false), table, group);
            var columns = RecordColumnsOf(place, group.Key, filled);
            var held = HeldOf(place, place.Table, columns);
            var cells = new Cells(filled);
            foreach (var row in group)
            {
                held.StartRow(columns.Length, OrderOf(table.PersonOf(row).PersonKey.Value));
                WriteRecord(held, place, table, periodNo, row, cells);
                held.EndRow();
            }
        }
    }

    /// <summary>The versions that both came and went within the merge.</summary>
    public void Passing(RecordPlace place, StagedTable table, long periodNo, List<PassingVersion> versions)
    {
        foreach (var group in versions.GroupBy(version => table.Rows[version.Row].Batch!.Batch.Type))
        {
            var filled = FilledColumnsOf(
                (place, group.Key, IsHistory: true), table, group.Select(version => version.Row));
            string[] columns =
            [
                .. RecordTable.HistoryColumns.Select(column => column.Name),
                .. RecordColumnsOf(place, group.Key, filled),
            ];
            var held = HeldOf(place, place.History, columns);
            var cells = new Cells(filled);
            foreach (var version in group)
            {
                held.StartRow(columns.Length, OrderOf(table.PersonOf(version.Row).PersonKey.Value));
                held.Write(batches.AtOf(version.SubmissionNo));
                held.Write(batches.NoOf(version.SubmissionNo));
                held.Write(version.EndedBy);
                WriteRecord(held, place, table, periodNo, version.Row, cells);
                held.EndRow();
            }
        }
    }

    /// <summary>In the order of their index: the pages that grow are then few at a time.</summary>
    public void Locators(RecordPlace place, StagedTable table, long periodNo, List<int> rows)
    {
        foreach (var group in rows.GroupBy(row => IsCompared(table.Rows[row])))
        {
            string[] columns =
            [
                "record_key", "person_key", "row_hash", "period_no",
                .. group.Key ? RecordTable.DigestColumns.Select(column => column.Name) : [],
            ];
            var held = HeldOf(place, place.Locator, columns);
            foreach (var row in group)
            {
                held.StartRow(columns.Length, OrderOf(table.Rows[row].RecordKey));
                held.Write(table.Rows[row].RecordKey);
                held.Write(table.PersonOf(row).PersonKey.Value);
                held.Write(table.HashOf(row));
                held.Write(periodNo);
                if (group.Key) WriteDigest(held, table.Rows[row]);
                held.EndRow();
            }
        }
    }

    public void Changes(RecordPlace place, List<PlannedChange> changes)
    {
        string[] columns =
            ["batch_no", "record_table", "kind", "record_keys", "person_keys", "former_person_keys"];
        var held = HeldOf(place, place.Change, columns);
        foreach (var group in changes.GroupBy(change => (change.SubmissionNo, change.Kind)))
        {
            foreach (var some in group.Chunk(ChangesPerRow))
            {
                held.StartRow(columns.Length, (UInt128)held.Count);
                held.Write(batches.NoOf(group.Key.SubmissionNo));
                held.Write(place.Name.Text);
                held.Write(NameOf(group.Key.Kind));
                held.Write([.. some.Select(change => change.RecordKey)]);
                held.Write([.. some.Select(change => change.PersonKey)]);
                if (group.Key.Kind == ChangeKind.Move)
                    held.Write([.. some.Select(change => change.FormerPersonKey!.Value)]);
                else held.WriteNull();
                held.EndRow();
            }
        }
    }

    /// <summary>Which records stand in which parts of a period, wherever they are held.</summary>
    public void PartRecords(long periodNo, long batchNo, RecordPage page)
    {
        string[] columns = ["period_no", "batch_no", "page_no", "record_table", "content"];
        var place = new RecordPlace(PartRecordTable, null);
        var held = HeldOf(place, place.Table, columns);
        held.StartRow(columns.Length, (UInt128)held.Count);
        held.Write(periodNo);
        held.Write(batchNo);
        held.Write(page.PageNo);
        held.Write(page.Table);
        held.WriteBytes(page.Content.Span);
        held.EndRow();
    }

    // Those of one class are reached as one role; its feed is one table, whatever records it holds.
    private HeldRows HeldOf(RecordPlace place, TableName table, string[] columns)
    {
        var command = $"copy {table} ({string.Join(", ", columns)}) from stdin (format binary)";
        if (!_targets.TryGetValue((place.Class, command), out var target))
            _targets[(place.Class, command)] = target = NewTarget(place, command);
        return target.Rows;
    }

    private static Target NewTarget(RecordPlace place, string command) => new(place, new HeldRows(command));

    private static UInt128 OrderOf(long person) =>
        new(PartitionHash.Of(person) % PartitionsApart, unchecked((ulong)person));

    private static UInt128 OrderOf(Guid recordKey)
    {
        Span<byte> bytes = stackalloc byte[16];
        recordKey.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static string NameOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Insert => "insert",
        ChangeKind.Update => "update",
        ChangeKind.Delete => "delete",
        ChangeKind.Move => "move",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of change."),
    };

    // One of the places a record is held in tells its digest.
    private static bool IsCompared(StagedRow row) =>
        row.Batch! is { Digested: { } sent } batch && RecordDigests.ComesWithMerge(batch.Head.Type, sent.Type);

    // What no row has is not sent, and is null. A column that has had a value is sent for all rows that follow, so that
    // they go together.
    private int[] FilledColumnsOf(
        (RecordPlace Place, RecordType Type, bool IsHistory) of, StagedTable table, IEnumerable<int> rows)
    {
        if (!_filled.TryGetValue(of, out var isFilled)) _filled[of] = isFilled = new bool[of.Type.Columns.Count];
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

    private static string[] RecordColumnsOf(RecordPlace place, RecordType type, int[] filled) =>
    [
        .. RecordTable.FixedColumns.Select(column => column.Name),
        .. place.Class is null ? [] : new[] { RecordPlace.WholeColumn },
        .. filled.Select(column => SqlName.Parse(type.Columns[column].Name).ToString()),
    ];

    // In the order of RecordTable.FixedColumns, and then as the definition has them.
    private void WriteRecord(
        BinaryValues values, RecordPlace place, StagedTable table, long periodNo, int row, Cells cells)
    {
        var staged = table.Rows[row];
        var batch = staged.Batch!;
        var person = table.PersonOf(row);
        values.Write(person.PersonKey.Value);
        values.Write(person.IdentifierKey.Value);
        values.Write(staged.RecordKey);
        values.Write(batch.SenderOf(staged.Row));
        values.Write(batch.UnitOf(staged.Row));
        values.Write(RowKeys.LocalIdOf(batch, staged.Row));
        values.Write(table.HashOf(row));
        values.Write(batch.Head.SubmissionId);
        values.Write(batch.Head.ExtractedOn);
        values.Write(batches.NoOf(staged.SubmissionNo));
        values.Write(batches.AtOf(staged.SubmissionNo));
        values.Write(periodNo);
        if (place.Class is not null) values.Write(batch.IsWhole);
        foreach (var write in cells.Of(batch.Batch)) write(values, staged.Row);
    }

    // Signed numbers sort as the digests do when the highest bit is turned.
    private void WriteDigest(BinaryValues values, StagedRow staged)
    {
        var batch = staged.Batch!;
        var sent = batch.Digested!;
        // Who asks is a unit with a token; the institution a record is kept under may be a municipality.
        var (sender, unit) = (batch.Head.SenderText, batch.UnitOf(staged.Row));
        var (month, digest) = digests.Of(sender).Of(sent, staged.Row, unit);
        values.Write(sender);
        values.Write(unit);
        values.Write((long)month.Number);
        values.Write(CompareRecords.Stored(digest.Id));
        values.Write(unchecked((long)digest.Content));
    }

    // What a column holds is found out once for the rows of a batch, which follow one another.
    private sealed class Cells(int[] filled)
    {
        private readonly Action<BinaryValues, int>[] _writers = new Action<BinaryValues, int>[filled.Length];
        private RecordBatch? _batch;

        public ReadOnlySpan<Action<BinaryValues, int>> Of(RecordBatch batch)
        {
            if (ReferenceEquals(_batch, batch)) return _writers;
            _batch = batch;
            for (var i = 0; i < filled.Length; i++)
                _writers[i] = WriterOf(batch.Columns[filled[i]], batch.Type.Columns[filled[i]].IsJsonText);
            return _writers;
        }
    }

    private static Action<BinaryValues, int> WriterOf(ColumnVector vector, bool isJsonText) => vector switch
    {
        { IsEmpty: true } => static (values, _) => values.WriteNull(),
        ColumnVector<long> integers => WriterOf(integers, static (values, value) => values.Write(value)),
        ColumnVector<decimal> decimals => WriterOf(decimals, static (values, value) => values.Write(value)),
        ColumnVector<string> { Kind: ColumnKind.Json } json when !isJsonText =>
            WriterOf(json, static (values, value) => values.WriteJson(value)),
        ColumnVector<string> texts => WriterOf(texts, static (values, value) => values.Write(value)),
        ColumnVector<bool> booleans => WriterOf(booleans, static (values, value) => values.Write(value)),
        ColumnVector<DateOnly> dates => WriterOf(dates, static (values, value) => values.Write(value)),
        ColumnVector<DateTimeOffset> instants => WriterOf(instants, static (values, value) => values.Write(value)),
        ColumnVector<string[]> arrays => WriterOf(arrays, static (values, value) => values.Write(value)),
        ColumnVector<long[]> arrays => WriterOf(arrays, static (values, value) => values.Write(value)),
        _ => throw new ArgumentException($"A column of kind {vector.Kind} holds values of no known type."),
    };

    private static Action<BinaryValues, int> WriterOf<T>(ColumnVector<T> vector, Action<BinaryValues, T> write) =>
        (values, row) =>
        {
            if (vector.IsNull(row)) values.WriteNull();
            else write(values, vector[row]);
        };
}
