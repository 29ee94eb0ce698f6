using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>
/// The parts of a message being judged: those that are known from the message before are not read, and what was
/// counted of them is counted again; those that are read without remarks are remembered for the next.
/// </summary>
internal sealed class JudgedParts
{
    /// <summary>A message with more to remember is read whole each time; a gigabyte has some ten.</summary>
    private const int MebibytesMax = 64;

    private const int DigestBytes = 16;

    /// <summary>About what a part takes: room for all of them is made at once, and not in ever larger pieces.</summary>
    private const int PartBytes = 48;

    /// <summary>What the reading counted, and what the host's tally did: before each word that is kept.</summary>
    private static readonly char[] Marks = ['r', 't'];

    private readonly MessageParts _parts;
    private readonly PartsMemory? _memory;
    private readonly DateOnly _extractedOn;
    private readonly DateOnly _to;
    private readonly string _tallyForm;
    private readonly PartIndex _known = PartIndex.Empty;
    private readonly Places _institutions = new();
    private readonly ChunkedList<(int Rows, int Institution)> _read = [];

    private JudgedParts(MessageParts parts, MessageEnvelope envelope, PartsMemory? memory, string tallyForm)
    {
        (_parts, _tallyForm) = (parts, tallyForm);
        (_extractedOn, _to) = (envelope.ExtractedOn!.Value, envelope.To!.Value);
        if (memory?.TallyForm == tallyForm && memory.ExtractedOn <= _extractedOn && memory.To <= _to)
        {
            _memory = memory;
            _known = new PartIndex(PlacesOf(memory.Content).Count(), PlacesOf(memory.Content));
        }

        parts.Know(digest => _known.PlaceOf(digest) is { } place ? KnownAt(_memory!.Content.Span, place).Rows : null);
    }

    /// <summary>Begin before the first batch is read. Null when the message has no parts that can be known.</summary>
    /// <param name="memory">Of the message before; null when there is none.</param>
    /// <param name="tallyForm">What is counted, and how; empty for nothing.</param>
    public static JudgedParts? Begin(MessageReading reading, PartsMemory? memory, string tallyForm) =>
        reading is { Envelope: { ExtractedOn: not null, To: not null } envelope, Parts: { } parts }
            ? new JudgedParts(parts, envelope, memory, tallyForm)
            : null;

    public void Add(RecordBatch batch)
    {
        if (batch.Parts is not { } parts || batch.Institutions is not { } institutions) return;
        for (var row = 0; row < batch.Count; row++)
        {
            if (parts[row] == 0) continue;
            while (_read.Count < parts[row]) _read.Add(default);
            var rows = _read[parts[row] - 1].Rows;
            _read[parts[row] - 1] = (rows + 1, _institutions.Of(institutions[row]));
        }
    }

    /// <summary>Counts what was counted of the parts that were not read. When all is read.</summary>
    /// <returns>The institutions they stand in.</returns>
    public IReadOnlySet<string> Recall(ITallying? tallying)
    {
        var institutions = new HashSet<string>(StringComparer.Ordinal);
        var sums = new int[_memory?.Counted.Length ?? 0];
        var counts = new List<(int Counted, int Times)>();
        foreach (var digest in _parts.PassedOver)
        {
            var part = ReadKnown(digest, counts);
            if (part.Institution > 0) institutions.Add(_memory!.Institutions[part.Institution - 1]);
            foreach (var (counted, times) in counts) sums[counted] += times;
        }

        for (var counted = 0; counted < sums.Length; counted++)
        {
            if (sums[counted] == 0) continue;
            var told = _memory!.Counted[counted];
            CounterOf(told[0], tallying)?.Add(told[1..], sums[counted]);
        }

        return institutions;
    }

