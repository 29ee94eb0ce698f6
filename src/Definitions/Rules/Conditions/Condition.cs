namespace Kilde.Definitions.Rules;

/// <summary>
/// One of the few things a rule can ask, as a loop over columns. Made when the rule is compiled, knows nothing of any
/// batch, and so is safe for many threads.
/// </summary>
internal abstract class Condition
{
    /// <summary>The value the condition is about; null for rules about the message as a whole.</summary>
    public abstract Operand? Place { get; }

    /// <summary>The value the finding points at, of one that the condition does not hold for.</summary>
    public virtual Operand? PlaceOf(Table subjects, int subject) => Place;

    /// <summary>The value as the finding tells it; null when nothing stands there, or it is not to be told.</summary>
    public virtual string? Shown(Table subjects, int subject) => PlaceOf(subjects, subject)?.Shown(subjects, subject);

    /// <summary>Takes those it does not hold for out of the selection.</summary>
    public abstract void Keep(Table subjects, Selection among);
}

/// <summary>The reader puts it in the place of a value that it has told is wrong.</summary>
internal static class NotRead
{
    public static bool IsIn(Slice text) => text.Is("-1");
}

/// <summary>All of them stand there.</summary>
internal sealed class RequiredCondition(IReadOnlyList<Operand> fields) : Condition
{
    public override Operand Place => fields[0];

    public override void Keep(Table subjects, Selection among)
    {
        foreach (var asked in fields) Presence.Keep(subjects, asked, isPresent: true, among);
    }
}

/// <summary>None of them stands there.</summary>
internal sealed class AbsentCondition(IReadOnlyList<Operand> fields) : Condition
{
    public override Operand Place => fields[0];

    public override void Keep(Table subjects, Selection among)
    {
        foreach (var asked in fields) Presence.Keep(subjects, asked, isPresent: false, among);
    }
}

/// <summary>Something repeated stands there when one of it does.</summary>
internal static class Presence
{
    public static void Keep(Table subjects, Operand asked, bool isPresent, Selection among)
    {
        if (asked.IsRepeated)
        {
            var counts = subjects.NewCounts();
            var texts = subjects.Scene.TextsOf(asked.Item);
            var owners = subjects.OwnersOf(asked);
            for (var i = 0; i < owners.Length; i++)
            {
                if (texts[i].IsPresent) counts[owners[i]]++;
            }

            foreach (var subject in among)
            {
                if ((counts[subject] > 0) != isPresent) among.Remove(subject);
            }

            return;
        }

        var presences = subjects.Presences(asked);
        foreach (var subject in among)
        {
            if (presences[subject] != isPresent) among.Remove(subject);
        }
    }
}

/// <summary>The value is one of some, or none of them.</summary>
/// <param name="isOne">False when it must be none of them.</param>
/// <param name="isRequired">True when what is not there fails, as in <c>when:</c>; else it is not judged.</param>
internal sealed class OneOfCondition(Operand asked, string[] values, bool isOne, bool isRequired)
    : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var texts = subjects.Texts(asked);
        foreach (var subject in among)
        {
            var text = texts[subject];
            var isKept = text.IsPresent ? IsOneOf(text, values) == isOne : !isRequired;
            if (!isKept) among.Remove(subject);
        }
    }

    public static bool IsOneOf(Slice text, ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            if (text.Is(value)) return true;
        }

        return false;
    }
}

/// <summary>Two values are alike. What is not there is not held against the other.</summary>
internal sealed class EqualCondition(Operand asked, Operand other) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        if (asked.Item.IsTime || other.Item.IsTime)
        {
            var ones = subjects.Moments(asked);
            var twos = subjects.Moments(other);
            foreach (var subject in among)
            {
                var (one, two) = (ones[subject], twos[subject]);
                if (one.IsPresent && two.IsPresent && (one.IsBefore(two) || two.IsBefore(one))) among.Remove(subject);
            }

            return;
        }

        var texts = subjects.Texts(asked);
        var others = subjects.Texts(other);
        foreach (var subject in among)
        {
            var (one, two) = (texts[subject], others[subject]);
            if (one.IsPresent && two.IsPresent && !one.IsSame(two)) among.Remove(subject);
        }
    }
}

/// <summary>Two texts are not alike. What is not there is not held against the other.</summary>
internal sealed class DiffersCondition(Operand asked, Operand other) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var texts = subjects.Texts(asked);
        var others = subjects.Texts(other);
        foreach (var subject in among)
        {
            var (one, two) = (texts[subject], others[subject]);
            if (one.IsPresent && two.IsPresent && one.IsSame(two)) among.Remove(subject);
        }
    }
}

/// <summary>The value stands as often as it should: at least and at most so many times.</summary>
/// <param name="values">Only these count; all when there are none.</param>
internal sealed class CountCondition(Operand repeated, string[] values, int min, int max) : Condition
{
    public override Operand Place => repeated;

    public override void Keep(Table subjects, Selection among)
    {
        var counts = subjects.NewCounts();
        var texts = subjects.Scene.TextsOf(repeated.Item);
        var owners = subjects.OwnersOf(repeated);
        for (var i = 0; i < owners.Length; i++)
        {
            if (texts[i].IsPresent && (values.Length == 0 || OneOfCondition.IsOneOf(texts[i], values)))
                counts[owners[i]]++;
        }

        foreach (var subject in among)
        {
            if (counts[subject] < min || counts[subject] > max) among.Remove(subject);
        }
    }
}

/// <summary>The message names at least one contact person of each type.</summary>
internal sealed class ContactsCondition(IReadOnlyList<string> types) : Condition
{
    public override Operand? Place => null;

    public override void Keep(Table subjects, Selection among)
    {
        var told = subjects.Scene.Message.ContactTypes;
        if (!types.All(type => told.Contains(type, StringComparer.Ordinal))) among.Remove(0);
    }
}
