using System.Buffers.Binary;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// Finds the parts of a message in its bytes before they are read as XML, and takes out the content of those that are
/// known. The tags stay, and an empty line for each line taken out: ids are still unique, places are still right.
/// </summary>
/// <remarks>
/// The digest of a part covers its bytes, all that stands outside parts before it, and the facts that the reading of
/// parts depends on. What could deceive a search for tags, comments and the like, ends it: the rest is read as it is.
/// </remarks>
internal sealed class PartStream(Stream inner) : ForwardStream
{
    /// <summary>A part is held in memory until its end has come; after a longer one all is read.</summary>
    private const int PartBytesMax = 4 * 1024 * 1024;

    private const int BufferBytes = 256 * 1024;
    private const int OpeningBytesMax = 64 * 1024;

    /// <summary>Less than what <see cref="GuardedStream"/> takes without a tag.</summary>
    private const int NewlinesMax = 64 * 1024;

    private readonly FoundParts _parts = new();
    private byte[] _buffer = new byte[OpeningBytesMax];
    private int _start;
    private int _end;
    private bool _isEnded;
    private Stage _stage = Stage.Opening;
    private byte[] _open = [];
    private byte[] _close = [];
    private FrameDigest? _frame;

    // What is handed on next: bytes, then lines in place of what is taken out, then bytes.
    private int _pass;
    private int _newlines;
    private int _taken;
    private int _passAfter;

    private enum Stage
    {
        /// <summary>Up to the end of the root's tag.</summary>
        Opening = 1,

        /// <summary>The root has been handed on; what a part is has not been told.</summary>
        Waiting,

        /// <summary>Between parts.</summary>
        Frame,

        /// <summary>All is handed on.</summary>
        Off,
    }

    /// <summary>Tells what a part is. The root has been read, and nothing after it.</summary>
    /// <param name="context">What the reading of parts depends on, outside the bytes after the root's tag.</param>
    /// <returns>Null when parts cannot be found in this message.</returns>
    public MessageParts? Watch(ReadOnlySpan<byte> element, ReadOnlySpan<byte> context)
    {
        if (_stage != Stage.Waiting) return null;
        _open = [(byte)'<', .. element];
        _close = [(byte)'<', (byte)'/', .. element];
        _frame = new FrameDigest(context);
        _stage = Stage.Frame;
        return _parts;
    }

    /// <summary>
    /// True when parts may have come that were not seen: then the numbers of those that were seen are not sure.
    /// </summary>
    public bool IsOff => _stage == Stage.Off;

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            if (_pass > 0) return HandOn(buffer);
            if (_newlines > 0) return HandOnNewlines(buffer);
            if (_taken > 0)
            {
                _start += _taken;
                (_taken, _pass, _passAfter) = (0, _passAfter, 0);
                continue;
            }

