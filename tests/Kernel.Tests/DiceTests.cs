using Kilde.Testing;

namespace Kilde.Kernel.Tests;

/// <summary>Tests that say seed 1, 2 and 3 mean three ways to go, not one way begun a step later.</summary>
public class DiceTests
{
    [Fact]
    public void What_one_seed_gives_no_seed_near_it_gives()
    {
        var given = Enumerable.Range(0, 100).SelectMany(seed => Rolls(new Dice(seed), 100)).ToList();

        given.Distinct().Count().ShouldBe(given.Count);
    }

    [Fact]
    public void A_seed_gives_the_same_each_time() => Rolls(new Dice(7), 20).ShouldBe(Rolls(new Dice(7), 20));

    private static List<Guid> Rolls(Dice dice, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => dice.NextGuid())];
}
