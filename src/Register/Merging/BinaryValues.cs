using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Kilde.Register.Merging;

/// <summary>
/// Values in PostgreSQL's binary COPY format (PostgreSQL documentation, COPY, "Binary Format"), encoded one after the
/// other straight into the buffer that is sent: a first load is mostly this.
/// </summary>
/// <param name="firstBytes">The size of the buffer at first.</param>
internal abstract class BinaryValues(int firstBytes)
{
    private const int ShortMax = 4096;
    private const int Null = -1;
    private const int TextOid = 25;
    private const int BigintOid = 20;
    private const int UuidOid = 2950;
    private const int GuidBytes = 16;

    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly int EpochDay = DateOnly.FromDateTime(Epoch).DayNumber;

    // Lent: so large an array, made anew for each COPY, is what most often makes the collector go through everything.
    private byte[] _buffer = [];

    /// <summary>What is encoded so far, in bytes.</summary>
    protected int Length { get; private set; }

    public void WriteNull() => Int32(Null);

    public void Write(long value)
    {
        Int32(sizeof(long));
        Int64(value);
    }

    public void Write(bool value)
    {
        Int32(1);
        Int8(value ? (byte)1 : (byte)0);
    }

    public void Write(string value)
    {
        var room = Room(sizeof(int) + LengthMax(value));
        var length = Encoding.UTF8.GetBytes(value, room[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        Length -= room.Length - sizeof(int) - length;
    }

    /// <summary>Text that goes into a jsonb column, which puts a version before it.</summary>
    public void WriteJson(string value)
    {
        const int beforeText = sizeof(int) + 1;
        var room = Room(beforeText + LengthMax(value));
        var length = Encoding.UTF8.GetBytes(value, room[beforeText..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length + 1);
        room[sizeof(int)] = 1;
        Length -= room.Length - beforeText - length;
    }

    public void Write(Guid value)
    {
        Int32(GuidBytes);
        value.TryWriteBytes(Room(GuidBytes), bigEndian: true, out _);
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        Append(value);
    }

    public void Write(DateOnly value)
    {
        Int32(sizeof(int));
        Int32(value.DayNumber - EpochDay);
    }

    /// <summary>Microseconds, rounded down: finer time than PostgreSQL keeps does not exist in the register.</summary>
    public void Write(DateTimeOffset value)
    {
        Int32(sizeof(long));
        Int64((value.UtcTicks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond);
    }

    public void Write(string?[] values)
    {
        // An element that is null has its mark and nothing more.
        var size = 0;
        foreach (var value in values) size += sizeof(int) + (value is null ? 0 : Encoding.UTF8.GetByteCount(value));
        StartArray(values.Length, TextOid, size);
        foreach (var value in values)
        {
            if (value is null) WriteNull();
            else Write(value);
        }
    }

    public void Write(Guid[] values)
    {
        StartArray(values.Length, UuidOid, values.Length * (sizeof(int) + GuidBytes));
        foreach (var value in values) Write(value);
    }

    public void Write(long[] values)
    {
        StartArray(values.Length, BigintOid, values.Length * (sizeof(int) + sizeof(long)));
        foreach (var value in values) Write(value);
    }

    /// <summary>A numeric is a row of digits to base 10 000, with its scale kept.</summary>
    public void Write(decimal value)
    {
        const int groupsMax = 9;
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var mantissa = unchecked(
            new UInt128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]));
        var scale = value.Scale;

        // The decimal point must fall between two groups of four digits.
        var fractionGroups = (scale + 3) / 4;
        for (var i = scale; i < fractionGroups * 4; i++) mantissa *= 10;

        Span<short> groups = stackalloc short[groupsMax];
        var total = 0;
        for (; mantissa != 0; total++)
        {
            groups[total] = (short)(mantissa % 10_000);
            mantissa /= 10_000;
        }

        var first = 0;
        while (first < total && groups[first] == 0) first++;
        var count = total - first;
        Int32(sizeof(short) * (4 + count));
        Int16((short)count);
        Int16((short)(count == 0 ? 0 : total - fractionGroups - 1));
        Int16(value < 0 ? (short)0x4000 : (short)0);
        Int16(scale);
        for (var i = total - 1; i >= first; i--) Int16(groups[i]);
    }

    protected ReadOnlyMemory<byte> Encoded => _buffer.AsMemory(0, Length);

    protected void Forget() => Length = 0;

    /// <summary>What is encoded so far, in the caller's own array from now on, which is to be given back.</summary>
    protected byte[] Take()
    {
        var taken = _buffer;
        (_buffer, Length) = ([], 0);
        return taken;
    }

    /// <summary>The buffer is somebody else's from now on.</summary>
    protected void GiveBack()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    private void StartArray(int length, int elementOid, int elementBytes)
    {
        var dimensions = length == 0 ? 0 : 1;
        Int32(sizeof(int) * (3 + 2 * dimensions) + elementBytes);
        Int32(dimensions);
        Int32(elementOid == TextOid ? 1 : 0); // whether elements may be null
        Int32(elementOid);
        if (dimensions == 0) return;
        Int32(length);
        Int32(1); // the first element has number 1
    }

    // Short texts are written before they are measured; in a long one the most there can be is too much.
    private static int LengthMax(string value) =>
        value.Length <= ShortMax ? 3 * value.Length : Encoding.UTF8.GetByteCount(value);

    protected void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    protected void Int8(byte value) => Room(1)[0] = value;

    protected void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), value);

    protected void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), value);

    private void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), value);

    // The next so many bytes, which the caller fills.
    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - Length < bytes) Grow(bytes);
        var room = _buffer.AsSpan(Length, bytes);
        Length += bytes;
        return room;
    }

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(
            Math.Max(Math.Max(firstBytes, 2 * _buffer.Length), Length + bytes));
        var length = Length;
        _buffer.AsSpan(0, length).CopyTo(larger);
        GiveBack();
        (_buffer, Length) = (larger, length);
    }
}
