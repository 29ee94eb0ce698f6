using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Rules;

/// <summary>
/// One record, or one sending, made up to show a rule: it passes or it fails. Held against the rule each time the
/// definitions are loaded, so that a rule cannot say something else than it means.
/// </summary>
/// <param name="Batch">A batch of one row; null for rules about the message.</param>
/// <param name="Before">Records that stand before it in the message, each a batch of one row.</param>
/// <param name="Described">What the sending describes elsewhere, for rules about references.</param>
/// <param name="CodeSystems">The codes there are, for rules about codes.</param>
internal sealed record RuleExample(
    RecordBatch? Batch, IReadOnlyList<RecordBatch> Before, MessageFacts Facts, IReadOnlyList<string> Described,
    CodeSystemCatalogue CodeSystems)
{
    /// <summary>What the file writes, in its order.</summary>
    public IReadOnlyList<WrittenValue> Written { get; init; } = [];

    public bool Breaks(Rule rule, RecordPaths paths, Places places)
    {
        var references = new ReferenceLog();
        var scene = new Scene(paths, places, references, CodeSystems);
        foreach (var before in Before) KeepBroken(rule, scene, before);
        return !KeepBroken(rule, scene, Batch).IsEmpty
            || references.Asked.Any(unmet => !Described.Contains(unmet.Value, StringComparer.Ordinal));
    }

    private Selection KeepBroken(Rule rule, Scene scene, RecordBatch? batch)
    {
        scene.MoveTo(batch, Facts);
        var subjects = scene.TableOf(rule.Subjects);
        var among = new Selection();
        among.SelectAll(subjects.Count);
        rule.KeepBroken(subjects, among, new Selection());
        return among;
    }
}
