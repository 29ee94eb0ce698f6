using Kilde.Definitions.Reading;

namespace Kilde.Register.Comparing;

/// <summary>
/// The records a sender has, from its own messages in the order they were made: the newest version of each, and not
/// those it has deleted.
/// </summary>
public sealed class OwnRecords(ReadOnlyMemory<byte> key, string sender)
{
    private readonly Dictionary<string, (DigestPlace Place, RecordDigest Digest)> _records =
        new(StringComparer.Ordinal);

    private readonly RecordDigests _digests = new(key);
    private readonly Dictionary<Kernel.OrganizationNumber, string> _units = [];

    public int Count => _records.Count;

    /// <summary>Adds what one message says. In it a deletion wins, and a later row over an earlier one.</summary>
    public void Add(RecordBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            var unit = UnitOf(batch, row);
            var (month, digest) = _digests.Of(batch, row, unit);
            _records[batch.LocalIds[row]] = (new DigestPlace(unit, month), digest);
        }

        foreach (var deleted in batch.DeletedLocalIds) _records.Remove(deleted);
    }

    /// <summary>The first and the last month it has records of; null when it has none.</summary>
    public (RecordMonth From, RecordMonth To)? Months =>
        _records.Count == 0
            ? null
            : (_records.Values.Min(record => record.Place.Month), _records.Values.Max(record => record.Place.Month));

    /// <summary>The records of the months, place by place, each in the order of the id digests.</summary>
    public IReadOnlyDictionary<DigestPlace, OwnRecord[]> Sorted(RecordMonth from, RecordMonth to) => _records
        .Where(record => record.Value.Place.Month >= from && record.Value.Place.Month <= to)
        .GroupBy(
            record => record.Value.Place, record => new OwnRecord(record.Value.Digest, record.Key))
        .ToDictionary(place => place.Key, OwnRecord.Sorted);

    private string UnitOf(RecordBatch batch, int row)
    {
        var number = batch.Units[row];
        if (number == default) return sender;
        if (!_units.TryGetValue(number, out var text)) _units[number] = text = number.ToString();
        return text;
    }
}

/// <summary>A record at its sender.</summary>
public readonly record struct OwnRecord(RecordDigest Digest, string LocalId)
{
    /// <summary>
    /// In the order of the id digests, as they are searched in; those of the same id by what they say.
    /// </summary>
    internal static OwnRecord[] Sorted(IEnumerable<OwnRecord> records)
    {
        OwnRecord[] sorted = [.. records];
        Array.Sort(sorted, (one, other) => (one.Digest.Id, one.Digest.Content).CompareTo(
            (other.Digest.Id, other.Digest.Content)));
        return sorted;
    }

    /// <summary>What the digests of some records come to.</summary>
    public static DigestSum SumOf(OwnRecord[] records) =>
        records.Aggregate(default(DigestSum), (sum, record) => sum + record.Digest);
}
