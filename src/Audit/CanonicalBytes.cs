using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Kilde.Audit;

/// <summary>
/// Bytes for a hash: whole numbers as 8 bytes big-endian, instants as microseconds since 1970, texts as their length in
/// UTF-8 (−1 for null) and then the bytes. No two sequences of values give the same bytes.
/// </summary>
internal sealed class CanonicalBytes
{
    private const byte FormatVersion = 1;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    public CanonicalBytes() => _bytes.Write([FormatVersion]);

    public ReadOnlySpan<byte> Span => _bytes.WrittenSpan;

    public CanonicalBytes Add(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
        return this;
    }

    public CanonicalBytes Add(DateTimeOffset instant) =>
        Add((instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    public CanonicalBytes Add(string? text)
    {
        Add(text is null ? -1L : Encoding.UTF8.GetByteCount(text));
        if (text is not null) Encoding.UTF8.GetBytes(text, _bytes);
        return this;
    }

    /// <summary>Bytes whose number is fixed: a hash.</summary>
    public CanonicalBytes AddFixed(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }
}
