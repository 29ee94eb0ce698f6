using System.Text;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>Bytes that are made when they are asked for: a message may be larger than the machine.</summary>
internal sealed class GeneratedStream(IEnumerable<byte[]> parts) : ForwardStream
{
    private readonly IEnumerator<byte[]> _parts = parts.GetEnumerator();
    private byte[] _part = [];
    private int _at;

    /// <summary>How many bytes were asked for.</summary>
    public long Given { get; private set; }

    /// <summary>Head, then the same again and again until there are so many bytes of it, then tail.</summary>
    public static GeneratedStream Of(string head, string repeated, long bytes, string tail = "") =>
        new(Parts(head, repeated, bytes, tail));

    public override int Read(Span<byte> buffer)
    {
        while (_at == _part.Length)
        {
            if (!_parts.MoveNext()) return 0;
            (_part, _at) = (_parts.Current, 0);
        }

        var length = Math.Min(buffer.Length, _part.Length - _at);
        _part.AsSpan(_at, length).CopyTo(buffer);
        _at += length;
        Given += length;
        return length;
    }

    private static IEnumerable<byte[]> Parts(string head, string repeated, long bytes, string tail)
    {
        const int PartBytes = 64 * 1024;
        yield return Encoding.UTF8.GetBytes(head);
        var once = Encoding.UTF8.GetByteCount(repeated);
        var times = Math.Max(1, PartBytes / once);
        var part = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, times)));
        for (var left = bytes; left > 0; left -= part.Length) yield return part;
        yield return Encoding.UTF8.GetBytes(tail);
    }
}
