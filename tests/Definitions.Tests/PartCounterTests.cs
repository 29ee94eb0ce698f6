using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Tests;

public class PartCounterTests
{
    // Near and far: numbers take one to five bytes, and parts come in any order.
    private static readonly Gen<int> Number =
        Gen.OneOf(Gen.Choose(0, 2), Gen.Choose(0, 300), Gen.Choose(0, 10_000_000));

    private static readonly Gen<(int Part, int What)[]> Counted =
        Number.Select(number => number + 1).Zip(Number).ArrayOf();

    [Fact]
    public void What_was_counted_is_told_part_by_part() =>
        Prop.ForAll(Counted.ToArbitrary(), counted =>
        {
            var counter = new PartCounter();
            foreach (var (part, what) in counted) counter.Add(part, what);

            counter.All.GroupBy(one => (one.Part, one.What), one => one.Times)
                .ToDictionary(same => same.Key, same => same.Sum())
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
    public void Counters_are_told_together_in_the_order_of_parts()
    {
        PartCount[] some = [new(1, 0, 2), new(4, 1, 1), new(4, 0, 3)];
        PartCount[] others = [new(2, 0, 5), new(4, 0, 1), new(9, 1, 1)];

        PartCounts.InOrder([some, [], PartCounts.Moved(others, 2)]).ShouldBe(
            [new(1, 0, 2), new(2, 2, 5), new(4, 1, 1), new(4, 0, 3), new(4, 2, 1), new(9, 3, 1)]);
    }
}
