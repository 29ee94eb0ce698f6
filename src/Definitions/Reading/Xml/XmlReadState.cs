using System.Text;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>Where the reader stands within one node. A node is never open twice, since elements do not nest in
/// themselves.</summary>
internal sealed class NodeState(NodePlan plan)
{
    public NodePlan Plan { get; } = plan;

    public int State { get; set; }

    /// <summary>Place among the siblings of the same name, from 1.</summary>
    public int Position { get; set; }

    public int[] ChildCounts { get; } = new int[plan.Children.Length];

    /// <summary>Which child came last: most often the next is the same or one after it.</summary>
    public int LastChild { get; set; }

    /// <summary>True when what stands here and below is left out.</summary>
    public bool IsDropped { get; set; }

    /// <summary>The repeated child whose Json array is open.</summary>
    public NodePlan? OpenJsonChild { get; set; }

    public bool HasArrayElement { get; set; }
}

/// <summary>What is remembered while a message is read: as much as the deepest way down holds, and no more.</summary>
internal sealed class XmlReadState
{
    private readonly TextCache _texts = new();
    private int _findingsBeforePart;

    public XmlReadState(XmlPlan plan, ReadOptions options)
    {
        Plan = plan;
        Options = options;
        Nodes = [.. plan.Nodes.Select(node => new NodeState(node))];
        Scopes = [.. plan.Records.Select(record => new XmlRecordScope(record))];
        Days = new int[plan.DayCount];
        Array.Fill(Days, NoDay);
        Captures = new string?[plan.CaptureCount];
    }

    public const int NoDay = -1;

    public XmlPlan Plan { get; }

    public ReadOptions Options { get; }

    public NodeState[] Nodes { get; }

    public XmlRecordScope[] Scopes { get; }

    public int[] Days { get; }

    public string?[] Captures { get; }

    public FindingLog Findings { get; } = new();

    public MessageEnvelope Envelope { get; } = new();

    public int RecordCount { get; set; }

    public int DroppedCount { get; set; }

    /// <summary>Set when somebody wants to know the parts.</summary>
    public MessageParts? Parts { get; set; }

    /// <summary>How many parts have begun.</summary>
    public int PartCount { get; private set; }

    /// <summary>The part being read, from 1; 0 outside parts.</summary>
    public int PartNo { get; private set; }

    /// <summary>Set by the reader: the line it stands on, 0 when not known.</summary>
    public Func<int> Line { get; set; } = () => 0;

    public void BeginPart()
    {
        PartNo = ++PartCount;
        _findingsBeforePart = Findings.Count;
    }

    public void EndPart()
    {
        if (Findings.Count != _findingsBeforePart) Parts?.Spoil(PartNo);
        PartNo = 0;
    }

    public NodeState StateOf(NodePlan node) => Nodes[node.Ordinal];

    public string Text(ReadOnlySpan<char> text, bool isRepeated) => isRepeated ? _texts.Get(text) : text.ToString();

    /// <summary>The place of an element or one of its items: XPath with the sender's own ids, and the line.</summary>
    public string Place(NodePlan? node, string? item = null)
    {
        var steps = new Stack<string>();
        for (var at = node; at is not null; at = at.Parent) steps.Push(Step(at));
        var place = new StringBuilder();
        foreach (var step in steps) place.Append('/').Append(step);
        if (item is not null) place.Append('/').Append(item);
        return PlaceText.With(place.ToString(), Line());
    }

    /// <summary>Tells a fault and answers what is done with it.</summary>
    /// <param name="text">What stands there.</param>
    public FaultAction Fault(
        NodePlan node, ItemPlan item, ReadingRule rule, ReadOnlySpan<char> text, string? expected = null)
    {
        var action = item.Field.OnFault.Of(rule.Fault!.Value);
        if (Findings.IsFull && action != FaultAction.RejectMessage) Findings.CountOnly(rule, action);
        else Findings.ReportAt(Place(node, NameOf(item)), rule, item.Field, expected, Shown(item, text));
        return action;
    }

    /// <summary>Tells something that refuses the message.</summary>
    public void Refuse(
        NodePlan? node, ReadingRule rule, string? item = null, string? title = null, string? expected = null) =>
        Findings.ReportAt(Place(node, item), rule, title ?? node?.Node.Titles.Nb ?? "", expected);

    /// <summary>Tells a value that refuses the message.</summary>
    public void Refuse(
        NodePlan node, ItemPlan item, ReadingRule rule, string title, ReadOnlySpan<char> text, string? expected) =>
        Findings.ReportAt(Place(node, NameOf(item)), rule, title, expected, Shown(item, text));

    public void Warn(NodePlan node, ReadingRule rule)
    {
        if (Findings.IsFull) Findings.CountOnly(rule);
        else Findings.ReportAt(Place(node), rule, node.Node.Titles.Nb);
    }

    /// <summary>Tells something of a value that is kept as it is.</summary>
    public void Warn(NodePlan node, ItemPlan item, ReadingRule rule, ReadOnlySpan<char> text)
    {
        if (Findings.IsFull) Findings.CountOnly(rule);
        else Findings.ReportAt(Place(node, NameOf(item)), rule, item.Field, value: Shown(item, text));
    }

    public static string? NameOf(ItemPlan item) => item.Item.IsText ? null : $"@{item.Item.Name}";

    private string Step(NodePlan node) => PlaceText.Step(
        node.Node, node.Node.FindBy, node.FindByCapture < 0 ? null : Captures[node.FindByCapture],
        StateOf(node).Position);

    // What tells who a person is, is never told back, however it is written.
    private static ReadOnlySpan<char> Shown(ItemPlan item, ReadOnlySpan<char> text) =>
        item.Field.InformationType == InformationType.A ? default : text;
}

/// <summary>Gives the same string again for texts that stand in row after row.</summary>
internal sealed class TextCache
{
    private const int Entries = 2048;
    private const int CharactersMax = 40;

    private readonly string?[] _entries = new string?[Entries];

    public string Get(ReadOnlySpan<char> text)
    {
        if (text.Length > CharactersMax) return text.ToString();
        var hash = (uint)text.Length;
        foreach (var letter in text) hash = unchecked((hash * 31) + letter);
        ref var entry = ref _entries[(hash ^ (hash >> 11)) & (Entries - 1)];
        if (entry is null || !text.SequenceEqual(entry)) entry = text.ToString();
        return entry;
    }
}
