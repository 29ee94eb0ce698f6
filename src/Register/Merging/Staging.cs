using System.Runtime.InteropServices;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Merging;

/// <summary>A record, or its deletion, on its way into the register.</summary>
/// <param name="Round">
/// 1 for the first submission of the merge that has the record, 2 for the second, and so on. Rounds are merged in
/// turn, so that every version takes its place in the history as if the submissions had come alone.
/// </param>
/// <param name="Row">Row in the batch; <see cref="Deletion"/> when the sender has deleted the record.</param>
internal readonly record struct StagedRow(
    Guid RecordKey, int SubmissionNo, int Round, RecordBatch Batch, int Row, int LocalIdNo)
{
    public const int Deletion = -1;

    public bool IsDeletion => Row == Deletion;

    public string LocalId => IsDeletion ? Batch.DeletedLocalIds[LocalIdNo] : Batch.LocalIds[Row];
}

/// <summary>All rows of one merge that go to one table, and the columns they bring.</summary>
internal sealed class StagedTable(string table)
{
    private readonly Dictionary<Guid, (int SubmissionNo, int Round)> _newest = [];
    private readonly OrderedDictionary<string, RecordColumn> _columns = [];

    public string Table { get; } = table;

    public List<StagedRow> Rows { get; } = [];

    /// <summary>The columns of all the batches: submissions of different versions may be merged together.</summary>
    public IReadOnlyList<RecordColumn> Columns => [.. _columns.Values];

    public int Rounds { get; private set; }

    /// <summary>
    /// Within one message a deletion wins over the record, and a later row over an earlier one with the same id:
    /// a message tells how things are at one moment.
    /// </summary>
    public void Add(int submissionNo, RecordBatch batch, string keyBeginning)
    {
        foreach (var column in batch.Type.Columns) _columns.TryAdd(column.Name, column);
        for (var i = 0; i < batch.DeletedLocalIds.Count; i++)
            Add(submissionNo, batch, RecordKey.Of(keyBeginning, batch.DeletedLocalIds[i]), StagedRow.Deletion, i);
        for (var row = batch.Count - 1; row >= 0; row--)
            Add(submissionNo, batch, RecordKey.Of(keyBeginning, batch.LocalIds[row]), row, localIdNo: 0);
    }

    private void Add(int submissionNo, RecordBatch batch, Guid key, int row, int localIdNo)
    {
        ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, key, out _);
        if (newest.SubmissionNo == submissionNo) return;

        newest = (submissionNo, newest.Round + 1);
        Rounds = Math.Max(Rounds, newest.Round);
        Rows.Add(new StagedRow(key, submissionNo, newest.Round, batch, row, localIdNo));
    }
}

/// <summary>The rows of several submissions, by table. Submissions are numbered from 1 in their order.</summary>
internal static class Staging
{
    public static IReadOnlyList<StagedTable> Of(IReadOnlyList<SubmissionContent> submissions)
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
