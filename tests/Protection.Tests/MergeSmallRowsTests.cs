using FsCheck;
using FsCheck.Fluent;

namespace Kilde.Protection.Tests;

public class MergeSmallRowsTests
{
    [Fact]
    public void Nothing_is_merged_where_nothing_is_small() =>
        MergeSmallRows.Of([[5L, 12L], [0L, 90L], [7L, 5L]]).ShouldBeEmpty();

    [Fact]
    public void A_small_row_takes_the_smallest_of_the_others_with_it() =>
        MergeSmallRows.Of([[100L], [3L], [40L], [0L]]).ShouldBe([1, 2], ignoreOrder: true);

    [Fact]
    public void Two_small_rows_that_are_small_together_take_a_third() =>
        MergeSmallRows.Of([[100L], [2L], [1L], [40L]]).ShouldBe([1, 2, 3], ignoreOrder: true);

    [Fact]
    public void A_row_that_is_small_in_one_column_is_merged_in_all() =>
        MergeSmallRows.Of([[100L, 90L], [50L, 4L], [60L, 70L]]).ShouldBe([1, 2], ignoreOrder: true);

    [Fact]
    public void A_column_that_is_small_as_a_whole_is_refused() =>
        Should.Throw<ArgumentException>(() => MergeSmallRows.Of([[100L, 1L], [50L, 3L]]));

    /// <summary>
    /// The onlooker sees the whole and one part of it, row by row, and both totals; and so knows what is left. Every
    /// table that agrees with that is tried: each small cell, of the part or of what is left, might be none, and might
    /// be large.
    /// </summary>
    [Fact]
    public void No_small_cell_can_be_worked_out_from_what_is_shown() =>
        Prop.ForAll(Tables.ToArbitrary(), table =>
        {
            long[][] seen = [.. table.Select(row => new[] { row.Part, row.Left, row.Part + row.Left })];
            if (Enumerable.Range(0, 3).Any(column => SmallCells.IsSmall(seen.Sum(row => row[column])))) return true;

            var merged = MergeSmallRows.Of(seen);

            return Enumerable.Range(0, table.Length).All(row =>
                merged.Contains(row)
                    ? Hides(table, merged, row, each => each.Part) && Hides(table, merged, row, each => each.Left)
                    : !SmallCells.IsSmall(table[row].Part) && !SmallCells.IsSmall(table[row].Left));
        }).QuickCheckThrowOnFailure();

    /// <summary>A column's shown rows and total give only the sum of the merged; what can each of them be?</summary>
    private static bool Hides(
        (long Part, long Left)[] table, IReadOnlySet<int> merged, int row, Func<(long Part, long Left), long> column)
    {
        if (!SmallCells.IsSmall(column(table[row]))) return true;
        var total = table.Sum(column);
        var shown = table.Where((_, other) => !merged.Contains(other)).Sum(column);
        var possible = new HashSet<long>();
        foreach (var guess in Guesses(merged.Count, total - shown)) possible.Add(guess[0]);
        return possible.Contains(0) && possible.Max() >= SmallCells.PersonsMin;
    }

    // All ways to share persons among rows.
    private static IEnumerable<long[]> Guesses(int rows, long persons)
    {
        if (rows == 1)
        {
            yield return [persons];
            yield break;
        }

        for (var first = 0L; first <= persons; first++)
        {
            foreach (var others in Guesses(rows - 1, persons - first)) yield return [first, .. others];
        }
    }

    private static Gen<(long Part, long Left)[]> Tables { get; } =
        from rows in Gen.Choose(1, 4)
        from table in (from part in Cell from left in Cell select (part, left)).ArrayOf(rows)
        select table;

    private static Gen<long> Cell { get; } =
        Gen.Frequency((3, Gen.Choose(0, 6)), (1, Gen.Constant(0)), (1, Gen.Choose(7, 12)))
            .Select(number => (long)number);
}
