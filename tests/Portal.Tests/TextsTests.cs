using Kilde.Kernel;
using Kilde.Portal.Shell;

namespace Kilde.Portal.Tests;

public class TextsTests
{
    [Fact]
    public void Every_language_has_every_text_and_no_stranger()
    {
        foreach (var (tag, _) in Texts.Languages)
            Texts.In(tag).Keys.ShouldBe(Texts.In(Texts.Bokmaal).Keys, ignoreOrder: true, tag);
    }

    [Fact]
    public void An_unknown_language_is_answered_in_bokmaal() => Texts.In("xx").Language.ShouldBe("nb");
}

public class NorwegianTests
{
    [Theory]
    [InlineData(0, "nå")]
    [InlineData(59, "59\u00a0s")]
    [InlineData(60, "1\u00a0min")]
    [InlineData(3600 * 5, "5\u00a0t")]
    [InlineData(86_400, "1\u00a0dag")]
    [InlineData(86_400 * 1200, "1\u00a0200\u00a0dager")]
    public void An_age_is_told_in_its_largest_unit(long seconds, string expected) =>
        Norwegian.Age(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData("2026-01-15T23:30:00Z", "16.01.2026 kl. 00.30")]
    [InlineData("2026-07-15T21:30:00Z", "15.07.2026 kl. 23.30")]
    public void Times_are_told_as_clocks_in_Norway_show(string instant, string expected) =>
        Norwegian.Time(DateTimeOffset.Parse(instant)).ShouldBe(expected);

    [Fact]
    public void A_day_begins_at_midnight_in_Norway_summer_and_winter()
    {
        Norwegian.StartOf(new DateOnly(2026, 7, 1)).ShouldBe(new DateTimeOffset(2026, 6, 30, 22, 0, 0, TimeSpan.Zero));
        Norwegian.StartOf(new DateOnly(2026, 1, 1)).ShouldBe(new DateTimeOffset(2025, 12, 31, 23, 0, 0, TimeSpan.Zero));
    }
}
