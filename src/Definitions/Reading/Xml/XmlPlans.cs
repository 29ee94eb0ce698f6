using System.Text.Json;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>An attribute or text at its node, and where its value goes.</summary>
internal sealed class ItemPlan(XmlItem item, int index)
{
    public const int None = -1;

    public XmlItem Item { get; } = item;

    public Field Field { get; } = item.Field;

    /// <summary>Place among the node's items.</summary>
    public int Index { get; } = index;

    /// <summary>Place among all items of the message.</summary>
    public int Number { get; set; }

    public SimpleTypeCheck Check { get; } = new(item.Type);

    public CodeTable? Codes { get; } = item.Field.CodeList is { } list ? new CodeTable(list) : null;

    /// <summary>Where the day of the code is remembered; a fixed day stands in <see cref="FixedDay"/>.</summary>
    public int CodeDaySlot { get; set; } = None;

    public DateOnly? FixedDay { get; set; }

    /// <summary>The days it may lie between; open where nothing is said.</summary>
    public DayEnd From { get; set; } = DayEnd.Open;

    /// <inheritdoc cref="From"/>
    public DayEnd To { get; set; } = DayEnd.Open;

    /// <summary>Where the item's own day is remembered for others.</summary>
    public int DaySlot { get; set; } = None;

    /// <summary>Where the text is remembered: keys, units, persons, ids for findings.</summary>
    public int Capture { get; set; } = None;

    public string? EnvelopeName { get; set; }

    /// <summary>Columns of the record it stands in.</summary>
    public ColumnTarget[] Columns { get; set; } = [];

    /// <summary>Columns of records below or after it.</summary>
    public CarriedTarget[] Carried { get; set; } = [];

    public JsonEncodedText? JsonName { get; set; }

    public ArrayColumn? Array { get; set; }

    public int RecordOfArray { get; set; } = None;

    public ColumnKind Kind { get; } = ColumnKinds.Of(item.Field.Type);

    /// <summary>The value it has when it is absent.</summary>
    public string? Default { get; } =
        item.Type.IsText ? item.Default : item.Default?.Trim(SimpleTypeCheck.White.ToCharArray());

    /// <summary>True for codes and numbers, of which the same few stand in element after element.</summary>
    public bool HasFewValues { get; } =
        item.Field.CodeList is not null || item.Field.Type == FieldType.Municipality || !item.Type.IsText;

    /// <summary>True when the same texts stand in row after row.</summary>
    public bool IsRepeatedText { get; } = item.Field.Use is TextUse.LocalName or TextUse.LocalCode
        || item.Field.Type == FieldType.Municipality;
}

/// <summary>An end of the days an item may lie between.</summary>
/// <param name="Slot">Where the day is remembered; the fixed day holds when it is none.</param>
internal readonly record struct DayEnd(int Slot, DateOnly? Fixed)
{
    public static DayEnd Open { get; } = new(ItemPlan.None, null);
}

internal readonly record struct ColumnTarget(int Record, int Slot);

/// <summary>A value that is kept aside until the record that wants it begins.</summary>
internal readonly record struct CarriedTarget(int Record, int Slot);

/// <summary>One array column: where it stands, and whether it holds numbers.</summary>
internal sealed record ArrayColumn(int Slot, int Index, bool IsNumbers);

/// <summary>A repeated element that becomes array columns.</summary>
internal sealed class ArrayGroup(int record, int index)
{
    /// <summary>Place among the record's groups.</summary>
    public int Index { get; } = index;

    public int Record { get; } = record;

    public ArrayColumn[] Columns { get; set; } = [];
}

/// <summary>An identity constraint and its place among all of them.</summary>
internal sealed record ConstraintPlan(XmlConstraint Constraint, int Index, int Refers)
{
    public ConstraintKind Kind => Constraint.Kind;
}

internal sealed record KeyPlan(ConstraintPlan Constraint, int[] Fields);

/// <summary>An element that names deleted records.</summary>
internal sealed record DeletionPlan(int Record, int Id, int Kind, string? Is);

/// <summary>How a person is told, by where the texts are remembered.</summary>
internal sealed record PersonPlan(int LocalId, int Value, int Kind, Field? ValueField);

