using System.Buffers;
using System.Buffers.Binary;

namespace Kilde.Register.Periods;

/// <summary>A record of a part, by the place of its table among the page's.</summary>
internal readonly record struct PartRecord(byte Table, Guid Key);

/// <summary>
/// Some parts and the records of each, as <c>register.period_part</c> keeps them: digest (16 bytes, zero for what must
/// be read again), how many records (4), and for each of them the table's place (1) and the record key (16).
/// </summary>
internal sealed class PartPage(string sender, string[] tables, byte[] content)
{
    private const int DigestBytes = 16;
    private const int KeyBytes = 16;
    private const int HeadBytes = DigestBytes + sizeof(int);
    private const int RecordBytes = 1 + KeyBytes;

    public string Sender => sender;

    public string[] Tables => tables;

    /// <summary>Where each part begins.</summary>
    public IEnumerable<int> Places
    {
        get
        {
            for (var at = 0; at < content.Length; at += LengthAt(at)) yield return at;
        }
    }

    public UInt128 DigestAt(int place) => BinaryPrimitives.ReadUInt128BigEndian(content.AsSpan(place));

    public int CountAt(int place) => BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(place + DigestBytes));

    public ReadOnlySpan<byte> BytesAt(int place) => content.AsSpan(place, LengthAt(place));

    public PartRecord RecordAt(int place, int record)
    {
        var at = place + HeadBytes + (record * RecordBytes);
        return new PartRecord(content[at], new Guid(content.AsSpan(at + 1, KeyBytes), bigEndian: true));
    }

    public static void Begin(ArrayBufferWriter<byte> page, UInt128 digest, int records)
    {
        BinaryPrimitives.WriteUInt128BigEndian(page.GetSpan(DigestBytes), digest);
        page.Advance(DigestBytes);
        BinaryPrimitives.WriteInt32BigEndian(page.GetSpan(sizeof(int)), records);
        page.Advance(sizeof(int));
    }

    public static void Add(ArrayBufferWriter<byte> page, byte table, Guid key)
    {
        var bytes = page.GetSpan(RecordBytes);
        bytes[0] = table;
        key.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        page.Advance(RecordBytes);
    }

    private int LengthAt(int place) => HeadBytes + (CountAt(place) * RecordBytes);
}
