using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Tests;

public class PartCounterTests
{
    // Near and far: numbers take one to five bytes, and a part is counted as the same thing more than once.
    private static readonly Gen<int> Number =
        Gen.OneOf(Gen.Choose(0, 2), Gen.Choose(0, 300), Gen.Choose(0, 10_000_000));

    private static readonly Gen<(int Part, int What)[]> Counted =
        from steps in Number.ListOf()
        from whats in Number.ArrayOf(steps.Count)
        select Sums(steps).Zip(whats).ToArray();

    [Fact]
    public void What_was_counted_is_told_part_by_part() =>
        Prop.ForAll(Counted.ToArbitrary(), counted =>
        {
            var counter = new PartCounter();
            foreach (var (part, what) in counted) counter.Add(part, what);

            counter.All.ToDictionary(one => (one.Part, one.What), one => one.Times)
                .ShouldBe(counted.CountBy(one => one).ToDictionary(), ignoreOrder: true);
            counter.All.Select(one => one.Part).ShouldBeInOrder();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_million_counts_take_a_megabyte()
    {
        var counter = new PartCounter();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000_000; i++) counter.Add(1 + (i / 10), i % 3);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
        counter.All.Sum(one => one.Times).ShouldBe(1_000_000);
    }

    [Fact]
    public void A_part_that_is_over_does_not_come_again()
    {
        var counter = new PartCounter();
        counter.Add(2, 0);

        Should.Throw<ArgumentOutOfRangeException>(() => counter.Add(1, 0));
    }

    [Fact]
    public void Counters_are_told_together_in_the_order_of_parts()
    {
        PartCount[] some = [new(1, 0, 2), new(4, 1, 1), new(4, 0, 3)];
        PartCount[] others = [new(2, 0, 5), new(4, 0, 1), new(9, 1, 1)];

        PartCounts.InOrder([some, [], PartCounts.Moved(others, 2)]).ShouldBe(
            [new(1, 0, 2), new(2, 2, 5), new(4, 1, 1), new(4, 0, 3), new(4, 2, 1), new(9, 3, 1)]);
    }

    private static IEnumerable<int> Sums(IEnumerable<int> steps)
    {
        var sum = 0;
        foreach (var step in steps) yield return sum += step % 100_000;
    }
}
