using Kilde.Kernel;

namespace Kilde.Intake.Silence;

/// <summary>What kind of day it is to those who send.</summary>
internal enum DayGroup
{
    WorkDay = 0,

    /// <summary>Saturdays, Christmas Eve and New Year's Eve.</summary>
    HalfDay,

    /// <summary>Sundays and public holidays.</summary>
    RestDay,
}

/// <summary>Records of one feed (a unit's messages of one type), hour by hour of the clock in Norway.</summary>
internal sealed class FeedHours
{
    public const int HoursOfDay = 24;

    private readonly int[] _sums;

    /// <param name="counts">24 for each day, from <paramref name="first"/> on; the last day may be under way.</param>
    public FeedHours(DateOnly first, ReadOnlySpan<int> counts)
    {
        First = first;
        Days = counts.Length / HoursOfDay;
        _sums = new int[counts.Length + 1];
        for (var i = 0; i < counts.Length; i++) _sums[i + 1] = _sums[i] + counts[i];
    }

    public DateOnly First { get; }

    public int Days { get; }

    public int Total(int day) => Sum(day, 0, HoursOfDay);

    /// <summary>From one hour up to another of a day.</summary>
    public int Sum(int day, int from, int to) => _sums[(day * HoursOfDay) + to] - _sums[(day * HoursOfDay) + from];

    public DateOnly DateOf(int day) => First.AddDays(day);

    public static DayGroup GroupOf(DateOnly day)
    {
        if (day.DayOfWeek == DayOfWeek.Sunday || NorwegianHolidays.IsHoliday(day)) return DayGroup.RestDay;
        return day.DayOfWeek == DayOfWeek.Saturday || day is { Month: 12, Day: 24 or 31 }
            ? DayGroup.HalfDay
            : DayGroup.WorkDay;
    }

    /// <summary>Days that are alike: each weekday by itself, and the groups of those that are not worked.</summary>
    public static int KindOf(DateOnly day) => GroupOf(day) switch
    {
        DayGroup.WorkDay => (int)day.DayOfWeek,
        DayGroup.HalfDay => 6,
        _ => 0,
    };
}
