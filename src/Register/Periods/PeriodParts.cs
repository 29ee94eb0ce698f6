using Kilde.Definitions.Reading;
using Kilde.Register.Merging;
using Npgsql;

namespace Kilde.Register.Periods;

/// <summary>
/// The parts of a year's message: which came before with the records of each, and which come now. A part that comes
/// again unchanged is not read; its records are known to stand (ADR 82). Which records those are lies in the database
/// and not in memory, and is read page by page when all of the message is read (ADR 176).
/// </summary>
internal sealed class PeriodParts
{
    /// <summary>More records in one part than this, and it is read whenever it comes.</summary>
    private const int RowsMax = (1 << RowsBits) - 1;

    private const int RowsBits = 20;
    private const int NumberBits = 32;
    private const int PartsPerPage = 2700;

    private readonly MessageParts _message;
    private readonly MergeWrite _write;
    private readonly List<SenderParts> _senders = [];
    private readonly HashSet<int> _spoiled = [];
    private PartIndex _known = PartIndex.Empty;

    private PeriodParts(MessageParts message, MergeWrite write) => (_message, _write) = (message, write);

    /// <summary>Lets the message know the parts that came before. Before its first batch is read.</summary>
    public static async Task<PeriodParts> BeginAsync(
        MessageParts message, SubmissionHead head, MergeWrite write, CancellationToken cancellation)
    {
        var parts = new PeriodParts(message, write);
        await parts.ReadAsync(head, cancellation);
        message.Know(digest => parts._known.PlaceOf(digest) is { } place ? RowsAt(place) : null);
        return parts;
    }

    /// <summary>Remembers that a record stands in a part; 0 for none.</summary>
    public void Note(int part, string sender, long periodNo, string table, Guid key)
    {
        (Of(sender) ?? Begin(sender, periodNo, isKnown: false)).Note(part, table, key);
    }

    /// <summary>The part must be read when it comes again.</summary>
    public void Spoil(int part) => _spoiled.Add(part);