/// <summary>An element at one place in the message, ready to be met.</summary>
internal sealed class NodePlan(XmlNode node, NodePlan? parent)
{
    public XmlNode Node { get; } = node;

    public string Name { get; } = node.Name;

    public int Ordinal { get; } = node.Ordinal;

    public NodePlan? Parent { get; } = parent;

    /// <summary>Place among the parent's children.</summary>
    public int ChildIndex { get; init; }

    public NodePlan[] Children { get; set; } = [];

    public ContentAutomaton? Automaton { get; } = node.Content is null ? null : ContentAutomaton.Of(node);

    public ItemPlan[] Items { get; } = [.. node.Attributes.Select((item, index) => new ItemPlan(item, index))];

    public ItemPlan? Text { get; } = node.Text is null ? null : new ItemPlan(node.Text, 0);

    /// <summary>The items that give days: judged before those that need them.</summary>
    public ItemPlan[] DayItems { get; set; } = [];

    /// <summary>The items that something is said of or done with when they are absent.</summary>
    public ItemPlan[] Expected { get; set; } = [];

    /// <summary>The items that later records carry.</summary>
    public ItemPlan[] CarriedItems { get; set; } = [];

    /// <summary>The items kept in Json, as <c>jsonb</c> orders them, which then need not be sorted there.</summary>
    public ItemPlan[] JsonItems { get; set; } = [];

    public int[] DaySlots { get; set; } = [];

    public int[] Captures { get; set; } = [];

    /// <summary>Items below that records in other branches carry: forgotten when this element begins.</summary>
    public ItemPlan[] Forgotten { get; set; } = [];

    public int FindByCapture { get; set; } = ItemPlan.None;

    public ConstraintPlan[] Owned { get; set; } = [];

    public KeyPlan[] Keys { get; set; } = [];

    public RecordScopePlan? Record { get; set; }

    public DeletionPlan[] Deletions { get; set; } = [];

    public bool IsIdentity { get; set; }

    /// <summary>The item that names a reporting unit; null when none here does.</summary>
    public ItemPlan? Unit { get; set; }

    public bool IsContact { get; set; }

    /// <summary>True for the element that stands for itself (<see cref="PartPlan"/>).</summary>
    public bool IsPart { get; set; }

    public bool IsRepeated { get; } = node.IsRepeated;

    /// <summary>The Json column this node is the root of, and its record.</summary>
    public int JsonSlot { get; set; } = ItemPlan.None;

    public int JsonRecord { get; set; } = ItemPlan.None;

    public bool IsInJson { get; set; }

    public JsonEncodedText JsonName { get; } = JsonEncodedText.Encode(node.Name);

    public ArrayGroup? Arrays { get; set; }

    /// <summary>Array columns that are filled from here or below.</summary>
    public int[] ArraySlots { get; set; } = [];

    /// <summary>True for the innermost repeated element of an array group: each gives one element.</summary>
    public bool IsArrayLeaf { get; set; }
}

/// <summary>One record type and where its parts are remembered.</summary>
internal sealed class RecordScopePlan(RecordType type, int index)
{
    public RecordType Type { get; } = type;

    public XmlRecord Xml { get; } = type.Xml!;

    public int Index { get; } = index;

    public int[] Key { get; set; } = [];

    public int Unit { get; set; }

    public int EventDay { get; set; }

    public PersonPlan? Person { get; set; }

    /// <summary>Texts of elements below the record, forgotten when the next record begins.</summary>
    public int[] CapturesBelow { get; set; } = [];

    /// <summary>Columns filled from what stands above or before the record.</summary>
    public int[] CarriedSlots { get; set; } = [];

    public ArrayGroup[] ArrayGroups { get; set; } = [];

    /// <summary>The repeated elements it stands in or is, by ordinal, the outermost first.</summary>
    public int[] Repeated { get; } = RepeatedAbove(type.Xml!.Node);

    private static int[] RepeatedAbove(XmlNode? node)
    {
        if (node is null) return [];
        var above = RepeatedAbove(node.Parent);
        return node.IsRepeated ? [.. above, node.Ordinal] : above;
    }
}
