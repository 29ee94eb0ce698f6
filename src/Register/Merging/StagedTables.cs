using Kilde.Definitions.Model;
using Kilde.Kernel;
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
    /// <param name="stands">False for rows that something newer stands in the place of; null when all stand.</param>
    /// <param name="mayEnd">False for records that something newer has told of; null when all may end.</param>
    public void Add(
        IReadOnlyList<ResolvedBatch> batchesOfSubmission, Func<ResolvedBatch, int, bool>? stands = null,
        Func<Guid, bool>? mayEnd = null)
    {
        foreach (var batch in batchesOfSubmission) AddDeletions(batch, mayEnd);
        foreach (var batch in batchesOfSubmission.Reverse())
        {
            var hash = new RowHash(batch.Batch);
            for (var row = batch.Batch.Count - 1; row >= 0; row--)
            {
                if (stands?.Invoke(batch, row) == false) continue;
                var key = _keys.Of(batch, row);
                TableOf(batch, batch.SenderOf(row)).AddRecord(
                    batch, row, key, hash.Of(row, batch.Persons[row].IdentifierKey));
            }
        }

        foreach (var batch in batchesOfSubmission.Where(batch => batch.Batch.Type.DeletionColumn is not null))
            AddDeletionsByColumn(batch, batchesOfSubmission);
        foreach (var batch in batchesOfSubmission) AddToldAnew(batch, stands);
    }

    /// <summary>Ends a record of a chain; the key tells which of its tables it stands in.</summary>
    public void AddEndInChain(SubmissionHead head, Guid key, int submissionNo)
    {
        foreach (var type in head.Type.RecordTypes.Where(type => type.Chained is not null))
            TableOf(type.Table, period: null).AddEnd(key, submissionNo, StagedKind.Deletion);
    }

    private void AddDeletions(ResolvedBatch batch, Func<Guid, bool>? mayEnd)
    {
        var type = batch.Batch.Type;
        if (type.DeletionColumn is not null) return;
        foreach (var localId in batch.Batch.DeletedLocalIds)
        {
            var key = _keys.OfLocalId(batch.Head, type, localId);
            if (mayEnd?.Invoke(key) == false) continue;
            TableOf(batch, batch.Head.SenderText).AddEnd(key, batch.SubmissionNo, StagedKind.Deletion);
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

    // Whoever has nothing within it any more has no row of that table in the message.
    private void AddToldAnew(ResolvedBatch batch, Func<ResolvedBatch, int, bool>? stands)
    {
        foreach (var type in batch.Head.Type.RecordTypes.Where(type => type.Within == batch.Batch.Type.WireName))
        {
            for (var row = 0; row < batch.Batch.Count; row++)
            {
                if (stands?.Invoke(batch, row) == false) continue;
                TableOf(type.Table, batch.Head.PeriodOf(batch.SenderOf(row))).ToldAnew
                    .Add((batch.Batch.LocalIds[row], PatientOf(batch, row)));
            }
        }
    }

    private static IdentifierKey? PatientOf(ResolvedBatch batch, int row) =>
        batch.Batch.Type.PersonSource == PersonSource.Apart ? batch.Persons[row].IdentifierKey : null;

    private StagedTable TableOf(ResolvedBatch batch, string sender) =>
        TableOf(batch.Batch.Type.Table, batch.Head.PeriodOf(sender));

    private StagedTable TableOf(string name, PeriodName? period)
    {
        if (!_tables.TryGetValue((name, period), out var table))
            _tables[(name, period)] = table = new StagedTable(name, period);
        return table;
    }
}
