namespace Kilde.Protection;

/// <summary>A number of persons or contacts that may be shown.</summary>
/// <param name="Number">Null when it may not be told.</param>
/// <param name="IsFew">True: it is one to four. False where the number is hidden for the sake of another.</param>
public readonly record struct ToldNumber(long? Number, bool IsFew)
{
    public override string ToString() => Number is { } number ? $"{number}" : IsFew ? "<5" : "–";
}

/// <param name="Cells">By row.</param>
/// <param name="MayTellSum">
/// False where the sum would give a hidden cell away, and there is nothing left to hide.
/// </param>
public sealed record ToldColumn(IReadOnlyList<ToldNumber> Cells, bool MayTellSum)
{
    /// <summary>The sum, or what stands for it, such as different persons in all rows.</summary>
    public ToldNumber Told(long sum) => SmallCells.IsSmall(sum)
        ? new ToldNumber(null, IsFew: true)
        : new ToldNumber(MayTellSum ? sum : null, IsFew: false);
}

/// <summary>
/// Shows a column of counts with each small cell hidden in its own place, and told to be small (F44), so that none can
/// be worked out from the sum and the others.
/// </summary>
/// <remarks>
/// An onlooker knows that a small cell is one to four, that another hidden cell is five or more and no larger than the
/// smallest that is shown, and what all of them come to. The smallest cells are hidden until each small one may be at
/// least two numbers, and all that is hidden is five or more.
/// </remarks>
public static class HideSmallCells
{
    private const int FewMax = SmallCells.PersonsMin - 1;

    /// <param name="column">Persons by row, none below zero.</param>
    public static ToldColumn Of(IReadOnlyList<long> column)
    {
        var hidden = Enumerable.Range(0, column.Count).Where(row => SmallCells.IsSmall(column[row])).ToHashSet();
        var (few, sum) = (hidden.Count, hidden.Sum(row => column[row]));
        var rest = new Queue<int>(Enumerable.Range(0, column.Count)
            .Where(row => column[row] >= SmallCells.PersonsMin).OrderBy(row => column[row]));
        while (rest.Count > 0 && IsGivenAway(few, hidden.Count - few, sum, column[rest.Peek()]))
        {
            sum += column[rest.Peek()];
            hidden.Add(rest.Dequeue());
        }

        return new ToldColumn(
            [
                .. column.Select((cell, row) => new ToldNumber(
                    hidden.Contains(row) ? null : cell, SmallCells.IsSmall(cell))),
            ],
            !IsGivenAway(few, hidden.Count - few, sum, rest.Count > 0 ? column[rest.Peek()] : sum));
    }

    private static bool IsGivenAway(int few, int others, long sum, long shownMin)
    {
        if (few == 0) return false;
        var most = Math.Min(FewMax, sum - (few - 1) - (others * (long)SmallCells.PersonsMin));
        var least = Math.Max(1, sum - ((few - 1) * (long)FewMax) - (others * shownMin));
        return most <= least || SmallCells.IsSmall(sum);
    }
}
