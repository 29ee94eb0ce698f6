namespace Kilde.Definitions.Rules;

/// <summary>Each record names the one before it in the message. The first one is not judged.</summary>
/// <param name="id">What the one before is named by.</param>
internal sealed class NamesPreviousCondition(Operand asked, Operand id) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var named = subjects.Texts(asked);
        var ids = subjects.Texts(id);
        var memory = subjects.Scene.MemoryOf<Slice>(this);
        for (var subject = 0; subject < subjects.Count; subject++)
        {
            if (memory.Value.IsPresent && named[subject].IsPresent && !named[subject].IsSame(memory.Value))
                among.Remove(subject);
            memory.Value = ids[subject];
        }
    }
}

/// <summary>Each record's number is one more than that of the one before it in the message.</summary>
internal sealed class NextNumberCondition(Operand asked) : Condition
{
    public override Operand Place => asked;

    public override void Keep(Table subjects, Selection among)
    {
        var numbers = subjects.Numbers(asked);
        var memory = subjects.Scene.MemoryOf<decimal?>(this);
        for (var subject = 0; subject < subjects.Count; subject++)
        {
            if (memory.Value is { } last && numbers[subject] is { } number && number != last + 1)
                among.Remove(subject);
            memory.Value = numbers[subject];
        }
    }
}
