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
    private const int SecondLength = 19;

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
        if (text.Length > SecondLength && text[SecondLength..] is "+00:00" or ".0000000+00:00"
            && ReadUtc(text) is { IsPresent: true } utc) return utc;
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

    // As the reader writes times within Json, 2019-03-01T09:00:00+00:00, and in arrays, with a fraction. Read in every
    // row, so not by the way of all that ISO 8601 allows.
    private static Moment ReadUtc(ReadOnlySpan<char> text)
    {
        if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return default;
        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        var (hour, minute, second) = (Number(text[11..13]), Number(text[14..16]), Number(text[17..19]));
        var isTime = year > 0 && month is > 0 and <= 12 && day > 0 && day <= DateTime.DaysInMonth(year, month)
            && hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60;
        return isTime ? OfUtc(new DateTime(year, month, day, hour, minute, second).Ticks) : default;
    }

    // −1 for what is no number.
    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return -1;
            number = (10 * number) + (digit - '0');
        }

        return number;
    }

    private static Moment XsdDay(ReadOnlySpan<char> text) =>
        DateOnly.TryParseExact(text, "yyyyMMdd", out var day) ? Of(day) : default;
}