    /// <summary>How many records stand that were not read, by sender. Once, when all of the message is read.</summary>
    public IReadOnlyDictionary<string, int> TakePassedOver()
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var digest in _message.PassedOver)
        {
            var place = _known.PlaceOf(digest)!.Value;
            var sender = _senders[SenderAt(place)];
            sender.PassOver(NumberAt(place));
            rows[sender.Sender] = rows.GetValueOrDefault(sender.Sender) + RowsAt(place);
        }

        return rows;
    }

    /// <summary>
    /// Keeps the parts of the message in place of those that came before. When what was passed over is taken.
    /// </summary>
    /// <param name="isTaken">True of a record of a table that the message holds, of those that were read.</param>
    /// <returns>
    /// The records that stood in the sender's year and are gone, by table; null when they are not known.
    /// </returns>
    public async Task<IReadOnlyDictionary<string, List<Guid>>?> KeepAsync(
        string sender, long periodNo, Func<string, Guid, bool> isTaken, CancellationToken cancellation)
    {
        var parts = Of(sender) ?? Begin(sender, periodNo, isKnown: false);
        if (parts.IsUntouched)
        {
            await ExecuteAsync(
                "update register.period_part set batch_no = $2 where period_no = $1",
                [periodNo, _write.BatchNo], cancellation);
            return new Dictionary<string, List<Guid>>();
        }

        var gone = parts.IsKnown ? await ReviewAsync(parts, periodNo, isTaken, cancellation) : null;
        if (gone is null)
        {
            await ExecuteAsync(
                "delete from register.period_record where period_no = $1 and batch_no <> $2",
                [periodNo, _write.BatchNo], cancellation);
        }

        parts.Finish();
        await WriteAsync(parts, periodNo, cancellation);
        return gone;
    }

    // Asked for each record; there are few senders.
    private SenderParts? Of(string sender)
    {
        foreach (var parts in _senders)
        {
            if (parts.Sender == sender) return parts;
        }

        return null;
    }

    private SenderParts Begin(string sender, long periodNo, bool isKnown)
    {
        var records = new PartRecords(page => _write.PartRecords(periodNo, page));
        var parts = new SenderParts(sender, records, isKnown);
        _senders.Add(parts);
        return parts;
    }

    // Which of the former records are gone. Pages of which most is former are written anew.
    private async Task<Dictionary<string, List<Guid>>> ReviewAsync(
        SenderParts parts, long periodNo, Func<string, Guid, bool> isTaken, CancellationToken cancellation)
    {
        var gone = new Dictionary<string, List<Guid>>(StringComparer.Ordinal);
        var former = new List<(long BatchNo, long PageNo)>();
        var settled = await _write.SettledAsync();
        await using (var select = Command(
            """
            select batch_no, page_no, record_table, content
            from register.period_record
            where period_no = $1 and batch_no <> $2
            """,
            [periodNo, _write.BatchNo], settled))
        {
            await using var pages = await select.ExecuteReaderAsync(cancellation);
            while (await pages.ReadAsync(cancellation))
            {
                var (table, standing) = (pages.GetString(2), 0);
                var content = pages.GetFieldValue<byte[]>(3);
                for (var at = 0; at < content.Length; at += KeptRecord.Bytes)
                {
                    var record = KeptRecord.Read(content.AsSpan(at));
                    if (parts.StandsUnread(record.Part)) standing++;
                    else if (parts.StoodOnly(record.Part) && !isTaken(table, record.Key))
                    {
                        if (!gone.TryGetValue(table, out var keys)) gone[table] = keys = [];
                        keys.Add(record.Key);
                    }
                }

                if (2 * standing * KeptRecord.Bytes < content.Length)
                    former.Add((pages.GetInt64(0), pages.GetInt64(1)));
            }
        }

        foreach (var (batchNo, pageNo) in former) await RewriteAsync(parts, periodNo, batchNo, pageNo, cancellation);
        return gone;
    }

    private async Task RewriteAsync(
        SenderParts parts, long periodNo, long batchNo, long pageNo, CancellationToken cancellation)
    {
        var settled = await _write.SettledAsync();
        await using var delete = Command(
            """
            delete from register.period_record
            where period_no = $1 and batch_no = $2 and page_no = $3
            returning record_table, content
            """,
            [periodNo, batchNo, pageNo], settled);
        await using var page = await delete.ExecuteReaderAsync(cancellation);
        await page.ReadAsync(cancellation);
        var (table, content) = (page.GetString(0), page.GetFieldValue<byte[]>(1));
        for (var at = 0; at < content.Length; at += KeptRecord.Bytes)
        {
            var record = KeptRecord.Read(content.AsSpan(at));
            if (parts.StandsUnread(record.Part)) parts.Keep(table, record);
        }
    }

    private async Task WriteAsync(SenderParts parts, long periodNo, CancellationToken cancellation)
    {
        await ExecuteAsync("delete from register.period_part where period_no = $1", [periodNo], cancellation);
        string[] columns = ["period_no", "page_no", "batch_no", "content"];
        var settled = await _write.SettledAsync();
        await using var copy = await BinaryCopy.BeginAsync(
            settled.Connection!,
            $"copy register.period_part ({string.Join(", ", columns)}) from stdin (format binary)", cancellation);
        var content = new byte[PartsPerPage * KeptPart.Bytes];
        var (pageNo, filled) = (0L, 0);
        foreach (var part in PartsOf(parts))
        {
            part.Write(content.AsSpan(filled));
            filled += KeptPart.Bytes;
            if (filled == content.Length) await WritePageAsync();
        }

        if (filled > 0) await WritePageAsync();
        await copy.CompleteAsync(cancellation);

        async ValueTask WritePageAsync()
        {
            await copy.StartRowAsync(columns.Length, cancellation);
            copy.Write(periodNo);
            copy.Write(++pageNo);
            copy.Write(_write.BatchNo);
            copy.WriteBytes(content.AsSpan(0, filled));
            filled = 0;
        }
    }

    // Those that were not read stand as they stood.
    private IEnumerable<KeptPart> PartsOf(SenderParts parts)
    {
        foreach (var (digest, place) in _known.All)
        {
            if (_senders[SenderAt(place)] == parts && parts.StandsUnread(NumberAt(place)))
                yield return new KeptPart(digest, NumberAt(place), RowsAt(place));
        }

        foreach (var part in parts.Read(DigestOf)) yield return part;
    }

    private UInt128 DigestOf(int part) =>
        _spoiled.Contains(part) ? MessageParts.NoDigest : _message.DigestOf(part);

    private async Task ReadAsync(SubmissionHead head, CancellationToken cancellation)
    {
        var settled = await _write.SettledAsync();
        await using var select = Command(
            """
            select period.sender, period.period_no, part.content
            from register.period
            join register.batch on batch.submission_id = period.submission_id
            join register.period_part as part
              on part.period_no = period.period_no and part.batch_no = period.batch_no
            where batch.sender = $1 and period.message_type = $2 and period.data_year = $3
              and period.extracted_on <= $4 and period.share = $5
            order by period.sender
            """,
            [head.SenderText, head.Type.Name, head.Year!.Value.Year, head.ExtractedOn, head.Share], settled);
        var pages = new List<(int Sender, byte[] Content)>();
        await using (var rows = await select.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                var sender = rows.GetString(0);
                if (Of(sender) is null) Begin(sender, rows.GetInt64(1), isKnown: true);
                pages.Add((_senders.Count - 1, rows.GetFieldValue<byte[]>(2)));
            }
        }

        _known = new PartIndex(
            pages.Sum(page => page.Content.Length / KeptPart.Bytes), pages.SelectMany(page => Know(page)));
    }

    private IEnumerable<(UInt128 Digest, long Place)> Know((int Sender, byte[] Content) page)
    {
        for (var at = 0; at < page.Content.Length; at += KeptPart.Bytes)
        {
            var part = KeptPart.Read(page.Content.AsSpan(at));
            _senders[page.Sender].Know(part);
            if (part.Rows > RowsMax) continue;
            yield return (
                part.Digest,
                ((long)page.Sender << (NumberBits + RowsBits)) | ((long)part.Rows << NumberBits) | (uint)part.Number);
        }
    }

    private static int SenderAt(long place) => (int)(place >> (NumberBits + RowsBits));

    private static int RowsAt(long place) => (int)((place >> NumberBits) & RowsMax);

    private static int NumberAt(long place) => (int)(place & int.MaxValue);

    private async Task ExecuteAsync(string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = Command(sql, values, await _write.SettledAsync());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(string sql, object[] values, NpgsqlTransaction transaction)
    {
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
