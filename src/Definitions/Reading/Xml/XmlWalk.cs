using System.Xml;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// Goes through the elements of a message, one node at a time, and lets what stands in them be judged and kept. Nothing
/// is remembered of an element when it is closed but what its rows need.
/// </summary>
internal sealed class XmlWalk
{
    /// <summary>Elements that do not belong are passed over up to here.</summary>
    private const int SkippedMax = 1000;

    /// <summary>A message with more errors than this is not read to its end: nobody reads them.</summary>
    private const int ErrorsMax = 1000;

    private readonly XmlReader _xml;
    private readonly XmlReadState _state;
    private readonly ItemJudge _judge;
    private readonly ItemStore _store;
    private readonly IdentityConstraints _constraints;
    private readonly XmlRowContent _content;
    private readonly XmlRefusals _refusals;
    private readonly string _namespace;
    private readonly ElementItems _items;
    private readonly NameAtoms[] _children;
    private int _skipped;
    private NodePlan? _current;

    public XmlWalk(XmlReader xml, XmlReadState state, RowKeeper rows)
    {
        (_xml, _state, Rows) = (xml, state, rows);
        _judge = new ItemJudge(state);
        _store = new ItemStore(state);
        _constraints = new IdentityConstraints(state);
        _content = new XmlRowContent(state);
        _refusals = new XmlRefusals(state);
        _namespace = xml.NameTable.Add(state.Plan.Structure.Namespace);
        _items = new ElementItems(xml, state);
        _children = [.. state.Plan.Nodes.Select(node => new NameAtoms(xml, node.Children.Select(child => child.Name)))];
    }

    public RowKeeper Rows { get; }

    public bool IsAtEnd { get; private set; }

    /// <summary>True when all of the message has been read, though more may follow around it.</summary>
    public bool IsRootClosed { get; private set; }

    /// <summary>The reader stands on the root.</summary>
    public void Begin() => StartElement();

    /// <summary>Reads one node.</summary>
    public void Step()
    {
        if (!_xml.Read())
        {
            IsAtEnd = true;
            return;
        }

        switch (_xml.NodeType)
        {
            case XmlNodeType.Element: StartElement(); break;
            case XmlNodeType.EndElement: End(_current!); break;
            case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                Text();
                break;
        }
    }

    private void StartElement()
    {
        XmlInput.CheckDepth(_xml);
        if (_state.Findings.Count > ErrorsMax && _state.Findings.IsRejected)
        {
            IsAtEnd = true;
            return;
        }

        var node = _current is null ? _state.Plan.Root : FindChild(_current);
        if (node is null)
        {
            _refusals.Element(_current!, _xml.Name);
            Skip();
            return;
        }

        if (_current is not null) Advance(_state.StateOf(_current), node);
        Enter(node);
    }

    private NodePlan? FindChild(NodePlan parent)
    {
        if (!ReferenceEquals(_xml.NamespaceURI, _namespace)) return null;
        var at = _state.StateOf(parent);
        var index = _children[parent.Ordinal].IndexOf(_xml.LocalName, at.LastChild);
        if (index < 0) return null;
        at.LastChild = index;
        return parent.Children[index];
    }

    private void Advance(NodeState parent, NodePlan child)
    {
        _state.StateOf(child).Position = ++parent.ChildCounts[child.ChildIndex];
        var automaton = parent.Plan.Automaton!;
        var next = automaton.Next(parent.State, child.ChildIndex);
        if (next == ContentAutomaton.None) _refusals.Order(parent, child);
        else parent.State = next;
    }

    private void Enter(NodePlan node)
    {
        var at = _state.StateOf(node);
        at.State = ContentAutomaton.Start;
        at.IsDropped = _current is not null && _state.StateOf(_current).IsDropped;
        at.OpenJsonChild = null;
        at.HasArrayElement = false;
        at.LastChild = 0;
        if (at.ChildCounts.Length > 0) Array.Clear(at.ChildCounts);
        foreach (var slot in node.DaySlots) _state.Days[slot] = XmlReadState.NoDay;
        foreach (var capture in node.Captures) _state.Captures[capture] = null;
        foreach (var item in node.Forgotten) _store.ClearCarried(item);

        var isEmpty = _xml.IsEmptyElement;
        if (node.IsPart) _state.BeginPart();
        _items.Read(node);
        JudgeAttributes(node, at);
        _constraints.Begin(node);
        _constraints.Take(node, _items);
        Keep(node, at);
        if (node.Unit is { Item.IsText: false } unit && !at.IsDropped) Rows.TellUnit(node, unit);
        _items.BeginText();
        _current = node;
        if (isEmpty) End(node);
    }

