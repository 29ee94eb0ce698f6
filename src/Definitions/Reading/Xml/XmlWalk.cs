using System.Xml;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// Goes through the elements of a message, one node at a time, and lets what stands in them be judged and kept. Nothing
/// is remembered of an element when it is closed but what its rows need.
/// </summary>
internal sealed class XmlWalk
{
    /// <summary>Deeper than any message, and than what is skipped.</summary>
    private const int DepthMax = 64;

    private const int AttributesMax = 256;
    private const int TextCharactersMax = 64 * 1024;

    /// <summary>The reader remembers every name and namespace it has met.</summary>
    private const int NamespacesMax = 1000;

    /// <summary>Elements that do not belong are passed over up to here.</summary>
    private const int SkippedMax = 1000;

    /// <summary>A message with more errors than this is not read to its end: nobody reads them.</summary>
    private const int ErrorsMax = 1000;

    private const string XmlnsNamespace = "http://www.w3.org/2000/xmlns/";
    private const string XsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly XmlReader _xml;
    private readonly XmlReadState _state;
    private readonly ItemJudge _judge;
    private readonly ItemStore _store;
    private readonly IdentityConstraints _constraints;
    private readonly XmlRowContent _content;
    private readonly XmlRefusals _refusals;
    private readonly string _namespace;
    private readonly ItemState[] _items;
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);
    private char[] _chars = new char[4096];
    private int _length;
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
        _items = new ItemState[Math.Max(1, state.Plan.Nodes.Max(node => node.Items.Length))];
        Names = [.. state.Plan.Nodes.Select(node => xml.NameTable.Add(node.Name))];
        AttributeNames =
        [
            .. state.Plan.Nodes.Select(node => node.Items.Select(item => xml.NameTable.Add(item.Item.Name)).ToArray()),
        ];
    }

    public RowKeeper Rows { get; }

    public bool IsAtEnd { get; private set; }

    /// <summary>True when all of the message has been read, though more may follow around it.</summary>
    public bool IsRootClosed { get; private set; }

    private string[] Names { get; }

    private string[][] AttributeNames { get; }

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
        if (_xml.Depth > DepthMax) throw new XmlLimitException($"mer enn {DepthMax} nivåer");
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
        var name = _xml.LocalName;
        foreach (var child in parent.Children)
        {
            if (ReferenceEquals(Names[child.Ordinal], name)) return child;
        }

        return null;
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
        if (at.ChildCounts.Length > 0) Array.Clear(at.ChildCounts);
        foreach (var slot in node.DaySlots) _state.Days[slot] = XmlReadState.NoDay;
        foreach (var capture in node.Captures) _state.Captures[capture] = null;
        foreach (var item in node.Forgotten) _store.ClearCarried(item);

        var isEmpty = _xml.IsEmptyElement;
        if (node.IsPart) _state.BeginPart();
        ReadAttributes(node);
        JudgeAttributes(node, at);
        _constraints.Begin(node);
        _constraints.Take(node, _items, _chars);
        Keep(node, at);
        _length = 0;
        _current = node;
        if (isEmpty) End(node);
    }

    private void ReadAttributes(NodePlan node)
    {
        var items = _items.AsSpan(0, node.Items.Length);
        items.Clear();
        _length = 0;
        if (!_xml.MoveToFirstAttribute()) return;
        if (_xml.AttributeCount > AttributesMax) throw new XmlLimitException($"mer enn {AttributesMax} attributter");
        var names = AttributeNames[node.Ordinal];
        var guess = 0;
        do
        {
            var index = _xml.Prefix.Length == 0 ? IndexOf(names, _xml.LocalName, guess) : -1;
            if (index >= 0)
            {
                guess = index + 1;
                ref var item = ref items[index];
                item.IsPresent = true;
                item.Start = _length;
                ReadChunk();
                item.Length = _length - item.Start;
            }
            else if (!IsOfXml())
            {
                _state.Refuse(node, ReadingRules.UnknownAttribute, $"@{XmlRefusals.Harmless(_xml.Name)}");
            }
        }
        while (_xml.MoveToNextAttribute());
        _xml.MoveToElement();
    }

    // Senders write attributes in one order: the one after the last is most often next.
    private static int IndexOf(string[] names, string name, int guess)
    {
        if (guess < names.Length && ReferenceEquals(names[guess], name)) return guess;
        for (var i = 0; i < names.Length; i++)
        {
            if (ReferenceEquals(names[i], name)) return i;
        }

        return -1;
    }

    // Declarations of namespaces, and where a schema may be found, which nobody looks up.
    private bool IsOfXml()
    {
        var ns = _xml.NamespaceURI;
        if (ns == XmlnsNamespace)
        {
            _namespaces.Add(_xml.LocalName);
            _namespaces.Add(_xml.Value);
            return _namespaces.Count <= NamespacesMax
                ? true
                : throw new XmlLimitException($"mer enn {NamespacesMax} navnerom");
        }

        return ns == XsiNamespace && _xml.LocalName is "schemaLocation" or "noNamespaceSchemaLocation";
    }

    private void ReadChunk()
    {
        while (true)
        {
            if (_length == _chars.Length) Array.Resize(ref _chars, _chars.Length * 2);
            var read = _xml.ReadValueChunk(_chars, _length, _chars.Length - _length);
            _length += read;
            if (_length < _chars.Length) return;
        }
    }

    private void JudgeAttributes(NodePlan node, NodeState at)
    {
        _judge.Fate = ElementFate.Kept;
        foreach (var item in node.Judged)
        {
            ref var value = ref _items[item.Index];
            if (!value.IsPresent && item.IsOptional) continue;
            _judge.Judge(node, item, TextOf(item, value), ref value);
        }

        if (_judge.Fate == ElementFate.Dropped) at.IsDropped = true;
        if (_judge.Fate != ElementFate.OwnValuesDropped) return;
        if (node.Record is not null) at.IsDropped = true;
        foreach (ref var value in _items.AsSpan(0, node.Items.Length)) value.Outcome = ItemOutcome.Null;
    }

    private ReadOnlySpan<char> TextOf(ItemPlan item, in ItemState value) =>
        value.IsPresent
            ? item.Check.Trimmed(_chars.AsSpan(value.Start, value.Length))
            : item.Item.Default.AsSpan();

    private void Keep(NodePlan node, NodeState at)
    {
        if (node.Record is { } record) Rows.Begin(record, at.IsDropped);
        if (node.Arrays is { } arrays) _content.ClearCells(node, arrays);
        var isJson = node.IsInJson && node.Text is null && !at.IsDropped;
        if (isJson) _content.OpenJson(node, at);
        foreach (var item in node.Items)
        {
            if (item.Carried.Count > 0) _store.ClearCarried(item);
            ref var value = ref _items[item.Index];
            if (value.Outcome is ItemOutcome.Absent or ItemOutcome.Null) continue;
            if (at.IsDropped && item.EnvelopeName is null) continue;
            _store.Store(item, value, TextOf(item, value));
        }

        if (!isJson) return;
        foreach (var item in node.JsonItems)
        {
            ref var value = ref _items[item.Index];
            _store.WriteJson(node, item, value, TextOf(item, value), isNamed: true);
        }
    }

    private void Text()
    {
        if (_current is not { } node) return;
        if (node.Text is not null)
        {
            ReadChunk();
            if (_length > TextCharactersMax)
                throw new XmlLimitException($"mer enn {TextCharactersMax} tegn i en tekst");
            return;
        }

        var isWhite = _xml.NodeType is XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace
            || (_xml.NodeType == XmlNodeType.CDATA && IsWhite());
        if (!isWhite || node.Automaton is null) _state.Refuse(node, ReadingRules.UnexpectedText);
    }

    // Space is space, however it is wrapped.
    private bool IsWhite()
    {
        _length = 0;
        ReadChunk();
        return !_chars.AsSpan(0, _length).ContainsAnyExcept(SimpleTypeCheck.White);
    }

    private void End(NodePlan node)
    {
        var at = _state.StateOf(node);
        if (node.Text is { } text) EndText(node, text, at);
        if (node.Automaton is { } automaton && !automaton.IsFinal(at.State)) _refusals.Incomplete(at, automaton);
        if (node.Owned.Count > 0) _constraints.End(node);
        if (node.IsInJson && node.Text is null && !at.IsDropped) _content.CloseJson(node, at);
        if (node.Arrays is { } arrays) _content.EndArrayElement(node, at, arrays);
        if (node.Record is { } record) Rows.End(node, record, at.IsDropped);
        if (node.IsIdentity) Rows.Identify(node, at.IsDropped);
        if (node.IsContact) Rows.TellContact(_state.Plan.Contact!);
        if (node.Deletions.Count > 0) Rows.Delete(node, at.IsDropped);
        if (node.IsPart) _state.EndPart();
        _length = 0;
        _current = node.Parent;
        IsRootClosed = _current is null;
    }

    private void EndText(NodePlan node, ItemPlan item, NodeState at)
    {
        ref var value = ref _items[0];
        value = new ItemState { IsPresent = true, Length = _length };
        _judge.Fate = ElementFate.Kept;
        if (item.Carried.Count > 0) _store.ClearCarried(item);
        _judge.Judge(node, item, TextOf(item, value), ref value);
        if (_judge.Fate == ElementFate.Dropped) DropAround(node);
        if (at.IsDropped) return;
        var text = TextOf(item, value);
        _store.Store(item, value, text);
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
            if (_xml.Depth > DepthMax) throw new XmlLimitException($"mer enn {DepthMax} nivåer");
            if (_xml.AttributeCount > AttributesMax || ++_skipped > SkippedMax)
                throw new XmlLimitException($"mer enn {SkippedMax} ukjente elementer");
        }
    }
}
