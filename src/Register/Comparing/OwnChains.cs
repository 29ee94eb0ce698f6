using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Chains;
using Kilde.Register.Merging;

namespace Kilde.Register.Comparing;

/// <summary>
/// The records a sender has told of in chains of notifications, from its own messages in the order they were made: of
/// the links about the same original the one with the highest number holds, and after an annulment nothing stands (ADR
/// 115).
/// </summary>
public sealed class OwnChains(ReadOnlyMemory<byte> key, OrganizationNumber sender) : IOwnFiles
{
    private readonly RecordDigests _digests = new(key);
    private readonly RowKeys _keys = new();
    private readonly Dictionary<(string Sender, Guid Id), ChainNotification> _links = [];
    private readonly Dictionary<(string Table, Guid Key, Guid? Link), Told> _told = [];

    public (RecordMonth From, RecordMonth To)? Months
    {
        get
        {
            var months = Standing().Select(told => told.Place.Month).ToList();
            return months.Count == 0 ? null : (months.Min(), months.Max());
        }
    }

    public OwnFile Read(MessageReading reading, DateOnly today)
    {
        var submission = new SubmissionReading(Guid.Empty, sender, today, reading);
        var batches = submission.ReadAll();
        if (!reading.Outcome.IsAccepted) return OwnFile.Refused;
        var head = submission.Head();
        List<ResolvedBatch> rows = [.. batches.Select(batch => ResolvedBatch.Of(1, head, batch))];
        foreach (var link in rows.SelectMany(ChainNotification.In)) _links[(link.Sender, link.Id)] = link;
        foreach (var batch in rows) Add(batch);
        return OwnFile.Taken;
    }

    public int CountOf(RecordType type) => Standing().Count(told => told.Table == type.Table);

    /// <inheritdoc/>
    public IReadOnlyDictionary<DigestPlace, OwnRecord[]> Sorted(RecordType type, RecordMonth from, RecordMonth to) =>
        Standing()
            .Where(told => told.Table == type.Table && told.Place.Month >= from && told.Place.Month <= to)
            .GroupBy(told => told.Place, told => told.Record)
            .ToDictionary(place => place.Key, OwnRecord.Sorted);

    // What the same link tells again is a later version of the same.
    private void Add(ResolvedBatch rows)
    {
        for (var row = 0; row < rows.Batch.Count; row++)
        {
            var unit = rows.UnitOf(row);
            var (month, digest) = _digests.Of(rows.Batch, row, unit);
            var link = ChainNotification.LinkOf(rows, row) is { } id
                ? _links.GetValueOrDefault((rows.SenderOf(row), id))
                : null;
            _told[(rows.Batch.Type.Table, _keys.Of(rows, row), link?.Id)] = new Told(
                rows.Batch.Type.Table, new DigestPlace(unit, month), new OwnRecord(digest, rows.Batch.LocalIds[row]),
                link);
        }
    }

    private IEnumerable<Told> Standing()
    {
        var holding = new HoldingLinks([.. _links.Values]);
        return _told.Values.Where(told => told.Link is not { } link || holding.Stands(link));
    }

    /// <param name="Link">Null for a record that hangs in no chain, as a link does itself.</param>
    private sealed record Told(string Table, DigestPlace Place, OwnRecord Record, ChainNotification? Link);
}