    private void JudgeAttributes(NodePlan node, NodeState at)
    {
        _judge.Fate = ElementFate.Kept;
        foreach (var item in node.DayItems) Judge(node, item);
        foreach (var index in _items.Met)
        {
            if (node.Items[index] is { DaySlot: ItemPlan.None } item) Judge(node, item);
        }

        if (_judge.Fate == ElementFate.Dropped) Drop(node, at);
        if (_judge.Fate != ElementFate.OwnValuesDropped) return;
        if (node.Record is not null) at.IsDropped = true;
        foreach (var index in _items.Met) _items[index].Outcome = ItemOutcome.Null;
    }

    private void Drop(NodePlan node, NodeState at)
    {
        at.IsDropped = true;
        var record = node.IsInJson ? node.JsonRecord : node.Arrays?.Record ?? ItemPlan.None;
        if (record >= 0) _state.Scopes[record].HasGaps = true;
    }

    private void Judge(NodePlan node, ItemPlan item)
    {
        ref var value = ref _items[item.Index];
        _judge.Judge(node, item, _items.TextOf(item, value), ref value);
    }

    private void Keep(NodePlan node, NodeState at)
    {
        if (node.Record is { } record) Rows.Begin(record, at.IsDropped);
        if (node.Arrays is { } arrays) _content.ClearCells(node, arrays);
        var isJson = node.IsInJson && node.Text is null && !at.IsDropped;
        if (isJson) _content.OpenJson(node, at);
        foreach (var item in node.CarriedItems) _store.ClearCarried(item);
        foreach (var index in _items.Met)
        {
            ref var value = ref _items[index];
            var item = node.Items[index];
            if (at.IsDropped && item.EnvelopeName is null) continue;
            _store.Store(item, value, _items.TextOf(item, value));
        }

        if (!isJson) return;
        foreach (var item in node.JsonItems)
        {
            ref var value = ref _items[item.Index];
            if (value.Outcome is ItemOutcome.Absent or ItemOutcome.Null) continue;
            _store.WriteJson(node, item, value, _items.TextOf(item, value), isNamed: true);
        }
    }

    private void Text()
    {
        if (_current is not { } node) return;
        if (node.Text is not null)
        {
            _items.ReadText();
            return;
        }

        // Space is space, however it is wrapped.
        var isWhite = _xml.NodeType is XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace
            || (_xml.NodeType == XmlNodeType.CDATA && _items.IsWhite());
        if (!isWhite || node.Automaton is null) _state.Refuse(node, ReadingRules.UnexpectedText);
    }

    private void End(NodePlan node)
    {
        var at = _state.StateOf(node);
        if (node.Text is { } text) EndText(node, text, at);
        if (node.Automaton is { } automaton && !automaton.IsFinal(at.State)) _refusals.Incomplete(at, automaton);
        if (node.Owned.Length > 0) _constraints.End(node);
        if (node.IsInJson && node.Text is null && !at.IsDropped) _content.CloseJson(node, at);
        if (node.Arrays is { } arrays) _content.EndArrayElement(node, at, arrays);
        if (node.Record is { } record) Rows.End(node, record, at.IsDropped);
        if (node.IsIdentity) Rows.Identify(node, at.IsDropped);
        if (node.IsContact) Rows.TellContact(_state.Plan.Contact!);
        if (node.Deletions.Length > 0) Rows.Delete(node, at.IsDropped);
        if (node.IsPart) _state.EndPart();
        _items.BeginText();
        _current = node.Parent;
        IsRootClosed = _current is null;
    }

    private void EndText(NodePlan node, ItemPlan item, NodeState at)
    {
        var value = _items.EndText(item);
        var text = _items.TextOf(item, value);
        _judge.Fate = ElementFate.Kept;
        _store.ClearCarried(item);
        _judge.Judge(node, item, text, ref value);
        if (_judge.Fate == ElementFate.Dropped) DropAround(node);
        if (at.IsDropped) return;
        _store.Store(item, value, text);
        if (node.Unit is { } unit) Rows.TellUnit(node, unit);
        if (!node.IsInJson || value.Outcome is ItemOutcome.Absent or ItemOutcome.Null) return;
        _content.OpenJson(node, at);
        _store.WriteJson(node, item, value, text, isNamed: !node.IsRepeated);
    }

    // A text that drops its row stands in the row, which is open.
    private void DropAround(NodePlan node)
    {
        var around = node;
        while (around is not null && around.Record is null) around = around.Parent;
        if (around?.Record is { } record) _state.Scopes[record.Index].IsRowDropped = true;
    }

    // Passed over by hand, for a skip of the platform's has no bounds.
    private void Skip()
    {
        if (_xml.IsEmptyElement) return;
        var depth = _xml.Depth;
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType != XmlNodeType.Element) continue;
            XmlInput.CheckDepth(_xml);
            if (_xml.AttributeCount > ElementItems.AttributesMax || ++_skipped > SkippedMax)
                throw new XmlLimitException($"mer enn {SkippedMax} ukjente elementer");
        }
    }
}
