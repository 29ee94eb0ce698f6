using System.Text;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// The element of a message that stands for itself, and what the reading of it depends on: in NPR's modules the patient
/// (Objektholder).
/// </summary>
/// <remarks>
/// It is an element that may be empty, that has a patient number no other has, and that all records in it are keyed by:
/// what comes in one is never what comes in another. Nothing in it is told to the rest of the message, and the rest
/// tells it nothing but the facts that are named here and what stands before it.
/// </remarks>
internal sealed class PartPlan
{
    private readonly ItemPlan[] _facts;
    private readonly CodeList[] _datedLists;
    private readonly int _datedSlot;

    private PartPlan(NodePlan node, ItemPlan[] facts, (int Slot, CodeList[] Lists) dated)
    {
        (Node, _facts) = (node, facts);
        (_datedSlot, _datedLists) = dated;
        Name = Encoding.UTF8.GetBytes(node.Name);
    }

    public NodePlan Node { get; }

    public byte[] Name { get; }

    /// <summary>Null when the message has no such element.</summary>
    public static PartPlan? Of(XmlPlan plan)
    {
        var envelope = plan.Structure.Envelope.Items;
        if (envelope.GetValueOrDefault("from")?.Node != plan.Structure.Root) return null;
        if (envelope.TryGetValue("kind", out var kind) && kind.Node != plan.Structure.Root) return null;
        foreach (var node in plan.Nodes.Where(node => node.Parent is not null && node.IsRepeated))
        {
            NodePlan[] inside = [.. plan.Nodes.Where(other => IsWithin(other, node))];
            if (IsPart(plan, node, inside)) return Of(plan, node, inside);
        }

        return null;
    }

    /// <summary>What the reading of parts depends on, of what the root tells.</summary>
    public byte[] ContextOf(XmlReadState state)
    {
        var envelope = state.Envelope;
        var day = _datedSlot < 0 ? XmlReadState.NoDay : state.Days[_datedSlot];
        var text = new StringBuilder($"{state.Plan.Type}\n{envelope.Kind}\n{envelope.From:O}\n{envelope.To?.Year}\n");
        foreach (var fact in _facts) text.Append(state.Captures[fact.Capture]).Append('\n');
        foreach (var list in _datedLists) text.Append($"{UnchangedSince(list, day)}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // Two days between which no code of the list comes or goes are the same to it.
    private static int? UnchangedSince(CodeList list, int day) => list.Codes
        .SelectMany(code => new[] { code.Validity.From?.DayNumber, code.Validity.To?.DayNumber + 1 })
        .Where(changed => changed <= day)
        .Max();

    private static bool IsPart(XmlPlan plan, NodePlan node, NodePlan[] inside)
    {
        var records = inside.Select(other => other.Record).OfType<RecordScopePlan>().ToArray();
        return records.Length > 0
            && records.All(record => record.Type.PersonSource == PersonSource.Apart)
            && node is { Record: null, Text: null, IsInJson: false, Arrays: null }
            && node.Automaton?.IsFinal(ContentAutomaton.Start) == true
            && plan.Nodes.Where(other => other != node).All(other => !other.Name.StartsWith(node.Name, Comparison))
            && !inside.Any(other => other.IsIdentity || other.IsContact || other.Deletions.Length > 0)
            && !ItemsOf(inside).Any(item => item.EnvelopeName is not null)
            && records.Select(record => record.Person!.LocalId).Distinct().Count() == 1
            && IsNumbered(plan, node, records[0].Person!.LocalId)
            && !IsToldElsewhere(plan, inside);
    }

    private const StringComparison Comparison = StringComparison.Ordinal;

    // No two of them have the patient number that their records are keyed by.
    private static bool IsNumbered(XmlPlan plan, NodePlan node, int localId) => plan.Nodes
        .Where(other => IsWithin(node, other) && other != node)
        .SelectMany(other => other.Owned)
        .Any(constraint => constraint.Kind != ConstraintKind.Reference
            && constraint.Constraint.Targets is [{ Fields: [var field] } target]
            && target.Node == node.Node
            && node.Items.Any(item => item.Item == field && item.Capture == localId));

    // Keys that hold across parts, and columns of records outside them.
    private static bool IsToldElsewhere(XmlPlan plan, NodePlan[] inside)
    {
        var below = inside.Skip(1).ToArray();
        var recordsInside = inside.Select(node => node.Record?.Index).ToHashSet();
        return below.SelectMany(node => node.Keys)
                .Any(key => key.Constraint.Kind != ConstraintKind.Reference && !IsOwned(inside, key.Constraint))
            || ItemsOf(inside).SelectMany(item => item.Carried).Any(target => !recordsInside.Contains(target.Record))
            || ItemsOf(plan.Nodes.Except(inside)).SelectMany(item => item.Carried)
                .Any(target => recordsInside.Contains(target.Record));
    }

    private static bool IsOwned(NodePlan[] nodes, ConstraintPlan constraint) =>
        nodes.Any(node => node.Owned.Contains(constraint));

    private static PartPlan? Of(XmlPlan plan, NodePlan node, NodePlan[] inside)
    {
        var root = plan.Root.Items;
        var slots = root.Where(item => item.DaySlot >= 0).Select(item => item.DaySlot).ToArray();
        var dated = ItemsOf(inside).Where(item => slots.Contains(item.CodeDaySlot) && item.Codes is not null).ToArray();

        // More than one day would do as well, but no message has them.
        if (dated.Select(item => item.CodeDaySlot).Distinct().Count() > 1) return null;
        return new PartPlan(
            node, [.. root.Where(item => item.Capture >= 0)],
            (dated.FirstOrDefault()?.CodeDaySlot ?? ItemPlan.None,
                [.. dated.Select(item => item.Field.CodeList!).DistinctBy(list => list.Id)]));
    }

    private static IEnumerable<ItemPlan> ItemsOf(IEnumerable<NodePlan> nodes) =>
        nodes.SelectMany(node => node.Text is null ? node.Items : [.. node.Items, node.Text]);

    private static bool IsWithin(NodePlan node, NodePlan outer)
    {
        for (var at = node; at is not null; at = at.Parent)
        {
            if (at == outer) return true;
        }

        return false;
    }
}