            if (_stage == Stage.Waiting) _stage = Stage.Off;
            if (_stage == Stage.Off && _start == _end) return inner.Read(buffer);
            if (_stage == Stage.Off || _isEnded)
            {
                _pass = _end - _start;
                if (_pass == 0) return 0;
            }
            else if (!Decide())
            {
                Fill();
            }
        }
    }

    private int HandOn(Span<byte> buffer)
    {
        var count = Math.Min(_pass, buffer.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        _pass -= count;
        return count;
    }

    private int HandOnNewlines(Span<byte> buffer)
    {
        var count = Math.Min(_newlines, buffer.Length);
        buffer[..count].Fill((byte)'\n');
        _newlines -= count;
        return count;
    }

    // False when more bytes are needed.
    private bool Decide()
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        return _stage == Stage.Opening ? PassRoot(bytes) : PassFrame(bytes) || PassPart(bytes);
    }

    private bool PassRoot(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (true)
        {
            var tag = bytes[at..].IndexOf((byte)'<');
            if (tag < 0 || at + tag + 1 >= bytes.Length) return IsLong(bytes.Length, OpeningBytesMax);
            at += tag;
            if (bytes[at + 1] is not ((byte)'?' or (byte)'!')) break;
            if (bytes[at + 1] == (byte)'!' && !bytes[at..].StartsWith("<!--"u8)) return TurnOff();
            var end = bytes[at..].IndexOf(bytes[at + 1] == (byte)'?' ? "?>"u8 : "-->"u8);
            if (end < 0) return IsLong(bytes.Length, OpeningBytesMax);
            at += end;
        }

        var length = TagLength(bytes[at..]);
        if (length < 0) return IsLong(bytes.Length, OpeningBytesMax);
        _pass = at + length;
        _stage = Stage.Waiting;
        return true;
    }

    // True when there was something before the next part.
    private bool PassFrame(ReadOnlySpan<byte> bytes)
    {
        var next = bytes.IndexOf(_open);
        var isPart = next >= 0 && next + _open.Length < bytes.Length && IsEndOfName(bytes[next + _open.Length]);
        if (isPart && next == 0) return false;
        if (next >= 0 && next + _open.Length == bytes.Length) return next > 0 && PassFrame(bytes, next);
        if (next >= 0) return PassFrame(bytes, isPart ? next : next + _open.Length);
        return bytes.Length > _open.Length && PassFrame(bytes, bytes.Length - _open.Length);
    }

    private bool PassFrame(ReadOnlySpan<byte> bytes, int length)
    {
        if (IsDeceptive(bytes[..(length + 1)])) return TurnOff();
        _frame!.Append(bytes[..length]);
        _pass = length;
        return true;
    }

    private bool PassPart(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= _open.Length || !bytes.StartsWith(_open)) return false;
        var tag = TagLength(bytes);
        if (tag < 0) return IsLong(bytes.Length, PartBytesMax);
        if (bytes[tag - 2] == (byte)'/')
        {
            _parts.Add(_frame!.Of(bytes[..tag]));
            _pass = tag;
            return true;
        }

        var end = bytes[tag..].IndexOf(_close);
        var length = end < 0 ? -1 : tag + end + TagLength(bytes[(tag + end)..]);
        if (end < 0 || length < tag + end) return IsLong(bytes.Length, PartBytesMax);
        PassPart(bytes[..length], tag, tag + end);
        return true;
    }

    private void PassPart(ReadOnlySpan<byte> part, int from, int to)
    {
        var digest = IsDeceptive(part) ? MessageParts.NoDigest : _frame!.Of(part);
        var newlines = part[from..to].Count((byte)'\n');
        if (newlines > NewlinesMax || !_parts.TryPassOver(digest))
        {
            _parts.Add(digest);
            _pass = part.Length;
            return;
        }

        (_pass, _newlines, _taken, _passAfter) = (from, newlines, to - from, part.Length - to);
    }

    private bool IsLong(int length, int max) => length >= max && TurnOff();

    private bool TurnOff()
    {
        _stage = Stage.Off;
        return true;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, Math.Max(BufferBytes, 2 * _buffer.Length));
        var read = inner.Read(_buffer.AsSpan(_end));
        _end += read;
        _isEnded = read == 0;
    }

    // From < to >, which may also stand in an attribute's value. Negative when the end has not come.
    private static int TagLength(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ; at++)
        {
            var next = bytes[at..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (next < 0) return -1;
            at += next;
            if (bytes[at] == (byte)'>') return at + 1;
            var quoted = bytes[(at + 1)..].IndexOf(bytes[at]);
            if (quoted < 0) return -1;
            at += 1 + quoted;
        }
    }

    private static bool IsEndOfName(byte next) => next is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'
        or (byte)'>' or (byte)'/';

    // Comments, CDATA, instructions: a tag within them is none.
    private static bool IsDeceptive(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("<!"u8) >= 0 || bytes.IndexOf("<?"u8) >= 0;

    /// <summary>What was found.</summary>
    private sealed class FoundParts : MessageParts
    {
        private readonly List<Func<UInt128, int?>> _rowsOf = [];

        public override void Know(Func<UInt128, int?> rowsOf) => _rowsOf.Add(rowsOf);

        public new void Add(UInt128 digest) => base.Add(digest);

        public bool TryPassOver(UInt128 digest)
        {
            if (digest == NoDigest || RowsOf(digest) is not { } rows) return false;
            PassOver(digest, rows);
            return true;
        }

        private int? RowsOf(UInt128 digest)
        {
            int? rows = null;
            foreach (var rowsOf in _rowsOf)
            {
                if ((rows = rowsOf(digest)) is null) return null;
            }

            return rows;
        }
    }

    /// <summary>
    /// The digest of what stands outside parts. White space between two tags is no part of it: one part more or less
    /// makes no difference to the others.
    /// </summary>
    private sealed class FrameDigest
    {
        private const int WhiteMax = 4096;

        private readonly byte[] _digest = new byte[16];
        private readonly List<byte> _white = [];
        private Fingerprint _frame = new();
        private bool _isAfterTag = true;
        private bool _isNew = true;

        public FrameDigest(ReadOnlySpan<byte> context) => _frame.Append(context);

        public void Append(ReadOnlySpan<byte> bytes)
        {
            var from = 0;
            for (var at = 0; at < bytes.Length; at++)
            {
                if (_isAfterTag)
                {
                    if (TakeWhite(bytes[at])) continue;
                    if (bytes[at] != (byte)'<') Hash([.. _white]);
                    _white.Clear();
                    _isAfterTag = false;
                    from = at;
                }

                if (bytes[at] != (byte)'>') continue;
                Hash(bytes[from..(at + 1)]);
                _isAfterTag = true;
            }

            if (!_isAfterTag) Hash(bytes[from..]);
        }

        public UInt128 Of(ReadOnlySpan<byte> part)
        {
            _white.Clear();
            _isAfterTag = true;
            if (_isNew)
            {
                BinaryPrimitives.WriteUInt128BigEndian(_digest, _frame.Current);
                _isNew = false;
            }

            var digest = new Fingerprint();
            digest.Append(_digest);
            digest.Append(part);
            return digest.Current;
        }

        private bool TakeWhite(byte next)
        {
            if (_white.Count == WhiteMax) return false;
            if (next is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return false;
            _white.Add(next);
            return true;
        }

        private void Hash(ReadOnlySpan<byte> bytes)
        {
            if (bytes.IsEmpty) return;
            _frame.Append(bytes);
            _isNew = true;
        }
    }
}
