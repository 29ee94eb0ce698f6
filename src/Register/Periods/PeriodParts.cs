using System.Buffers;
using Kilde.Definitions.Reading;
using Kilde.Register.Merging;
using Npgsql;

namespace Kilde.Register.Periods;

/// <summary>
/// The parts of a year's message: which came before with the records of each, and which come now. A part that comes
/// again unchanged is not read; its records are known to stand (ADR 82).
/// </summary>
internal sealed class PeriodParts
{
    /// <summary>A known part's place is the number of its page and where in the page it begins.</summary>
    private const int PageShift = 32;

    private readonly MessageParts _message;
    private readonly List<PartPage> _pages = [];
    private readonly Dictionary<string, PartNotes> _notes = new(StringComparer.Ordinal);
    private readonly HashSet<int> _spoiled = [];
    private PartIndex _known = PartIndex.Empty;
    private PartIndex? _passedOver;

    private PeriodParts(MessageParts message) => _message = message;

    private readonly record struct Known(PartPage Page, int Place);

    /// <summary>Lets the message know the parts that came before. Before its first batch is read.</summary>
    public static async Task<PeriodParts> BeginAsync(
        MessageParts message, SubmissionHead head, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var parts = new PeriodParts(message);
        await parts.ReadAsync(head, transaction, cancellation);
        message.Know(digest => parts.Find(digest) is { } known ? known.Page.CountAt(known.Place) : null);
        return parts;
    }

    /// <summary>True when all records that stand in the sender's year are known here.</summary>
    public bool Covers(string sender) => _pages.Exists(page => page.Sender == sender);

    /// <summary>Remembers that a record stands in a part; 0 for none.</summary>
    public void Note(int part, string sender, string table, Guid key)
    {
        if (!_notes.TryGetValue(sender, out var notes)) _notes[sender] = notes = new PartNotes();
        notes.Add(part, table, key);
    }

    /// <summary>The part must be read when it comes again.</summary>
    public void Spoil(int part) => _spoiled.Add(part);

    /// <summary>How many records stand that were not read, by sender. When all of the message is read.</summary>
    public IEnumerable<(string Sender, int Records)> PassedOver() => _message.PassedOver
        .Select(digest => Find(digest)!.Value)
        .GroupBy(known => known.Page.Sender)
        .Select(group => (group.Key, group.Sum(known => known.Page.CountAt(known.Place))));

    /// <summary>
    /// The records of a table that stood in the sender's year, apart from those that were not read. When all of the
    /// message is read.
    /// </summary>
    public IEnumerable<Guid> StoodIn(string sender, string table)
    {
        var passedOver = _passedOver ??= new PartIndex(
            _message.PassedOver.Count, _message.PassedOver.Select(digest => (digest, 0L)));
        foreach (var page in _pages.Where(page => page.Sender == sender))
        {
            var tableNo = Array.IndexOf(page.Tables, table);
            if (tableNo < 0) continue;
            foreach (var place in page.Places.Where(place => passedOver.PlaceOf(page.DigestAt(place)) is null))
            {
                for (var i = 0; i < page.CountAt(place); i++)
                {
                    var record = page.RecordAt(place, i);
                    if (record.Table == tableNo) yield return record.Key;
                }
            }
        }
    }

    /// <summary>Keeps the parts of the message in place of those that came before.</summary>
    public async Task WriteAsync(
        string sender, long periodNo, long batchNo, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using (var delete = new NpgsqlCommand(
            "delete from register.period_part where period_no = $1", transaction.Connection, transaction)
        {
            Parameters = { new() { Value = periodNo } },
        })
        {
            await delete.ExecuteNonQueryAsync(cancellation);
        }

        string[] columns = ["period_no", "page_no", "batch_no", "record_tables", "content"];
        await using var copy = await BinaryCopy.BeginAsync(
            transaction.Connection!,
            $"copy register.period_part ({string.Join(", ", columns)}) from stdin (format binary)", cancellation);
        var pageNo = 0L;
        foreach (var (tables, content) in PagesOf(sender))
        {
            await copy.StartRowAsync(columns.Length, cancellation);
            copy.Write(periodNo);
            copy.Write(++pageNo);
            copy.Write(batchNo);
            copy.Write(tables);
            copy.WriteBytes(content.Span);
        }

        await copy.CompleteAsync(cancellation);
    }

    private async Task ReadAsync(SubmissionHead head, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await using var select = new NpgsqlCommand(
            """
            select period.sender, part.record_tables, part.content
            from register.period
            join register.batch on batch.submission_id = period.submission_id
            join register.period_part as part
              on part.period_no = period.period_no and part.batch_no = period.batch_no
            where batch.sender = $1 and period.message_type = $2 and period.data_year = $3
              and period.extracted_on <= $4 and period.share = $5
            """,
            transaction.Connection, transaction)
        {
            Parameters =
            {
                new() { Value = head.SenderText },
                new() { Value = head.Type.Name },
                new() { Value = head.Year!.Value.Year },
                new() { Value = head.ExtractedOn },
                new() { Value = head.Share },
            },
        };
        await using (var pages = await select.ExecuteReaderAsync(cancellation))
        {
            while (await pages.ReadAsync(cancellation))
            {
                _pages.Add(new PartPage(
                    pages.GetString(0), pages.GetFieldValue<string[]>(1), pages.GetFieldValue<byte[]>(2)));
            }
        }

        _known = new PartIndex(
            _pages.Sum(page => page.Places.Count()),
            _pages.SelectMany((page, number) => page.Places.Select(place =>
                (page.DigestAt(place), ((long)number << PageShift) | (uint)place))));
    }

    private Known? Find(UInt128 digest) => _known.PlaceOf(digest) is { } found
        ? new Known(_pages[(int)(found >> PageShift)], (int)(found & uint.MaxValue))
        : null;

    // Those that were not read as they stood, and those that were as they were read. Each page stands until the next is
    // asked for.
    private IEnumerable<(string[] Tables, ReadOnlyMemory<byte> Content)> PagesOf(string sender)
    {
        var content = new ArrayBufferWriter<byte>();
        foreach (var group in _message.PassedOver.Select(digest => Find(digest)!.Value)
            .Where(known => known.Page.Sender == sender).GroupBy(known => known.Page))
        {
            content.ResetWrittenCount();
            foreach (var known in group) content.Write(known.Page.BytesAt(known.Place));
            yield return (group.Key.Tables, content.WrittenMemory);
        }

        if (!_notes.TryGetValue(sender, out var notes)) yield break;
        foreach (var page in notes.Pages(DigestOf)) yield return (notes.Tables, page);
    }

    private UInt128 DigestOf(int part) =>
        _spoiled.Contains(part) ? MessageParts.NoDigest : _message.DigestOf(part);
}
