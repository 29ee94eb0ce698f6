namespace Kilde.Definitions.Rules;

/// <summary>The number lies within its limits, both included. What is no number is not judged here.</summary>
/// <param name="isRequired">True when what is not there fails, as in <c>when:</c>.</param>
internal sealed class RangeCondition(Operand asked, decimal? min, decimal? max, bool isRequired) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var numbers = subjects.Numbers(asked);
        foreach (var subject in among)
        {
            var number = numbers[subject];
            var isKept = number is null ? !isRequired : !(number < min || number > max);
            if (!isKept) among.Remove(subject);
        }
    }
}

/// <summary>The parts make up the total, but for rounding. Without a total nothing is judged.</summary>
/// <param name="tolerance">The largest difference that is let pass, in the unit of the number.</param>
internal sealed class SumCondition(Operand total, Operand parts, decimal tolerance) : Condition
{
    public override Operand Place => total;

    public override void Keep(Table subjects, Selection among)
    {
        var sums = subjects.NewSums();
        var numbers = subjects.Scene.NumbersOf(parts.Item);
        var owners = subjects.OwnersOf(parts);
        for (var i = 0; i < owners.Length; i++) sums[owners[i]] += numbers[i] ?? 0;

        var totals = subjects.Numbers(total);
        foreach (var subject in among)
        {
            if (totals[subject] is { } told && Math.Abs(sums[subject] - told) > tolerance) among.Remove(subject);
        }
    }
}
