using Kilde.Definitions.Model;
using Kilde.Register.Periods;

namespace Kilde.Register.Merging;

/// <summary>Lays the rows of submissions that have been read as a whole out by table and period.</summary>
internal sealed class StagedTables
{
    private readonly OrderedDictionary<(string Table, PeriodName? Period), StagedTable> _tables = [];
    private readonly RowKeys _keys = new();

    public IReadOnlyList<StagedTable> All => [.. _tables.Values];

    /// <summary>
    /// Within one message a deletion wins over the record, and a later row over an earlier one with the same id: a
    /// message tells how things are at one moment. So each is taken from its end.
    /// </summary>
    public void Add(IReadOnlyList<ResolvedBatch> batchesOfSubmission)
    {
        foreach (var batch in batchesOfSubmission) AddDeletions(batch);
        foreach (var batch in batchesOfSubmission.Reverse())
        {
            var hash = new RowHash(batch.Batch);
            for (var row = batch.Batch.Count - 1; row >= 0; row--)
            {
                var key = _keys.Of(batch, row);
                TableOf(batch, batch.SenderOf(row)).AddRecord(
                    batch, row, key, hash.Of(row, batch.Persons[row].IdentifierKey));
            }
        }

        foreach (var batch in batchesOfSubmission.Where(batch => batch.Batch.Type.DeletionColumn is not null))
            AddDeletionsByColumn(batch, batchesOfSubmission);
    }

    private void AddDeletions(ResolvedBatch batch)
    {
        var type = batch.Batch.Type;
        if (type.DeletionColumn is not null) return;
        foreach (var localId in batch.Batch.DeletedLocalIds)
        {
            TableOf(batch, batch.Head.SenderText).AddEnd(
                _keys.OfLocalId(batch.Head, type, localId), batch.SubmissionNo, StagedKind.Deletion);
        }
    }

    // Such a deletion does not say under which institution of the message it stood.
    private void AddDeletionsByColumn(ResolvedBatch batch, IEnumerable<ResolvedBatch> batchesOfSubmission)
    {
        if (batch.Batch.DeletedLocalIds.Count == 0) return;
        var senders = batchesOfSubmission.SelectMany(other => other.Batch.Institutions ?? [])
            .Where(named => named.Length > 0).Append(batch.Head.SenderText).Distinct();
        foreach (var table in senders.Select(sender => TableOf(batch, sender)))
        {
            table.DeletedByColumn.AddRange(batch.Batch.DeletedLocalIds.Select(
                id => (batch.SubmissionNo, batch.Batch.Type.DeletionColumn!, id)));
        }
    }

    private StagedTable TableOf(ResolvedBatch batch, string sender)
    {
        var (name, period) = (batch.Batch.Type.Table, batch.Head.PeriodOf(sender));
        if (!_tables.TryGetValue((name, period), out var table))
            _tables[(name, period)] = table = new StagedTable(name, period);
        return table;
    }
}
