using FsCheck;
using FsCheck.Fluent;

namespace Kilde.Protection.Tests;

public class HideSmallCellsTests
{
    [Theory]
    [InlineData(new long[] { 5, 0, 90 }, "5 0 90", true)]
    [InlineData(new long[] { 3, 100, 40, 0 }, "<5 100 – 0", true)]
    [InlineData(new long[] { 1, 4, 100 }, "<5 <5 100", true)]
    [InlineData(new long[] { 4, 4, 100, 50 }, "<5 <5 100 –", true)]
    [InlineData(new long[] { 1, 5, 9, 20 }, "<5 – – 20", true)]
    [InlineData(new long[] { 4, 4 }, "<5 <5", false)]
    [InlineData(new long[] { 3, 0 }, "<5 0", false)]
    public void A_small_cell_stands_in_its_place_with_what_would_give_it_away_hidden(
        long[] column, string shown, bool mayTellSum)
    {
        var told = HideSmallCells.Of(column);

        string.Join(' ', told.Cells).ShouldBe(shown);
        told.MayTellSum.ShouldBe(mayTellSum);
    }

    /// <summary>Every column that agrees with what is shown and the sum is tried.</summary>
    [Fact]
    public void No_small_cell_can_be_worked_out_from_the_sum() =>
        Prop.ForAll(Gen.Choose(0, 12).ArrayOf(4).ToArbitrary(), cells =>
        {
            long[] column = [.. cells.Select(cell => (long)cell)];
            var told = HideSmallCells.Of(column);
            if (!told.MayTellSum) return true;

            var possible = Columns(told.Cells).Where(each => each.Sum() == column.Sum()).ToList();
            return told.Cells.Select((cell, row) => (cell, row)).Where(each => each.cell.IsFew)
                .All(each => possible.Select(one => one[each.row]).Distinct().Count() > 1);
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<long[]> Columns(IReadOnlyList<ToldNumber> cells)
    {
        var shownMin = cells.Select(cell => cell.Number).Where(number => number >= 5).DefaultIfEmpty(20).Min()!.Value;
        IEnumerable<long[]> columns = [[]];
        foreach (var cell in cells)
        {
            columns = columns.SelectMany(column => Of(cell).Select(number => (long[])[.. column, number])).ToList();
        }

        return columns;

        IEnumerable<long> Of(ToldNumber cell) => cell switch
        {
            { Number: { } number } => [number],
            { IsFew: true } => [1, 2, 3, 4],
            _ => Enumerable.Range(5, (int)shownMin - 4).Select(number => (long)number),
        };
    }
}
