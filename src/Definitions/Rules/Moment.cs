using System.Text.Unicode;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// A day or a point in time as one number, so that columns of them compare fast. <c>default</c> is none.
/// </summary>
internal readonly record struct Moment
{
    private const int TextLengthMax = 40;
    private const int CompactDayLength = 8;

    // Ticks doubled; odd for a day, which has no zone. Year 1 is nothing a message tells.
    private readonly long _value;

    private Moment(long ticks, bool isDay) => _value = (ticks << 1) | (isDay ? 1L : 0L);

    public bool IsPresent => _value != 0;

    /// <summary>The day, by the Norwegian clock for a point in time.</summary>
    public int DayNumber
    {
        get
        {
            var ticks = _value >> 1;
            return (int)(((_value & 1) != 0 ? ticks : ticks + OsloTime.OffsetAt(ticks)) / TimeSpan.TicksPerDay);
        }
    }

    public DateOnly Day => DateOnly.FromDayNumber(DayNumber);

    public static Moment Of(DateOnly day) => new(day.DayNumber * TimeSpan.TicksPerDay, isDay: true);

    public static Moment Of(DateOnly? day) => day is { } known ? Of(known) : default;

    public static Moment OfUtc(long ticks) => new(ticks, isDay: false);

    /// <summary>1 January of a year, for what is told by the year alone.</summary>
    public static Moment OfYear(long year) => year is > 0 and < 10_000 ? Of(new DateOnly((int)year, 1, 1)) : default;

    /// <summary>A day (2019-01-31, 20190131) or a time of ISO 8601; none for any other text.</summary>
    public static Moment Read(ReadOnlySpan<char> text)
    {
        if (text.Length is < CompactDayLength or > TextLengthMax) return default;
        Span<byte> bytes = stackalloc byte[TextLengthMax];
        if (Utf8.FromUtf16(text, bytes, out _, out var length) != System.Buffers.OperationStatus.Done) return default;
        bytes = bytes[..length];
        if (length == CompactDayLength) return XsdDay(text);
        if (IsoTime.TryReadDay(bytes, out var day)) return Of(day);
        return IsoTime.TryReadInstant(bytes, out var ticks) == IsoOutcome.Good ? OfUtc(ticks) : default;
    }

    /// <summary>Against a day, only the day of a point in time counts.</summary>
    public bool IsBefore(Moment other) =>
        ((_value | other._value) & 1) == 0 ? _value < other._value : DayNumber < other.DayNumber;

    private static Moment XsdDay(ReadOnlySpan<char> text) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", out var day) ? Of(day) : default;
}
