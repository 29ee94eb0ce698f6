using System.Buffers;
using Kilde.Definitions.Reading;

namespace Kilde.Register.Periods;

/// <summary>Which records each part of a sender's year has, as they are read: table by table, part by part.</summary>
internal sealed class PartNotes
{
    /// <summary>Bytes of a page, all but the last of its entries.</summary>
    private const int PageBytes = 256 * 1024;

    /// <summary>Records in one entry of what stands in no part.</summary>
    private const int EntryRecordsMax = 4096;

    // Small enough to be no large object, for which the collector would go through all memory.
    private const int ChunkBits = 11;
    private const int ChunkMask = (1 << ChunkBits) - 1;

    private readonly List<string> _tables = [];
    private readonly List<Note[]> _chunks = [];
    private int _count;
    private int _partMax;

    private readonly record struct Note(int Part, byte Table, Guid Key);

    public string[] Tables => [.. _tables];

    public void Add(int part, string table, Guid key)
    {
        var place = _tables.IndexOf(table);
        if (place < 0)
        {
            place = _tables.Count;
            _tables.Add(table);
        }

        // Never moved to a larger place: a million of them would stand twice in memory.
        if ((_count & ChunkMask) == 0) _chunks.Add(new Note[1 << ChunkBits]);
        _chunks[_count >> ChunkBits][_count & ChunkMask] = new Note(part, checked((byte)place), key);
        _count++;
        _partMax = Math.Max(_partMax, part);
    }

    /// <summary>Each stands until the next is asked for.</summary>
    /// <param name="digestOf">The digest of a part; none for those that must be read again.</param>
    public IEnumerable<ReadOnlyMemory<byte>> Pages(Func<int, UInt128> digestOf)
    {
        var order = InOrderOfParts();
        var page = new ArrayBufferWriter<byte>(2 * PageBytes);
        for (var from = 0; from < order.Length;)
        {
            var part = At(order[from]).Part;
            var to = from + 1;
            while (to < order.Length && At(order[to]).Part == part && IsRoom(part, to - from)) to++;
            PartPage.Begin(page, part == 0 ? MessageParts.NoDigest : digestOf(part), to - from);
            for (var i = from; i < to; i++) PartPage.Add(page, At(order[i]).Table, At(order[i]).Key);
            from = to;
            if (page.WrittenCount < PageBytes) continue;
            yield return page.WrittenMemory;
            page.ResetWrittenCount();
        }

        if (page.WrittenCount > 0) yield return page.WrittenMemory;
    }

    private static bool IsRoom(int part, int records) => part > 0 || records < EntryRecordsMax;

    private Note At(int note) => _chunks[note >> ChunkBits][note & ChunkMask];

    // Counted into place: the notes stand where they are.
    private int[] InOrderOfParts()
    {
        var next = new int[_partMax + 2];
        for (var i = 0; i < _count; i++) next[At(i).Part + 1]++;
        for (var part = 1; part < next.Length; part++) next[part] += next[part - 1];
        var order = new int[_count];
        for (var i = 0; i < _count; i++) order[next[At(i).Part]++] = i;
        return order;
    }
}
