using System.Security.Cryptography;
using System.Text;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Merging;

namespace Kilde.Register.Comparing;

/// <summary>
/// The records a sender has of whole years, from its own files in the order they were made: the newest file of a year
/// holds all there is of it.
/// </summary>
public sealed class OwnYears(ReadOnlyMemory<byte> key, OrganizationNumber sender) : IOwnFiles
{
    private readonly RecordDigests _digests = new(key);
    private readonly Dictionary<(string Institution, string Share, int Year), Year> _years = [];

    public OwnFile Read(MessageReading reading, DateOnly today)
    {
        var submission = new SubmissionReading(Guid.Empty, sender, today, reading);
        SubmissionHead? head = null;
        var years = new Dictionary<string, Year>(StringComparer.Ordinal);
        while (reading.Next() is { } batch)
        {
            if (!submission.IsWhole || !submission.BeginsYear) return OwnFile.OfChanges;
            head ??= submission.Head();
            Add(ResolvedBatch.Of(1, head, batch), years);
        }

        if (!reading.Outcome.IsAccepted) return OwnFile.Refused;
        foreach (var (institution, year) in years)
            _years[(institution, head!.Share, head.YearOfKeys!.Value.Year)] = year;
        return OwnFile.Taken;
    }

    public int CountOf(RecordType type) => _years.Values.Sum(year => year.Of(type).Count);

    /// <summary>What stands for the first and the last year; null when there is none.</summary>
    public (RecordMonth From, RecordMonth To)? Months => _years.Count == 0
        ? null
        : (RecordMonth.OfYear(_years.Keys.Min(year => year.Year)),
            RecordMonth.OfYear(_years.Keys.Max(year => year.Year)));

    /// <inheritdoc cref="OwnRecords.Sorted"/>
    public IReadOnlyDictionary<DigestPlace, OwnRecord[]> Sorted(RecordType type, RecordMonth from, RecordMonth to) =>
        _years.Select(year => (Month: RecordMonth.OfYear(year.Key.Year), Records: year.Value.Of(type)))
            .Where(year => year.Month >= from.Year && year.Month <= to)
            .SelectMany(year => year.Records, (year, one) => (new DigestPlace(one.Unit, year.Month), one.Record))
            .GroupBy(one => one.Item1, one => one.Record)
            .ToDictionary(place => place.Key, OwnRecord.Sorted);

    private void Add(ResolvedBatch rows, Dictionary<string, Year> years)
    {
        var batch = rows.Batch;
        var deleted = batch.DeletedLocalIds.ToHashSet(StringComparer.Ordinal);
        for (var row = 0; row < batch.Count; row++)
        {
            if (deleted.Contains(batch.LocalIds[row])) continue;
            var institution = rows.SenderOf(row);
            if (!years.TryGetValue(institution, out var year)) years[institution] = year = new Year();
            var unit = rows.UnitOf(row);
            year.Add(batch, row, unit, _digests.OfYear(batch, row, unit));
        }
    }

    /// <summary>An institution's year.</summary>
    private sealed class Year
    {
        private readonly Dictionary<string, List<(string Unit, OwnRecord Record)>> _records =
            new(StringComparer.Ordinal);

        private readonly HashSet<UInt128> _told = [];

        public List<(string Unit, OwnRecord Record)> Of(RecordType type) =>
            _records.GetValueOrDefault(type.Table) ?? [];

        // As in the merge: of a record that stands twice the first one counts.
        public void Add(RecordBatch batch, int row, string unit, RecordDigest digest)
        {
            var (type, localId) = (batch.Type, batch.LocalIds[row]);
            var patient = type is { IsKeyedByPerson: false, PersonSource: not PersonSource.Apart }
                ? ""
                : batch.Persons[row].LocalId ?? "";
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes($"{type.Table}\n{patient}\n{localId}"), hash);
            if (!_told.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash))) return;
            if (!_records.TryGetValue(type.Table, out var records)) _records[type.Table] = records = [];
            records.Add((unit, new OwnRecord(digest, localId)));
        }
    }
}
