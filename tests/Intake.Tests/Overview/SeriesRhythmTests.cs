using Kilde.Intake.Overview;

namespace Kilde.Intake.Tests.Overview;

public class SeriesRhythmTests
{
    private static readonly DateOnly Monday = new(2026, 3, 2);

    [Fact]
    public void Too_few_days_tell_no_rhythm() => SeriesRhythm.Of(Days(0, 1, 2)).ShouldBeNull();

    [Fact]
    public void A_daily_sender_that_rests_at_weekends_has_no_holes_there()
    {
        int[] came = [.. Enumerable.Range(0, 28).Where(day => day % 7 < 5 && day != 16)];

        SeriesRhythm.Of(Days(came)).ShouldBe(1);
        SeriesRhythm.Holes(Days(came), Monday.AddDays(27)).ShouldBe(Days(16));
    }

    [Fact]
    public void A_daily_sender_that_stops_has_holes_until_now()
    {
        int[] came = [.. Enumerable.Range(0, 21)];

        SeriesRhythm.Holes(Days(came), Monday.AddDays(23)).ShouldBe(Days(21, 22, 23));
    }

    [Fact]
    public void A_weekly_sender_may_be_some_days_late()
    {
        SeriesRhythm.Of(Days(0, 7, 14, 23, 30, 37)).ShouldBe(7);
        SeriesRhythm.Holes(Days(0, 7, 14, 23, 30, 37), Monday.AddDays(40)).ShouldBeEmpty();
        SeriesRhythm.Holes(Days(0, 7, 14, 28, 35, 42), Monday.AddDays(45)).ShouldBe(Days(21));
    }

    private static DateOnly[] Days(params int[] days) => Array.ConvertAll(days, day => Monday.AddDays(day));
}
