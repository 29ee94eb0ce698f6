namespace Kilde.Protection.Tests;

public class SmallCellsTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void One_to_four_are_small(long persons, bool isSmall) => SmallCells.IsSmall(persons).ShouldBe(isSmall);

    [Theory]
    [InlineData(50, 100, true)]
    [InlineData(0, 100, true)]
    [InlineData(100, 100, true)]
    [InlineData(4, 100, false)]
    [InlineData(97, 100, false)]
    [InlineData(0, 4, false)]
    [InlineData(0, 0, false)]
    public void A_share_is_told_where_neither_side_of_it_is_small(long persons, long of, bool mayTell) =>
        SmallCells.MayTellShare(persons, of).ShouldBe(mayTell);
}
