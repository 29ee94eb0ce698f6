using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kilde.Register.Comparing;

namespace Kilde.Intake.Slash.Comparing;

/// <summary>What a sender asks <c>POST /compare</c> (docs/compare.md).</summary>
/// <param name="Record">The list of the message that holds the records; may be left out when there is one.</param>
/// <param name="Ask"><c>months</c>, <c>parts</c>, <c>records</c> or <c>names</c>.</param>
/// <param name="From">The first month for <c>months</c>, <c>2026-01</c>; null for the first there is.</param>
/// <param name="To">The last one; null for the last there is.</param>
/// <param name="Split">For <c>parts</c>: each divides into 2 to this many.</param>
/// <param name="Nodes">For <c>parts</c> and <c>records</c>.</param>
/// <param name="Names">For <c>names</c>.</param>
/// <param name="Own">For <c>months</c>: what the sender has of them, when it tells.</param>
internal sealed record CompareRequest(
    string? MessageType, string? MessageVersion, string? Record, string? Ask, string? From = null, string? To = null,
    int? Split = null, IReadOnlyList<CompareNodes>? Nodes = null, IReadOnlyList<CompareIds>? Names = null,
    IReadOnlyList<CompareMonth>? Own = null);

/// <summary>Parts of one place that are as small as each other.</summary>
/// <param name="Month"><c>2026-03</c>; empty for records that tell no time.</param>
internal sealed record CompareNodes(string? Unit, string? Month, int Bits, IReadOnlyList<ulong>? Prefixes);

/// <summary>Id digests of one place, 8 bytes each.</summary>
internal sealed record CompareIds(string? Unit, string? Month, byte[]? Ids);

/// <param name="Key">The sender's own key for digests.</param>
internal sealed record CompareMonths(byte[] Key, IReadOnlyList<CompareMonth> Months);

/// <param name="Digest">Sixteen hexadecimal digits.</param>
/// <param name="Missing">
/// Of what the sender has: as many of them the register lacks, when the sender has found out.
/// </param>
internal sealed record CompareMonth(string Unit, string Month, int Count, string Digest, int? Missing = null);

/// <summary>One packed text for each part that was asked for, in order.</summary>
internal sealed record CompareParts(IReadOnlyList<byte[]> Parts);

internal sealed record CompareNames(IReadOnlyList<string?> LocalIds);

/// <summary>The form of questions and answers on the wire; shared by both ends, as the form of receipts is.</summary>
internal static class CompareWire
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 8,
    };

    private const int WordBytes = sizeof(ulong);

    /// <summary>Groups parts of the same place and size; the order is the same.</summary>
    public static IReadOnlyList<CompareNodes> Group(IReadOnlyList<DigestNode> nodes)
    {
        var groups = new List<CompareNodes>();
        for (var from = 0; from < nodes.Count;)
        {
            var first = nodes[from];
            var to = from;
            while (to < nodes.Count && nodes[to].Place == first.Place && nodes[to].Bits == first.Bits) to++;
            groups.Add(new CompareNodes(
                first.Place.Unit, first.Place.Month.ToString(), first.Bits,
                [.. nodes.Skip(from).Take(to - from).Select(node => node.Prefix)]));
            from = to;
        }

        return groups;
    }

    /// <summary>For each child its number of records and, unless that is 0, the eight bytes of their sum.</summary>
    public static byte[] Pack(DigestSum[] sums)
    {
        var packed = new MemoryStream();
        Span<byte> word = stackalloc byte[WordBytes];
        foreach (var sum in sums)
        {
            var count = (uint)sum.Count;
            for (; count > 0x7F; count >>= 7) packed.WriteByte((byte)((count & 0x7F) | 0x80));
            packed.WriteByte((byte)count);
            if (sum.Count == 0) continue;
            BinaryPrimitives.WriteUInt64BigEndian(word, sum.Sum);
            packed.Write(word);
        }

        return packed.ToArray();
    }

    /// <exception cref="JsonException">The bytes are not so many sums.</exception>
    public static DigestSum[] UnpackSums(ReadOnlySpan<byte> packed, int count)
    {
        var sums = new DigestSum[count];
        for (var i = 0; i < count; i++)
        {
            var (records, shift) = (0u, 0);
            byte part;
            do
            {
                if (packed.IsEmpty || shift > 28) throw new JsonException("A part is cut short.");
                part = packed[0];
                packed = packed[1..];
                records |= (uint)(part & 0x7F) << shift;
                shift += 7;
            }
            while (part > 0x7F);

            if (records == 0) continue;
            if (packed.Length < WordBytes || records > int.MaxValue) throw new JsonException("A part is cut short.");
            sums[i] = new DigestSum((int)records, BinaryPrimitives.ReadUInt64BigEndian(packed));
            packed = packed[WordBytes..];
        }

        return sums;
    }

    public static byte[] Pack(IReadOnlyList<RecordDigest> records)
    {
        var packed = new byte[2 * WordBytes * records.Count];
        for (var i = 0; i < records.Count; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(packed.AsSpan(2 * WordBytes * i), records[i].Id);
            BinaryPrimitives.WriteUInt64BigEndian(packed.AsSpan((2 * WordBytes * i) + WordBytes), records[i].Content);
        }

        return packed;
    }

    public static RecordDigest[] UnpackRecords(byte[] packed)
    {
        var words = UnpackIds(packed);
        return [.. words.Chunk(2).Where(pair => pair.Length == 2).Select(pair => new RecordDigest(pair[0], pair[1]))];
    }

    public static byte[] PackIds(IReadOnlyList<ulong> ids)
    {
        var packed = new byte[WordBytes * ids.Count];
        for (var i = 0; i < ids.Count; i++)
            BinaryPrimitives.WriteUInt64BigEndian(packed.AsSpan(WordBytes * i), ids[i]);
        return packed;
    }

    public static ulong[] UnpackIds(byte[] packed)
    {
        var ids = new ulong[packed.Length / WordBytes];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = BinaryPrimitives.ReadUInt64BigEndian(packed.AsSpan(WordBytes * i));
        return ids;
    }
}
