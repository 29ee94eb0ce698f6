namespace Kilde.Register.Periods;

/// <summary>A page of <c>register.period_record</c>: which records of a table stand in which parts.</summary>
internal readonly record struct RecordPage(long PageNo, string Table, ReadOnlyMemory<byte> Content);

/// <summary>
/// Gathers the records of parts, table by table, and gives them on page by page: what a year holds is never in memory.
/// </summary>
/// <param name="write">Takes a page, whose content is its own only until it returns.</param>
internal sealed class PartRecords(Action<RecordPage> write)
{
    // Small enough to be no large object, for which the collector would go through all memory.
    private const int PageBytes = 3200 * KeptRecord.Bytes;

    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);
    private long _pages;

    private sealed class Open
    {
        public byte[] Content { get; } = new byte[PageBytes];

        public int Length { get; set; }
    }

    public void Add(string table, KeptRecord record)
    {
        if (!_open.TryGetValue(table, out var open)) _open[table] = open = new Open();
        if (open.Length == PageBytes) Write(table, open);
        record.Write(open.Content.AsSpan(open.Length));
        open.Length += KeptRecord.Bytes;
    }

    /// <summary>Gives on what is not yet a whole page.</summary>
    public void Finish()
    {
        foreach (var (table, open) in _open) Write(table, open);
    }

    private void Write(string table, Open open)
    {
        if (open.Length == 0) return;
        write(new RecordPage(++_pages, table, open.Content.AsMemory(0, open.Length)));
        open.Length = 0;
    }
}
