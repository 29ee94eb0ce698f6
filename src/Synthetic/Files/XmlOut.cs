using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Kilde.Synthetic;

/// <summary>
/// Writes XML straight into bytes: elements with attributes, each element on a line, and no tree. Fast enough that a
/// gigabyte takes seconds. Values are escaped; names are the caller's own literals and are not.
/// </summary>
internal sealed class XmlOut(Stream stream, FileEncoding encoding)
{
    private const int FlushAt = 60_000;
    private const int Latin1Max = 0xFF;

    // What a single value can take at most is far below what is left when a flush is due.
    private readonly byte[] _buffer = new byte[FlushAt + 8_192];
    private int _at;
    private bool _isTagOpen;
    private long _flushed;
    private ChangeSet? _changes;

    public long BytesWritten => _flushed + _at;

    public void Declaration()
    {
        Raw("<?xml version=\"1.0\" encoding=\""u8);
        Raw(encoding == FileEncoding.Utf8 ? "UTF-8"u8 : "ISO-8859-1"u8);
        Raw("\"?>"u8);
    }

    public void Begin(ReadOnlySpan<byte> name)
    {
        CloseTag();
        if (_at > FlushAt) Flush();
        Raw("\n<"u8);
        Raw(name);
        _isTagOpen = true;
        if (_changes is null) return;
        _changes.Begin(name);
        foreach (var added in _changes.Added()) Attribute(Encoding.UTF8.GetBytes(added.Attribute), added.Value);
    }

    /// <summary>From here on something is to be written otherwise, until <see cref="EndChange"/>.</summary>
    public void Change(IReadOnlyList<Change> changes) => _changes = new ChangeSet(changes);

    /// <summary>Everything is written as it is again.</summary>
    /// <returns>Whether all that was to be changed was there.</returns>
    public bool EndChange()
    {
        var areMade = _changes?.AreAllMade == true;
        _changes = null;
        return areMade;
    }

    public void End(ReadOnlySpan<byte> name)
    {
        if (_isTagOpen)
        {
            Raw("/>"u8);
            _isTagOpen = false;
            return;
        }

        Raw("\n</"u8);
        Raw(name);
        Raw(">"u8);
    }

