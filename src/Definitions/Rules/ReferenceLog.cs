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
/// until all is read: units, which are few.
/// </summary>
internal sealed class ReferenceLog
{
    /// <summary>Different values kept for one rule; beyond it references are taken for good.</summary>
    private const int ValuesMax = 50_000;

    private readonly Dictionary<ReferenceCondition, HashSet<(string Unit, string Value)>> _known = [];
    private readonly Dictionary<(ReferenceCondition Condition, string Unit, string Value), UnmetReference> _asked = [];

    /// <summary>Takes what a batch describes.</summary>
    public void Describe(ReferenceCondition condition, Table described)
    {
        ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, condition, out _);
        values ??= [];
        var texts = described.Texts(condition.Target);
        for (var row = 0; row < described.Count && values.Count < ValuesMax; row++)
            values.Add((UnitOf(described, row), texts[row].ToString()));
    }

    public void Ask(ReferenceCondition condition, Table subjects, int subject, string value)
    {
        var unit = UnitOf(subjects, subjects.RowOf(subject));
        if (_known.TryGetValue(condition, out var values)
            && (values.Contains((unit, value)) || values.Count >= ValuesMax)) return;
        if (_asked.TryGetValue((condition, unit, value), out var unmet)) unmet.Count++;
        else
        {
            var place = subjects.Scene.Places.Of(subjects, subject, condition.Place);
            unmet = new UnmetReference(condition, place, value);
            if (_asked.Count < ValuesMax) _asked.Add((condition, unit, value), unmet);
        }

        var part = subjects.PartOf(subject);
        if (part > 0 && (unmet.Parts.Count == 0 || unmet.Parts[^1] != part)) unmet.Parts.Add(part);
    }

    /// <summary>What was asked for and never described.</summary>
    public IEnumerable<UnmetReference> Unmets() => _asked
        .Where(asked => !_known.TryGetValue(asked.Key.Condition, out var values)
            || (values.Count < ValuesMax && !values.Contains((asked.Key.Unit, asked.Key.Value))))
        .Select(asked => asked.Value);

    private static string UnitOf(Table table, int row) => table.Scene.Batch?.Institutions?[row] ?? "";
}
