using System.Text;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>A limit was passed; the message is not read further.</summary>
internal sealed class XmlLimitException(string limit) : Exception(limit);

/// <summary>
/// Watches the bytes on their way to the XML reader, which keeps a whole tag in memory: a tag or text that goes on
/// without end is stopped here.
/// </summary>
internal sealed class GuardedStream(Stream inner) : ForwardStream
{
    /// <summary>Bytes without a new tag. A whole element with its attributes is some hundred.</summary>
    public const int RunBytesMax = 256 * 1024;

    /// <summary>Nobody sends more than one or two, and the reader remembers the name of each.</summary>
    private const int InstructionsMax = 1000;

    private const int HeadBytes = 1024;

    private static readonly string[] Utf8 = ["utf-8", "utf8"];
    private static readonly string[] Encodings = [.. Utf8, "iso-8859-1", "latin1"];

    private readonly byte[] _head = new byte[HeadBytes];
    private int _headLength;
    private int _run;
    private Inside _inside;
    private int _opening;
    private int _closing;
    private int _instructions;

    // Where < is only a letter.
    private enum Inside
    {
        Markup = 0,
        CData,
        Comment,
        Instruction,
    }

    /// <summary>True when a DTD has come by.</summary>
    public bool HasDtd { get; private set; }

    /// <summary>True when the message begins with the mark of UTF-8.</summary>
    public bool HasMark => _head.AsSpan(0, _headLength) is [0xEF, 0xBB, 0xBF, ..];

    /// <summary>
    /// False when the first bytes tell of another character set than those that are taken, or of two at once: a mark
    /// of UTF-8 and another declared. The platform believes what is declared, and reads each letter above ASCII as two.
    /// </summary>
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
            if (quoted.Length < 2) return true;
            return (HasMark ? Utf8 : Encodings).Contains(quoted[1], StringComparer.OrdinalIgnoreCase);
        }
    }

    private string Head => Encoding.Latin1.GetString(_head, 0, _headLength);

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Take(buffer[..read]);
        return read;
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Take(buffer.Span[..read]);
        return read;
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_headLength < HeadBytes)
        {
            var kept = bytes[..Math.Min(bytes.Length, HeadBytes - _headLength)];
            kept.CopyTo(_head.AsSpan(_headLength));
            _headLength += kept.Length;
        }

        Watch(bytes);
    }

    // A tag begins with <, and < stands in no attribute and no text, only in CDATA, comments and instructions, which
    // are rare.
    private void Watch(ReadOnlySpan<byte> bytes)
    {
        if (_inside != Inside.Markup || _opening > 0 || bytes.IndexOf("<!"u8) >= 0 || bytes.IndexOf("<?"u8) >= 0)
        {
            foreach (var one in bytes) Watch(one);
            return;
        }

        var last = bytes.LastIndexOf((byte)'<');
        var first = last < 0 ? -1 : bytes.IndexOf((byte)'<');
        Run(_run + (first < 0 ? bytes.Length : first));
        if (last < 0) return;
        _run = bytes.Length - last;
        _opening = _run == 1 ? 1 : 0;
    }

    private void Watch(byte one)
    {
        Run(_run + 1);
        if (_inside != Inside.Markup) WatchForEnd(one);
        else if (one == '<') (_run, _opening) = (1, 1);
        else if (_opening == 1 && one == '!') _opening = 2;
        else
        {
            if (_opening == 1 && one == '?') OpenInstruction();
            if (_opening == 2) Open(one);
            _opening = 0;
        }
    }

    // ]]>, --> and ?>.
    private void WatchForEnd(byte one)
    {
        var (end, times) = _inside switch
        {
            Inside.CData => (']', 2),
            Inside.Comment => ('-', 2),
            _ => ('?', 1),
        };
        if (one == '>' && _closing >= times) _inside = Inside.Markup;
        _closing = one == end ? _closing + 1 : 0;
    }

    private void OpenInstruction()
    {
        if (++_instructions > InstructionsMax) throw new XmlLimitException($"mer enn {InstructionsMax} instruksjoner");
        (_inside, _closing) = (Inside.Instruction, 0);
    }

    private void Open(byte third)
    {
        HasDtd |= third == 'D';
        _inside = third switch
        {
            (byte)'[' => Inside.CData,
            (byte)'-' => Inside.Comment,
            _ => Inside.Markup,
        };

        // The second - of <!-- is no part of the end.
        _closing = third == '-' ? -1 : 0;
    }

    private void Run(int length)
    {
        if (length > RunBytesMax) throw new XmlLimitException($"mer enn {RunBytesMax / 1024} kB i ett element");
        _run = length;
    }
}
