namespace Kilde.Intake.Overview;

/// <summary>How often a series comes, told from its own past. Pure.</summary>
/// <remarks>
/// A daily sender that rests at weekends has no holes at weekends: with a rhythm of a day, a weekday counts when the
/// series came on more than half of those weekdays. With a slower rhythm a day is missing when the series is more than
/// half a rhythm late.
/// </remarks>
internal static class SeriesRhythm
{
    private const int GapsMin = 4;

    /// <param name="days">Days of extraction, distinct, oldest first.</param>
    /// <returns>The median number of days between them; null with too few to tell.</returns>
    public static int? Of(IReadOnlyList<DateOnly> days)
    {
        if (days.Count <= GapsMin) return null;
        int[] gaps = [.. days.Zip(days.Skip(1), (one, next) => next.DayNumber - one.DayNumber).Order()];
        return gaps[gaps.Length / 2];
    }

    /// <param name="through">Last day that can be missing: yesterday, or the end of the period.</param>
    public static IEnumerable<DateOnly> Holes(IReadOnlyList<DateOnly> days, DateOnly through) => Of(days) switch
    {
        null => [],
        1 => DailyHoles(days, through),
        var rhythm => SlowHoles(days, rhythm.Value, through),
    };

    private static IEnumerable<DateOnly> DailyHoles(IReadOnlyList<DateOnly> days, DateOnly through)
    {
        var came = days.ToHashSet();
        var first = days[0];
        var weeks = ((days[^1].DayNumber - first.DayNumber) / 7) + 1;
        var usual = days.GroupBy(day => day.DayOfWeek)
            .Where(group => group.Count() * 2 > weeks)
            .Select(group => group.Key)
            .ToHashSet();
        for (var day = first; day <= through; day = day.AddDays(1))
        {
            if (usual.Contains(day.DayOfWeek) && !came.Contains(day)) yield return day;
        }
    }

    private static IEnumerable<DateOnly> SlowHoles(IReadOnlyList<DateOnly> days, int rhythm, DateOnly through)
    {
        var patience = (rhythm + 1) / 2;
        for (var i = 0; i < days.Count; i++)
        {
            var next = i + 1 < days.Count ? days[i + 1] : through.AddDays(1);
            for (var due = days[i].AddDays(rhythm); due.AddDays(patience) < next; due = due.AddDays(rhythm))
                yield return due;
        }
    }
}
