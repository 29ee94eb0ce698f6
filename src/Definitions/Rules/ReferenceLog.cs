using System.Runtime.InteropServices;

namespace Kilde.Definitions.Rules;

/// <summary>A reference to something not described: where it first stood, and how many times.</summary>
internal sealed record UnmetReference(ReferenceCondition Condition, string Place, string Value)
{
    public long Count { get; set; } = 1;

    /// <summary>The parts of the message it stood in.</summary>
    public List<int> Parts { get; } = [];
}

/// <summary>
/// What a message refers to and what it describes. What is referred to may come after the reference, so both are kept
/// until all is read: units, which are few, and of what is many only what has what is asked for.
/// </summary>
internal sealed class ReferenceLog
{
    /// <summary>Different values kept for one rule; beyond it references are taken for good.</summary>
    private const int ValuesMax = 50_000;

    private readonly Dictionary<ReferenceCondition, HashSet<Target>> _known = [];
    private readonly Dictionary<ReferenceCondition, HashSet<Target>> _lacking = [];
    private readonly Dictionary<(ReferenceCondition Condition, Target Target), UnmetReference> _asked = [];

    /// <summary>All that was asked for, and not known when it was.</summary>
    public IEnumerable<UnmetReference> Asked => _asked.Values;

    /// <summary>Takes what a batch describes.</summary>
    public void Describe(ReferenceCondition condition, Table described)
    {
        var known = SetOf(_known, condition);
        if (condition.Has is not { } has)
        {
            for (var row = 0; row < described.Count && known.Count < ValuesMax; row++)
                known.Add(TargetOf(condition, described, row));
            return;
        }

        var lacking = SetOf(_lacking, condition);
        var held = described.Texts(has);
        for (var row = 0; row < described.Count && known.Count < ValuesMax; row++)
        {
            if (held[row].IsPresent && !NotRead.IsIn(held[row])) known.Add(TargetOf(condition, described, row));
            else if (!condition.IsOfPerson && lacking.Count < ValuesMax)
                lacking.Add(TargetOf(condition, described, row));
        }
    }

    public void Ask(ReferenceCondition condition, Table subjects, int subject, string value)
    {
        var target = new Target(condition, subjects, subjects.RowOf(subject), value);
        if (_known.TryGetValue(condition, out var values)
            && (values.Contains(target) || values.Count >= ValuesMax)) return;
        if (_asked.TryGetValue((condition, target), out var unmet)) unmet.Count++;
        else
        {
            var place = subjects.Scene.Places.Of(subjects, subject, condition.Place);
            unmet = new UnmetReference(condition, place, value);
            if (_asked.Count < ValuesMax) _asked.Add((condition, target), unmet);
        }

        var part = subjects.PartOf(subject);
        if (part > 0 && (unmet.Parts.Count == 0 || unmet.Parts[^1] != part)) unmet.Parts.Add(part);
    }

    /// <summary>What was asked for and never described, or described without what it should have.</summary>
    public IEnumerable<UnmetReference> Unmets() =>
        _asked.Where(asked => IsUnmet(asked.Key.Condition, asked.Key.Target)).Select(asked => asked.Value);

    // That a unit is not described at all is told by a rule of its own; of a person's own records, by structure.
    private bool IsUnmet(ReferenceCondition condition, Target target)
    {
        var known = _known.GetValueOrDefault(condition);
        if (known?.Count >= ValuesMax || known?.Contains(target) == true) return false;
        return condition.Has is null || condition.IsOfPerson
            || (_lacking.TryGetValue(condition, out var lacking) && lacking.Contains(target));
    }

    private static HashSet<Target> SetOf(
        Dictionary<ReferenceCondition, HashSet<Target>> sets, ReferenceCondition condition)
    {
        ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(sets, condition, out _);
        return set ??= [];
    }

    private static Target TargetOf(ReferenceCondition condition, Table described, int row) =>
        new(condition, described, row, described.Texts(condition.Target)[row].ToString());

    /// <summary>Something described: by its id among those of the same unit, or of the same person there.</summary>
    private readonly record struct Target(string Unit, string Person, string Value)
    {
        public Target(ReferenceCondition condition, Table table, int row, string value)
            : this(
                table.Scene.Batch?.Institutions?[row] ?? "",
                condition.IsOfPerson ? table.Scene.Batch?.Persons[row].LocalId ?? "" : "", value)
        {
        }
    }
}
