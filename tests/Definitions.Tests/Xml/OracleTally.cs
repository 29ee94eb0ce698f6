using System.Collections.Concurrent;

namespace Kilde.Definitions.Tests.Xml;

/// <summary>What became of the mutants of a type, counted from many threads.</summary>
internal sealed class OracleTally
{
    private readonly ConcurrentDictionary<MutationKind, int> _kinds = [];
    private readonly ConcurrentDictionary<string, int> _rules = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _differences = [];
    private int _mutants;
    private int _accepted;
    private int _known;

    public int Mutants => _mutants;

    /// <summary>By the schema.</summary>
    public int Accepted => _accepted;

    public IReadOnlyCollection<string> Differences => _differences;

    public int Of(MutationKind kind) => _kinds.GetValueOrDefault(kind);

    /// <param name="rule">The first that the mutant breaks; null when we accept it.</param>
    public void Add(MutationKind kind, bool isAccepted, string? rule)
    {
        Interlocked.Increment(ref _mutants);
        if (isAccepted) Interlocked.Increment(ref _accepted);
        if (rule is not null) _rules.AddOrUpdate(rule, 1, (_, before) => before + 1);

        // An id that is valid where it stands was not repeated, and a reference to something not broken.
        var isMeant = kind is not (MutationKind.RepeatedId or MutationKind.BrokenReference) || !isAccepted;
        if (isMeant) _kinds.AddOrUpdate(kind, 1, (_, before) => before + 1);
    }

    public void AddKnown() => Interlocked.Increment(ref _known);

    public void Add(string difference) => _differences.Enqueue(difference);

    public override string ToString() =>
        $"{_mutants} mutants, no two alike, {_accepted} accepted by the schema, {_known} known differences, "
        + $"{_differences.Count} others.\nChanged: {Text(_kinds)}\nRefused by us: {Text(_rules)}";

    private static string Text<T>(ConcurrentDictionary<T, int> counts)
        where T : notnull =>
        string.Join(", ", counts.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"));
}
