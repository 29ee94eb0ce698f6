using System.Text;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>A limit was passed; the message is not read further.</summary>
internal sealed class XmlLimitException(string limit) : Exception(limit);

/// <summary>
/// Watches the bytes on their way to the XML reader, which keeps a whole tag in memory: a tag or text that goes on
/// without end is stopped here.
/// </summary>
internal sealed class GuardedStream(Stream inner) : Stream
{
    /// <summary>Bytes without a new tag. A whole element with its attributes is some hundred.</summary>
    public const int RunBytesMax = 256 * 1024;

    private const int HeadBytes = 1024;

    private static readonly string[] Encodings = ["utf-8", "iso-8859-1", "us-ascii", "latin1", "utf8"];

    private readonly byte[] _head = new byte[HeadBytes];
    private int _headLength;
    private int _run;

    /// <summary>True when a DTD stands before the root.</summary>
    public bool HasDtd => Head.Contains("<!DOCTYPE", StringComparison.Ordinal);

    /// <summary>False when the first bytes tell of another character set than those that are taken.</summary>
    public bool IsKnownEncoding
    {
        get
        {
            var head = _head.AsSpan(0, _headLength);
            if (head is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] || head.Contains((byte)0)) return false;
            var text = Head;
            var end = text.IndexOf("?>", StringComparison.Ordinal);
            var at = text.IndexOf("encoding", StringComparison.Ordinal);
            if (end < 0 || at < 0 || at > end) return true;
            var quoted = text[at..end].Split('"', '\'');
            return quoted.Length < 2 || Encodings.Contains(quoted[1], StringComparer.OrdinalIgnoreCase);
        }
    }

    private string Head => Encoding.Latin1.GetString(_head, 0, _headLength);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        var bytes = buffer[..read];
        if (_headLength < HeadBytes)
        {
            var kept = bytes[..Math.Min(bytes.Length, HeadBytes - _headLength)];
            kept.CopyTo(_head.AsSpan(_headLength));
            _headLength += kept.Length;
        }

        // A tag begins with <, and < stands in no attribute and no text.
        var last = bytes.LastIndexOf((byte)'<');
        var first = last < 0 ? -1 : bytes.IndexOf((byte)'<');
        if (_run + (first < 0 ? read : first) > RunBytesMax)
            throw new XmlLimitException($"mer enn {RunBytesMax / 1024} kB i ett element");
        _run = last < 0 ? _run + read : read - last;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
