namespace Kilde.Kernel.Tests;

public class ChunkedListTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(10_000)]
    public void It_holds_what_was_added_in_its_order(int count)
    {
        var list = new ChunkedList<int>();
        for (var i = 0; i < count; i++) list.Add(i);

        list.Count.ShouldBe(count);
        list.ShouldBe(Enumerable.Range(0, count));
        for (var i = 0; i < count; i++) list[i] = -list[i];
        list.ShouldBe(Enumerable.Range(0, count).Select(i => -i));
    }

    [Fact]
    public void A_place_it_does_not_have_is_refused()
    {
        var list = new ChunkedList<int> { 1 };

        Should.Throw<ArgumentOutOfRangeException>(() => list[1]);
        Should.Throw<ArgumentOutOfRangeException>(() => list[-1]);
        Should.Throw<ArgumentOutOfRangeException>(() => list[1] = 2);
    }

    [Fact]
    public void When_it_is_cleared_it_begins_again()
    {
        var list = new ChunkedList<int>();
        for (var i = 0; i < 5_000; i++) list.Add(i);

        list.Clear();
        list.Add(7);

        list.ShouldBe([7]);
    }
}
