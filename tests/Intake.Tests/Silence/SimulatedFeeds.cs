using Kilde.Intake.Silence;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Silence;

/// <summary>A fault put into a simulated feed.</summary>
/// <param name="Day">From the first simulated day.</param>
/// <param name="Hour">When it begins.</param>
internal sealed record SeededStop(int Feed, int Day, int Hour, int Days, bool IsHalf);

/// <summary>
/// Feeds with a working day, weekends, holidays and a season of their own, noise over that, and some that stop.
/// </summary>
internal sealed class SimulatedFeeds
{
    public const int HistoryDays = 91;

    /// <summary>Half of fewer records a day may be chance.</summary>
    private const double HalfRateMin = 500;
    private const double DayNoise = 0.07;
    private const double HourNoise = 0.15;

    private static readonly double[] HourShape =
        [0, 0, 0, 0, 0, 0, 0.2, 0.6, 1, 1.2, 1.2, 0.9, 1, 1.1, 0.9, 0.5, 0.2, 0.1, 0.05, 0, 0, 0, 0, 0];

    private readonly Dice _dice;
    private readonly double[] _rates;
    private readonly double[] _summers;

    public SimulatedFeeds(int seed, int feeds, DateOnly first, int days)
    {
        (_dice, First, Days) = (new Dice(seed), first, days);
        _rates = [.. Enumerable.Range(0, feeds).Select(_ => 60 * Math.Exp(_dice.Next(3000) / 1000.0))];
        _summers = [.. Enumerable.Range(0, feeds).Select(_ => 0.7 + (_dice.Next(600) / 1000.0))];
        Stops = [.. Enumerable.Range(0, feeds).SelectMany(StopsOf)];
        Counts = [.. Enumerable.Range(0, feeds).Select(CountsOf)];
    }

    public DateOnly First { get; }

    public int Days { get; }

    public IReadOnlyList<SeededStop> Stops { get; }

    /// <summary>Hour by hour, for each feed.</summary>
    public IReadOnlyList<int[]> Counts { get; }

    /// <summary>A feed's last weeks up to an hour of a day; what comes later has not come yet.</summary>
    public FeedHours Until(int feed, int day, int hour)
    {
        var from = Math.Max(0, day - HistoryDays);
        var counts = Counts[feed].AsSpan(from * 24, (day - from + 1) * 24).ToArray();
        counts.AsSpan(((day - from) * 24) + hour).Clear();
        return new FeedHours(First.AddDays(from), counts);
    }

    public static double SeasonOf(DateOnly day)
    {
        var toEaster = day.DayNumber - NorwegianHolidays.EasterOf(day.Year).DayNumber;
        if (FeedHours.GroupOf(day) == DayGroup.RestDay) return 0.03;
        if (FeedHours.GroupOf(day) == DayGroup.HalfDay) return 0.08;
        if (toEaster is >= -6 and < 0) return 0.55;
        return day switch
        {
            { Month: 7 } => 0.4,
            { Month: 12, Day: > 21 } => 0.35,
            { Month: 1, Day: < 3 } => 0.5,
            _ => 1,
        };
    }

    private IEnumerable<SeededStop> StopsOf(int feed)
    {
        for (var i = 0; i < 3; i++)
        {
            var isHalf = i == 2;
            if (isHalf && _rates[feed] < HalfRateMin) yield break;
            int day;
            do day = HistoryDays + ((Days - HistoryDays) * i / 3) + _dice.Next(((Days - HistoryDays) / 3) - 10);
            while (FeedHours.GroupOf(First.AddDays(day)) != DayGroup.WorkDay || SeasonOf(First.AddDays(day)) < 1);
            yield return new SeededStop(feed, day, isHalf ? 6 : _dice.Next(6, 11), _dice.Next(1, 4), isHalf);
        }
    }

    private int[] CountsOf(int feed)
    {
        var counts = new int[Days * 24];
        for (var day = 0; day < Days; day++)
        {
            var date = First.AddDays(day);
            var level = _rates[feed] * SeasonOf(date) * Math.Exp(DayNoise * Normal());
            if (date.Month == 7) level *= _summers[feed];
            if (date.DayOfWeek is DayOfWeek.Friday) level *= 0.8;
            for (var hour = 0; hour < 24; hour++)
            {
                var mean = level * HourShape[hour] / HourShape.Sum() * Math.Exp(HourNoise * Normal());
                counts[(day * 24) + hour] = Poisson(mean * ShareThrough(feed, day, hour));
            }
        }

        return counts;
    }

    private double ShareThrough(int feed, int day, int hour)
    {
        var at = (day * 24) + hour;
        var stop = Stops.FirstOrDefault(one => one.Feed == feed
            && at >= (one.Day * 24) + one.Hour && at < (one.Day + one.Days) * 24);
        return stop is null ? 1 : stop.IsHalf ? 0.5 : 0;
    }

    private double Uniform() => (_dice.Next(1_000_000) + 0.5) / 1_000_000;

    private double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private int Poisson(double mean)
    {
        if (mean > 50) return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        var (count, product, limit) = (0, Uniform(), Math.Exp(-mean));
        for (; product > limit; count++) product *= Uniform();
        return count;
    }
}