    /// <summary>An element with text and no attributes.</summary>
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<char> text)
    {
        if (IsTextChanged(name)) return;
        BeginText(name);
        Escaped(text);
        EndText(name);
    }

    /// <summary>An element that is not there, unless a change puts it there.</summary>
    public void NoText(ReadOnlySpan<byte> name) => IsTextChanged(name);

    public void Text(ReadOnlySpan<byte> name, long number)
    {
        if (IsTextChanged(name)) return;
        BeginText(name);
        Number(number);
        EndText(name);
    }

    /// <summary>An element with a number with two decimals.</summary>
    public void TextHundredths(ReadOnlySpan<byte> name, long hundredths)
    {
        if (IsTextChanged(name)) return;
        BeginText(name);
        Decimal(hundredths);
        EndText(name);
    }

    /// <summary>An element with a date as eight digits, as IPLOS writes it.</summary>
    public void Digits(ReadOnlySpan<byte> name, DateOnly day)
    {
        if (IsTextChanged(name)) return;
        BeginText(name);
        Padded(day.Year, 4);
        Padded(day.Month, 2);
        Padded(day.Day, 2);
        EndText(name);
    }

    public void Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        if (IsChanged(name)) return;
        BeginAttribute(name);
        Escaped(value);
        Raw("\""u8);
    }

    /// <summary>A value that is known to hold nothing to escape.</summary>
    public void Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> plain)
    {
        if (IsChanged(name)) return;
        BeginAttribute(name);
        Raw(plain);
        Raw("\""u8);
    }

    public void Attribute(ReadOnlySpan<byte> name, long value)
    {
        if (IsChanged(name)) return;
        BeginAttribute(name);
        Number(value);
        Raw("\""u8);
    }

    /// <summary>A number with two decimals.</summary>
    public void Hundredths(ReadOnlySpan<byte> name, long hundredths)
    {
        if (IsChanged(name)) return;
        BeginAttribute(name);
        Decimal(hundredths);
        Raw("\""u8);
    }

    public void Attribute(ReadOnlySpan<byte> name, DateOnly day)
    {
        if (IsChanged(name)) return;
        BeginAttribute(name);
        Day(day);
        Raw("\""u8);
    }

    /// <summary>
    /// A clock time without zone, whole seconds (datatype 604). What falls in the hour that the clock leaps over in
    /// March stands as the moment it leaps to, which keeps the order of times.
    /// </summary>
    public void Attribute(ReadOnlySpan<byte> name, DateTime time)
    {
        if (IsChanged(name)) return;
        if (IsLeaptOver(time)) time = time.Date.AddHours(3);
        BeginAttribute(name);
        Day(DateOnly.FromDateTime(time));
        Raw("T"u8);
        Padded(time.Hour, 2);
        Raw(":"u8);
        Padded(time.Minute, 2);
        Raw(":"u8);
        Padded(time.Second, 2);
        Raw("\""u8);
    }

    public void Flush()
    {
        stream.Write(_buffer, 0, _at);
        _flushed += _at;
        _at = 0;
    }

    // The last Sunday of March, from two to three.
    private static bool IsLeaptOver(DateTime time) =>
        time is { Hour: 2, Month: 3, Day: >= 25, DayOfWeek: DayOfWeek.Sunday };

    private bool IsChanged(ReadOnlySpan<byte> attribute)
    {
        if (_changes?.Of(attribute) is not { } change) return false;
        if (change.Value is { } value) Attribute(attribute, value);
        return true;
    }

    private bool IsTextChanged(ReadOnlySpan<byte> element)
    {
        if (_changes?.OfText(element) is not { } change) return false;
        if (change.Value is { } value) Text(element, value);
        return true;
    }

    private void BeginAttribute(ReadOnlySpan<byte> name)
    {
        Debug.Assert(_isTagOpen);
        Raw(" "u8);
        Raw(name);
        Raw("=\""u8);
    }

    private void BeginText(ReadOnlySpan<byte> name)
    {
        Begin(name);
        CloseTag();
    }

    private void EndText(ReadOnlySpan<byte> name)
    {
        Raw("</"u8);
        Raw(name);
        Raw(">"u8);
    }

    private void CloseTag()
    {
        if (!_isTagOpen) return;
        Raw(">"u8);
        _isTagOpen = false;
    }

    private void Day(DateOnly day)
    {
        Padded(day.Year, 4);
        Raw("-"u8);
        Padded(day.Month, 2);
        Raw("-"u8);
        Padded(day.Day, 2);
    }

    private void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_at), out var length);
        _at += length;
    }

    private void Decimal(long hundredths)
    {
        if (hundredths < 0) Raw("-"u8);
        hundredths = Math.Abs(hundredths);
        Number(hundredths / 100);
        Raw("."u8);
        Padded((int)(hundredths % 100), 2);
    }

    private void Padded(int value, int digits)
    {
        for (var place = _at + digits - 1; place >= _at; place--, value /= 10)
            _buffer[place] = (byte)('0' + (value % 10));
        _at += digits;
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _at) Flush();
        bytes.CopyTo(_buffer.AsSpan(_at));
        _at += bytes.Length;
    }

    private void Escaped(ReadOnlySpan<char> text)
    {
        if (_at > FlushAt) Flush();
        foreach (var rune in text.EnumerateRunes())
        {
            if (_buffer.Length - _at < 16) Flush();
            switch (rune.Value)
            {
                case '<':
                    Raw("&lt;"u8);
                    break;
                case '>':
                    Raw("&gt;"u8);
                    break;
                case '&':
                    Raw("&amp;"u8);
                    break;
                case '"':
                    Raw("&quot;"u8);
                    break;
                case < ' ':
                    Reference(rune.Value);
                    break;
                case <= 0x7F:
                    _buffer[_at++] = (byte)rune.Value;
                    break;
                case <= Latin1Max when encoding == FileEncoding.Latin1:
                    _buffer[_at++] = (byte)rune.Value;
                    break;
                case > Latin1Max when encoding == FileEncoding.Latin1:
                    Reference(rune.Value);
                    break;
                default:
                    _at += rune.EncodeToUtf8(_buffer.AsSpan(_at));
                    break;
            }
        }
    }

    // Line ends and tabs in an attribute become spaces unless they are written as references (XML 1.0 § 3.3.3).
    private void Reference(int character)
    {
        Raw("&#"u8);
        Number(character);
        Raw(";"u8);
    }
}
