using Kilde.Intake.Silence;

namespace Kilde.Intake.Tests.Silence;

public class FeedRhythmTests(ITestOutputHelper output)
{
    private static readonly int[] HoursLooked = [9, 12, 15, 18, 23];

    private static readonly DateOnly First = new(2025, 2, 3);

    /// <summary>
    /// A year of fifty feeds, looked at five times a day: every stop is found on its own day, and so are nine
    /// half-stops of ten; of days without one fewer than one in two thousand is taken for one, and none on holidays, in
    /// the weeks of Easter and Christmas or in July.
    /// </summary>
    [Theory]
    [InlineData(1)]
    public void Every_stop_of_a_year_is_found_the_same_day_and_hardly_anything_else(int seed)
    {
        const int feeds = 50;
        var simulated = new SimulatedFeeds(seed, feeds, First, SimulatedFeeds.HistoryDays + 365);
        HashSet<DateOnly>[] faulty = [.. Enumerable.Range(0, feeds).Select(_ => new HashSet<DateOnly>())];
        var found = new HashSet<SeededStop>();
        List<(int Feed, DateOnly Day, Suspicion What)> wrong = [];
        for (var day = SimulatedFeeds.HistoryDays; day < simulated.Days; day++)
        {
            foreach (var hour in HoursLooked)
            {
                FeedHours[] now = [.. Enumerable.Range(0, feeds).Select(feed => simulated.Until(feed, day, hour))];
                var levels = FeedLevels.Of(now, hour);
                for (var feed = 0; feed < feeds; feed++)
                {
                    var date = First.AddDays(day);
                    if (faulty[feed].Contains(date)) continue;
                    if (new FeedRhythm(now[feed], levels, faulty[feed]).Judge(hour) is not { } what) continue;
                    faulty[feed].Add(date);
                    var stop = simulated.Stops.FirstOrDefault(one =>
                        one.Feed == feed && day >= one.Day && day < one.Day + one.Days + 1);
                    if (stop is null) wrong.Add((feed, date, what));
                    else if (day == stop.Day) found.Add(stop);
                }
            }
        }

        foreach (var one in wrong) output.WriteLine($"{one}");
        foreach (var stop in simulated.Stops.Except(found)) output.WriteLine($"missed {stop}");
        output.WriteLine($"{found.Count} of {simulated.Stops.Count} found, {wrong.Count} false in {feeds * 365} days");
        var missed = simulated.Stops.Except(found).ToList();
        missed.ShouldAllBe(stop => stop.IsHalf);
        (missed.Count * 10).ShouldBeLessThanOrEqualTo(simulated.Stops.Count(stop => stop.IsHalf));
        wrong.Count.ShouldBeLessThan(feeds * 365 / 2000);
        // Outside the hard season chance alone may tell one: a suspicion has a chance of 1 in 20 000 or less.
        wrong.Count(one => SimulatedFeeds.SeasonOf(one.Day) != 1).ShouldBeLessThanOrEqualTo(1);
    }
}
