namespace Kilde.Protection;

/// <summary>
/// Decides which rows of a table go together as one residual row (<i>øvrige</i>), so that no small cell is shown and
/// none can be worked out from the totals, which stay as they are (R9.45, R9.49).
/// </summary>
/// <remarks>
/// The columns are all that an onlooker has or can work out: this year and last year, the whole and one part of it, and
/// also what the one leaves of the other. The same rows are merged in every column. An onlooker then knows, of the
/// merged rows of a column, no more than their sum; there are at least two of them, and the sum is zero or at least
/// <see cref="SmallCells.PersonsMin"/>, so each may be anything from none to the whole sum. This holds too where a
/// person may be in several rows, if the sum is not told at all: each merged row may then hold all that the other does.
/// </remarks>
public static class MergeSmallRows
{
    /// <param name="rows">Persons by row and column, none below zero. All rows have the same columns.</param>
    /// <returns>The merged rows, by place; empty when there is nothing to hide.</returns>
    /// <exception cref="ArgumentException">
    /// A column as a whole is small: it must be left out, for nothing of it may be shown.
    /// </exception>
    public static IReadOnlySet<int> Of(IReadOnlyList<IReadOnlyList<long>> rows)
    {
        var columns = rows.Count == 0 ? 0 : rows[0].Count;
        var sums = new long[columns];
        for (var column = 0; column < columns; column++)
        {
            if (SmallCells.IsSmall(rows.Sum(row => row[column])))
                throw new ArgumentException($"Column {column} is small as a whole.", nameof(rows));
        }

        var merged = new HashSet<int>();
        for (var row = 0; row < rows.Count; row++)
        {
            if (rows[row].Any(SmallCells.IsSmall)) Merge(row);
        }

        // The smallest rows go first, so that what is large stays to be seen. Rows without anybody hide nothing.
        var rest = new Queue<int>(Enumerable.Range(0, rows.Count)
            .Where(row => !merged.Contains(row) && rows[row].Any(persons => persons > 0))
            .OrderBy(row => rows[row].Max()));
        while (merged.Count > 0 && (merged.Count < 2 || sums.Any(SmallCells.IsSmall))) Merge(rest.Dequeue());
        return merged;

        void Merge(int row)
        {
            merged.Add(row);
            for (var column = 0; column < columns; column++) sums[column] += rows[row][column];
        }
    }
}
