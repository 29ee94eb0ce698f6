namespace Kilde.Intake.Silence;

/// <summary>
/// How much the feeds of one type bring each day against what they usually do on such a day: the season, told by all of
/// them. In July, at Easter and in the week of Christmas they fall together; when one falls alone, it is that one.
/// </summary>
internal sealed class FeedLevels
{
    private const int PeersMin = 5;
    private const double ExpectedMin = 5;
    private const double LevelMin = 0.02;
    private const double LevelMax = 3;

    /// <summary>When nearly all are silent, the fault is ours, and the day tells nothing.</summary>
    private const double CountedMin = 0.05;

    private const int KindsOfDay = 7;

    private readonly double[] _levels;

    private FeedLevels(double[] levels) => _levels = levels;

    public double this[int day] => _levels[day];

    public bool Counts(int day) => _levels[day] >= CountedMin;

    /// <param name="feeds">Of one type, all with the same days.</param>
    /// <param name="hour">Hours of the last day that have passed.</param>
    public static FeedLevels Of(IReadOnlyList<FeedHours> feeds, int hour)
    {
        var days = feeds.Count == 0 ? 0 : feeds[0].Days;
        var even = new FeedLevels([.. Enumerable.Repeat(1.0, days)]);
        var first = even.Measure(feeds, hour);
        return first.Measure(feeds, hour);
    }

    /// <summary>What each kind of day brings on an ordinary level.</summary>
    public double[] TypicalOf(FeedHours feed, Predicate<int> isCounted)
    {
        var kinds = new List<double>[KindsOfDay];
        for (var kind = 0; kind < KindsOfDay; kind++) kinds[kind] = [];
        var begun = false;
        for (var day = 0; day < feed.Days - 1; day++)
        {
            begun |= feed.Total(day) > 0;
            if (begun && Counts(day) && isCounted(day))
                kinds[FeedHours.KindOf(feed.DateOf(day))].Add(feed.Total(day) / _levels[day]);
        }

        return [.. kinds.Select(totals =>
        {
            totals.Sort();
            return totals.Count == 0 ? 0 : Middle.MeanOf(totals);
        })];
    }

    private FeedLevels Measure(IReadOnlyList<FeedHours> feeds, int hour)
    {
        var today = _levels.Length - 1;
        double[][] typical = [.. feeds.Select(feed => TypicalOf(feed, _ => true))];
        var levels = new double[_levels.Length];
        var ratios = new List<double>(feeds.Count);
        for (var day = 0; day <= today; day++)
        {
            ratios.Clear();
            for (var i = 0; i < feeds.Count; i++)
            {
                var expected = typical[i][FeedHours.KindOf(feeds[i].DateOf(day))];
                if (day == today) expected *= ShareBy(feeds[i], hour);
                if (expected >= ExpectedMin)
                    ratios.Add((day == today ? feeds[i].Sum(day, 0, hour) : feeds[i].Total(day)) / expected);
            }

            levels[day] = ratios.Count >= PeersMin ? MedianOf(ratios) : Before(levels, feeds, day);
        }

        return new FeedLevels(levels);
    }

    // The part of a day like the last one that has come by the hour.
    private static double ShareBy(FeedHours feed, int hour)
    {
        var group = FeedHours.GroupOf(feed.DateOf(feed.Days - 1));
        var (by, all) = (0L, 0L);
        for (var day = 0; day < feed.Days - 1; day++)
        {
            if (FeedHours.GroupOf(feed.DateOf(day)) != group) continue;
            by += feed.Sum(day, 0, hour);
            all += feed.Total(day);
        }

        return all == 0 ? 0 : (double)by / all;
    }

    // Too few to tell: as on the last day like it.
    private static double Before(double[] levels, IReadOnlyList<FeedHours> feeds, int day)
    {
        if (feeds.Count < PeersMin) return 1;
        var group = FeedHours.GroupOf(feeds[0].DateOf(day));
        for (var before = day - 1; before >= 0; before--)
            if (FeedHours.GroupOf(feeds[0].DateOf(before)) == group) return levels[before];
        return 1;
    }

    private static double MedianOf(List<double> ratios)
    {
        ratios.Sort();
        return Math.Clamp(ratios[ratios.Count / 2], LevelMin, LevelMax);
    }
}

/// <summary>Mean and spread that a few odd days do not move.</summary>
internal static class Middle
{
    /// <summary>A normal distribution's interquartile range in standard deviations.</summary>
    private const double QuartilesOfNormal = 1.349;

    /// <param name="sorted">Not empty, lowest first.</param>
    /// <returns>The mean of the middle half.</returns>
    public static double MeanOf(List<double> sorted)
    {
        var cut = sorted.Count / 4;
        var sum = 0.0;
        for (var i = cut; i < sorted.Count - cut; i++) sum += sorted[i];
        return sum / (sorted.Count - (2 * cut));
    }

    /// <param name="sorted">Not empty, lowest first.</param>
    public static double SpreadOf(List<double> sorted) =>
        (sorted[sorted.Count * 3 / 4] - sorted[sorted.Count / 4]) / QuartilesOfNormal;
}
