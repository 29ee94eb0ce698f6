using System.Buffers.Binary;

namespace Kilde.Register.Periods;

/// <summary>A part of a sender's year, as <c>register.period_part</c> keeps it.</summary>
/// <param name="Digest">None for what must be read whenever it comes.</param>
/// <param name="Number">By which its records are found; from 1, and never used again in the period.</param>
/// <param name="Rows">Records that stand in it.</param>
internal readonly record struct KeptPart(UInt128 Digest, int Number, int Rows)
{
    public const int Bytes = 16 + (2 * sizeof(int));

    public static KeptPart Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt128BigEndian(from), BinaryPrimitives.ReadInt32BigEndian(from[16..]),
        BinaryPrimitives.ReadInt32BigEndian(from[20..]));

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt128BigEndian(to, Digest);
        BinaryPrimitives.WriteInt32BigEndian(to[16..], Number);
        BinaryPrimitives.WriteInt32BigEndian(to[20..], Rows);
    }
}

/// <summary>A record of a part, as <c>register.period_record</c> keeps it.</summary>
internal readonly record struct KeptRecord(int Part, Guid Key)
{
    public const int Bytes = sizeof(int) + 16;

    public static KeptRecord Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadInt32BigEndian(from), new Guid(from.Slice(sizeof(int), 16), bigEndian: true));

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32BigEndian(to, Part);
        Key.TryWriteBytes(to[sizeof(int)..], bigEndian: true, out _);
    }
}
