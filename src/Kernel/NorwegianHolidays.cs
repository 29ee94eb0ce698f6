namespace Kilde.Kernel;

/// <summary>Norwegian public holidays and working days, computed (helligdagsfredloven § 2 and 1 and 17 May).</summary>
public static class NorwegianHolidays
{
    // Days from Easter Sunday: Maundy Thursday, Good Friday, Easter Day and Monday, Ascension, Whit Sunday and Monday.
    private static readonly int[] FromEaster = [-3, -2, 0, 1, 39, 49, 50];

    private static readonly (int Month, int Day)[] Fixed = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)];

    public static bool IsHoliday(DateOnly day)
    {
        var easter = EasterOf(day.Year);
        return Fixed.Contains((day.Month, day.Day)) || FromEaster.Contains(day.DayNumber - easter.DayNumber);
    }

    /// <summary>
    /// Monday to Friday, holidays left out. Christmas Eve and New Year's Eve are working days by law.
    /// </summary>
    public static bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    /// <summary>The day itself, or the next working day.</summary>
    public static DateOnly WorkingDayFrom(DateOnly day)
    {
        while (!IsWorkingDay(day)) day = day.AddDays(1);
        return day;
    }

    /// <summary>The first, second … working day of a month.</summary>
    /// <param name="number">From 1.</param>
    public static DateOnly WorkingDayOf(int year, int month, int number)
    {
        var day = WorkingDayFrom(new DateOnly(year, month, 1));
        for (var i = 1; i < number; i++) day = WorkingDayFrom(day.AddDays(1));
        return day;
    }

    /// <summary>Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's rule).</summary>
    public static DateOnly EasterOf(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        var l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        var m = (a + (11 * h) + (22 * l)) / 451;
        var n = h + l - (7 * m) + 114;
        return new DateOnly(year, n / 31, (n % 31) + 1);
    }
}
