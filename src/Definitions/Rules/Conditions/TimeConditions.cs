namespace Kilde.Definitions.Rules;

/// <summary>
/// The times stand in order, each no earlier than the one before it. Against a day, only the day of a time counts.
/// </summary>
internal sealed class OrderCondition(IReadOnlyList<Operand> fields) : Condition
{
    public override Operand Place => fields.LastOrDefault(asked => asked.Item is not MessageItem) ?? fields[^1];

    /// <summary>True when what holds for a message holds for one whose own days are later.</summary>
    public bool HoldsForLaterMessages =>
        !fields.SkipLast(1).Any(asked => asked.Item is MessageDayItem { MayBeLater: true });

    /// <summary>
    /// Of the first two that stand the wrong way, what the rule is about: the subject's own before that of what it
    /// stands in, and the later of two of the same.
    /// </summary>
    public override Operand PlaceOf(Table subjects, int subject)
    {
        if (BrokenOf(subjects, subject) is not var (earlier, later)) return Place;
        var isEarlier = later.Item is MessageItem || (IsOwn(earlier, subjects) && !IsOwn(later, subjects));
        return isEarlier ? earlier : later;
    }

    private static bool IsOwn(Operand time, Table subjects) =>
        time.Item.Home == subjects.Shape && time.Item is not ColumnItem { IsApart: true };

    public override void Keep(Table subjects, Selection among)
    {
        // Each against all before it, so that one that is missing leaves the others to be compared.
        for (var later = 1; later < fields.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++) Keep(subjects, fields[earlier], fields[later], among);
        }
    }

    private (Operand Earlier, Operand Later)? BrokenOf(Table subjects, int subject)
    {
        for (var later = 1; later < fields.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                var (one, two) = (subjects.Moments(fields[earlier])[subject], subjects.Moments(fields[later])[subject]);
                if (one.IsPresent && two.IsPresent && two.IsBefore(one)) return (fields[earlier], fields[later]);
            }
        }

        return null;
    }

    private static void Keep(Table subjects, Operand earlier, Operand later, Selection among)
    {
        var first = subjects.Moments(earlier);
        var second = subjects.Moments(later);
        foreach (var subject in among)
        {
            var (one, two) = (first[subject], second[subject]);
            if (one.IsPresent && two.IsPresent && two.IsBefore(one)) among.Remove(subject);
        }
    }
}

/// <summary>The day lies within fixed limits, both included.</summary>
internal sealed class BetweenCondition(Operand asked, DateOnly? from, DateOnly? to) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var moments = subjects.Moments(asked);
        foreach (var subject in among)
        {
            var moment = moments[subject];
            if (moment.IsPresent && (moment.Day < from || moment.Day > to)) among.Remove(subject);
        }
    }
}

/// <summary>The day is a certain day of its year, such as 1 January.</summary>
internal sealed class DayOfYearCondition(Operand asked, int month, int day) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var moments = subjects.Moments(asked);
        foreach (var subject in among)
        {
            var moment = moments[subject];
            if (moment.IsPresent && (moment.Day.Month != month || moment.Day.Day != day)) among.Remove(subject);
        }
    }
}

/// <summary>Two days are of the same year.</summary>
internal sealed class SameYearCondition(Operand asked, Operand other) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var ones = subjects.Moments(asked);
        var twos = subjects.Moments(other);
        foreach (var subject in among)
        {
            var (one, two) = (ones[subject], twos[subject]);
            if (one.IsPresent && two.IsPresent && one.Day.Year != two.Day.Year) among.Remove(subject);
        }
    }
}
