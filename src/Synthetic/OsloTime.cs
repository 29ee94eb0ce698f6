namespace Kilde.Synthetic;

/// <summary>Norwegian clock time, by the rule and without the machine's time zone tables.</summary>
internal static class OsloTime
{
    /// <summary>Monday to Friday. Public holidays are working days here.</summary>
    public static bool IsWorkDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    public static DateOnly WorkDayOnOrAfter(DateOnly day)
    {
        while (!IsWorkDay(day)) day = day.AddDays(1);
        return day;
    }

    /// <summary>
    /// The day, or when it falls on a weekend some day of the week after, so that Mondays are not crowded.
    /// </summary>
    public static DateOnly WorkDayNear(DateOnly day, ref Chance chance)
    {
        var weekday = chance.Below(5);
        return IsWorkDay(day) ? day : WorkDayOnOrAfter(day).AddDays(weekday);
    }

    public static DateTimeOffset At(DateOnly day, int minuteOfDay) =>
        new(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minuteOfDay), IsSummer(day) ? TwoHours : OneHour);

    private static TimeSpan OneHour => TimeSpan.FromHours(1);

    private static TimeSpan TwoHours => TimeSpan.FromHours(2);

    // Clocks change on a Sunday night, when nobody is at work: whole days are enough.
    private static bool IsSummer(DateOnly day) =>
        day >= LastSunday(day.Year, month: 3) && day < LastSunday(day.Year, month: 10);

    private static DateOnly LastSunday(int year, int month)
    {
        var last = new DateOnly(year, month, 31);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
