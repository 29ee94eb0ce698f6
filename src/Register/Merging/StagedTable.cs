using System.Runtime.InteropServices;
using Kilde.Definitions.Reading;
using Kilde.Identity;

namespace Kilde.Register.Merging;

/// <summary>A record, or its deletion, on its way into the register.</summary>
/// <param name="SubmissionNo">Place among the submissions of the merge, from 1.</param>
/// <param name="Row">Row in the batch; for a deletion the place in its list.</param>
internal readonly record struct StagedRow(
    Guid RecordKey, int SubmissionNo, RecordBatch Batch, int Row, bool IsDeletion)
{
    public bool NamesSomeone =>
        !IsDeletion
        && (Batch.Persons[Row] is { HasIdentifier: true } or { LocalId: not null } or { Others.Count: > 0 });
}

/// <summary>Whose a record is and what it says, boiled down to what is compared.</summary>
internal readonly record struct RowState(long PersonKey, Guid RowHash);

/// <summary>
/// All rows of one merge that go to one table, in the order of the submissions. A submission has each record at most
/// once.
/// </summary>
internal sealed class StagedTable(string table)
{
    private readonly Dictionary<Guid, int> _newestSubmission = [];

    public string Table { get; } = table;

    public List<StagedRow> Rows { get; } = [];

    /// <summary>One for each row; not read for deletions.</summary>
    public ResolvedPerson[] Persons { get; set; } = [];

    /// <summary>The hash of each row; not read for deletions.</summary>
    public Guid[] Hashes { get; private set; } = [];

    public IEnumerable<Guid> RecordKeys => _newestSubmission.Keys;

    /// <summary>
    /// Within one message a deletion wins over the record, and a later row over an earlier one with the same id:
    /// a message tells how things are at one moment.
    /// </summary>
    public void Add(int submissionNo, RecordBatch batch, string keyBeginning)
    {
        var rows = Rows.Count + batch.Count + batch.DeletedLocalIds.Count;
        Rows.EnsureCapacity(rows);
        _newestSubmission.EnsureCapacity(rows);
        for (var i = 0; i < batch.DeletedLocalIds.Count; i++)
            Add(new(RecordKey.Of(keyBeginning, batch.DeletedLocalIds[i]), submissionNo, batch, i, IsDeletion: true));
        for (var row = batch.Count - 1; row >= 0; row--)
            Add(new(RecordKey.Of(keyBeginning, batch.LocalIds[row]), submissionNo, batch, row, IsDeletion: false));
    }

    public void HashRows()
    {
        Hashes = new Guid[Rows.Count];
        RowHash? hash = null;
        for (var i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].IsDeletion) continue;
            if (hash?.Batch != Rows[i].Batch) hash = new RowHash(Rows[i].Batch);
            Hashes[i] = hash.Of(Rows[i].Row, Persons[i].IdentifierKey);
        }
    }

    public RowState StateOf(int row) => new(Persons[row].PersonKey.Value, Hashes[row]);

    private void Add(StagedRow row)
    {
        ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newestSubmission, row.RecordKey, out _);
        if (newest == row.SubmissionNo) return;

        newest = row.SubmissionNo;
        Rows.Add(row);
    }

    /// <summary>The rows of the submissions, by table.</summary>
    public static IReadOnlyList<StagedTable> AllOf(IReadOnlyList<SubmissionContent> submissions)
    {
        var tables = new OrderedDictionary<string, StagedTable>();
        for (var i = 0; i < submissions.Count; i++)
        {
            var (sender, content) = (submissions[i].Sender, submissions[i].Content);
            foreach (var batch in content.Batches)
            {
                var name = batch.Type.Table;
                if (!tables.TryGetValue(name, out var table)) tables[name] = table = new StagedTable(name);
                table.Add(i + 1, batch, RecordKey.Beginning(content.Type.Register, name, sender));
            }
        }

        return [.. tables.Values];
    }
}
