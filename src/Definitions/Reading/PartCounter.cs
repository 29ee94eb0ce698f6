using System.Runtime.InteropServices;

namespace Kilde.Definitions.Reading;

/// <summary>What one part of a message was counted as.</summary>
/// <param name="Part">As in <see cref="RecordBatch.Parts"/>.</param>
/// <param name="What">A place among what the counter has counted.</param>
/// <param name="Times">1 or more.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PartCount(int Part, int What, int Times);

/// <summary>
/// Keeps what each part of a message is counted as, in a few bytes a part: a file of a gigabyte is counted by the
/// million, and what remembers it should not be felt.
/// </summary>
/// <remarks>
/// Records come kind by kind, some hundreds of each at a time, and each kind begins again at an earlier part: the parts
/// stand in as many runs as there were such turns, each in order.
/// </remarks>
public sealed class PartCounter
{
    // One buffer that grows would stand twice in memory, and leave its earlier sizes to the collector.
    private const int ChunkBytes = 64 * 1024;

    private readonly List<byte[]> _chunks = [];
    private readonly List<long> _runs = [0];
    private readonly List<(int What, int Times)> _ofPart = [];
    private int _length = ChunkBytes;
    private int _part;
    private int _written;

    /// <summary>All that was counted, in the order of parts; the same thing of a part perhaps in pieces.</summary>
    public IEnumerable<PartCount> All
    {
        get
        {
            Close();
            return PartCounts.InOrder(_runs.Zip(_runs.Skip(1).Append(End), Read));
        }
    }

    private long End => ((_chunks.Count - 1L) * ChunkBytes) + _length;

    /// <summary>Counts once.</summary>
    public void Add(int part, int what)
    {
        if (part != _part) Close();
        if (part < _part)
        {
            _runs.Add(End);
            _written = 0;
        }

        _part = part;
        var counts = CollectionsMarshal.AsSpan(_ofPart);
        foreach (ref var count in counts)
        {
            if (count.What != what) continue;
            count.Times++;
            return;
        }

        _ofPart.Add((what, 1));
    }

    // How far the part is from the one before, how many counts it has, and each of them.
    private void Close()
    {
        if (_ofPart.Count == 0) return;
        Write(_part - _written);
        Write(_ofPart.Count);
        foreach (var (what, times) in _ofPart)
        {
            Write(what);
            Write(times);
        }

        _written = _part;
        _ofPart.Clear();
    }

    // Seven bits in a byte, the lowest first. A number may stand in two chunks.
    private void Write(int number)
    {
        for (var left = (uint)number; ; left >>= 7)
        {
            if (_length == ChunkBytes)
            {
                _chunks.Add(new byte[ChunkBytes]);
                _length = 0;
            }

            _chunks[^1][_length++] = (byte)(left > 0x7F ? (left & 0x7F) | 0x80 : left);
            if (left <= 0x7F) return;
        }
    }

    private IEnumerable<PartCount> Read(long from, long to)
    {
        var (at, part) = (from, 0);
        while (at < to)
        {
            part += Number();
            for (var left = Number(); left > 0; left--) yield return new PartCount(part, Number(), Number());
        }

        int Number()
        {
            var number = 0u;
            for (var shift = 0; ; shift += 7)
            {
                var unit = _chunks[(int)(at / ChunkBytes)][(int)(at % ChunkBytes)];
                at++;
                number |= (unit & 0x7Fu) << shift;
                if (unit < 0x80) return (int)number;
            }
        }
    }
}