    /// <summary>
    /// What the next message may know. When all is read and judged. Null when it is more than is remembered.
    /// </summary>
    public PartsMemory? ToMemory(ITallying? tallying)
    {
        var told = new List<string>();
        var counts = new List<IEnumerable<PartCount>>();
        foreach (var mark in Marks)
        {
            if (CounterOf(mark, tallying) is not { } counter) continue;
            if (counter.OfParts is not { } ofParts) return null;
            counts.Add(PartCounts.Moved(ofParts, told.Count));
            told.AddRange(counter.Counted.Select(word => mark + word));
        }

        var counted = new Places();
        var content = new MemoryStream(_parts.Count * PartBytes);
        using var writer = new BinaryWriter(content);
        using var next = PartCounts.InOrder(counts).GetEnumerator();
        var isMore = next.MoveNext();
        var ofPart = new List<(int Counted, int Times)>();
        for (var part = 1; part <= _parts.Count; part++)
        {
            ofPart.Clear();
            for (; isMore && next.Current.Part == part; isMore = next.MoveNext())
                Add(ofPart, counted.Of(told[next.Current.What]) - 1, next.Current.Times);
            var digest = _parts.DigestOf(part);
            if (digest == MessageParts.NoDigest) continue;
            Write(writer, digest, part <= _read.Count ? _read[part - 1] : default, ofPart);
        }

        var moved = new int[_memory?.Counted.Length ?? 0];
        foreach (var digest in _parts.PassedOver)
        {
            var part = ReadKnown(digest, ofPart);
            foreach (ref var count in CollectionsMarshal.AsSpan(ofPart))
            {
                ref var place = ref moved[count.Counted];
                if (place == 0) place = counted.Of(_memory!.Counted[count.Counted]);
                count.Counted = place - 1;
            }

            var institution = part.Institution == 0 ? 0 : _institutions.Of(_memory!.Institutions[part.Institution - 1]);
            Write(writer, digest, (part.Rows, institution), ofPart);
        }

        writer.Flush();
        return content.Length > MebibytesMax * 1024L * 1024
            ? null
            : new PartsMemory(
                _extractedOn, _to, _tallyForm, _institutions.All, counted.All,
                content.GetBuffer().AsMemory(0, (int)content.Length));
    }

    private static void Add(List<(int Counted, int Times)> counts, int counted, int times)
    {
        var place = counts.FindIndex(count => count.Counted == counted);
        if (place < 0) counts.Add((counted, times));
        else counts[place] = (counted, counts[place].Times + times);
    }

    private IPartCounts? CounterOf(char mark, ITallying? tallying) => mark == Marks[0] ? _parts.Counts : tallying;

    private static void Write(
        BinaryWriter writer, UInt128 digest, (int Rows, int Institution) part,
        List<(int Counted, int Times)> counts)
    {
        Span<byte> bytes = stackalloc byte[DigestBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, digest);
        writer.Write(bytes);
        writer.Write7BitEncodedInt(part.Rows);
        writer.Write7BitEncodedInt(part.Institution);
        writer.Write7BitEncodedInt(counts.Count);
        foreach (var (counted, times) in counts)
        {
            writer.Write7BitEncodedInt(counted);
            writer.Write7BitEncodedInt(times);
        }
    }

    private static IEnumerable<(UInt128 Digest, long Place)> PlacesOf(ReadOnlyMemory<byte> content)
    {
        for (var at = 0; at < content.Length; at = After(content.Span, at))
            yield return (BinaryPrimitives.ReadUInt128BigEndian(content.Span[at..]), at);
    }

    private static int After(ReadOnlySpan<byte> content, int place)
    {
        var at = KnownAt(content, place).CountsAt;
        for (var left = 2 * Number(content, ref at); left > 0; left--) Number(content, ref at);
        return at;
    }

    // What was counted of the part takes the place of what is in the list.
    private Known ReadKnown(UInt128 digest, List<(int Counted, int Times)> counts)
    {
        var content = _memory!.Content.Span;
        var part = KnownAt(content, _known.PlaceOf(digest)!.Value);
        counts.Clear();
        var at = part.CountsAt;
        for (var left = Number(content, ref at); left > 0; left--)
            counts.Add((Number(content, ref at), Number(content, ref at)));
        return part;
    }

    private static Known KnownAt(ReadOnlySpan<byte> content, long place)
    {
        var at = (int)place + DigestBytes;
        return new Known(Number(content, ref at), Number(content, ref at), at);
    }

    // As BinaryWriter.Write7BitEncodedInt writes it.
    private static int Number(ReadOnlySpan<byte> content, ref int at)
    {
        var number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = content[at++];
            number |= (next & 0x7F) << shift;
            if (next < 0x80) return number;
        }
    }

    /// <param name="Institution">Its place from 1; 0 for none.</param>
    /// <param name="CountsAt">Where in the content its counts begin.</param>
    private readonly record struct Known(int Rows, int Institution, int CountsAt);

    /// <summary>Texts, each with a place from 1.</summary>
    private sealed class Places
    {
        private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
        private readonly List<string> _all = [];
        private (string? Text, int Place) _last;

        public string[] All => [.. _all];

        // The same stands in row after row.
        public int Of(string text)
        {
            if (ReferenceEquals(text, _last.Text)) return _last.Place;
            if (!_places.TryGetValue(text, out var place))
            {
                _all.Add(text);
                _places.Add(text, place = _all.Count);
            }

            _last = (text, place);
            return place;
        }
    }
}
