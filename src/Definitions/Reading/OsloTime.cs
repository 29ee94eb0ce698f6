using System.Globalization;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Norwegian time by the rule of the European Union: summer time from the last Sunday of March to the last Sunday of
/// October (September before 1996), changing at 01:00 UTC. Exact from 1981; standard time all year before 1980.
/// </summary>
/// <remarks>
/// Written out because it runs for every time in every message, and so that no time zone data is needed.
/// </remarks>
internal static class OsloTime
{
    private const long HourTicks = TimeSpan.TicksPerHour;

    private static readonly (long Start, long End)[] SummerUtc = [.. Enumerable.Range(1980, 121).Select(SummerOf)];

    /// <summary>Ticks to add to UTC for the local clock.</summary>
    public static long OffsetAt(long utcTicks)
    {
        var year = new DateTime(utcTicks).Year;
        if (year is < 1980 or > 2100) return HourTicks;
        var (start, end) = SummerUtc[year - 1980];
        return utcTicks >= start && utcTicks < end ? 2 * HourTicks : HourTicks;
    }

    /// <summary>What the local clock shows, to the second: <c>2019-01-31T12:00:00</c>.</summary>
    public static string TextOf(long utcTicks) =>
        new DateTime(utcTicks + OffsetAt(utcTicks)).ToString("s", CultureInfo.InvariantCulture);

    /// <summary>
    /// The instant a local clock shows. In the hour that is lived twice the first is taken. False for the hour that
    /// never was, which is read by the offset before the change, as by a clock that was not set forward; and for what
    /// is before the first instant, whose ticks are then negative.
    /// </summary>
    public static bool TryToUtc(long localTicks, out long utcTicks)
    {
        utcTicks = localTicks - (2 * HourTicks);
        if (utcTicks < 0) return false;
        if (OffsetAt(utcTicks) == 2 * HourTicks) return true;
        utcTicks = localTicks - HourTicks;
        return OffsetAt(utcTicks) == HourTicks;
    }

    private static (long Start, long End) SummerOf(int year) =>
        (LastSunday(year, 3).Ticks + HourTicks, LastSunday(year, year < 1996 ? 9 : 10).Ticks + HourTicks);

    private static DateTime LastSunday(int year, int month)
    {
        var last = new DateTime(year, month, DateTime.DaysInMonth(year, month));
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
