using System.Xml;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// What stands in the element being read: its attributes, or its text. The memory is used again for the next element.
/// </summary>
internal sealed class ElementItems
{
    /// <summary>Of one element, whether the definition knows it or not.</summary>
    public const int AttributesMax = 256;

    private const int TextCharactersMax = 64 * 1024;

    /// <summary>The reader remembers every name and namespace it has met.</summary>
    private const int NamespacesMax = 1000;

    private const string XmlnsNamespace = "http://www.w3.org/2000/xmlns/";
    private const string XsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";

    private readonly XmlReader _xml;
    private readonly XmlReadState _state;
    private readonly NameAtoms[] _names;
    private readonly ItemState[] _items;
    private readonly int[] _met;
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);
    private char[] _chars = new char[4096];
    private int _length;
    private int _metCount;

    public ElementItems(XmlReader xml, XmlReadState state)
    {
        (_xml, _state) = (xml, state);
        _names = [.. state.Plan.Nodes.Select(node => new NameAtoms(xml, node.Items.Select(item => item.Item.Name)))];
        _items = new ItemState[state.Plan.Nodes.Max(node => node.Items.Length)];
        _met = new int[_items.Length];
    }

    /// <summary>The places of the items that stand there or should have, in the order of the definition.</summary>
    public ReadOnlySpan<int> Met => _met.AsSpan(0, _metCount);

    public ref ItemState this[int index] => ref _items[index];

    /// <summary>As its type sees it: numbers and times have no space around them.</summary>
    public ReadOnlySpan<char> TextOf(ItemPlan item, in ItemState at) =>
        at.IsPresent ? _chars.AsSpan(at.Start, at.Length) : item.Default;

    /// <summary>Reads the attributes of the element the reader stands on.</summary>
    public void Read(NodePlan node)
    {
        foreach (var index in Met) _items[index] = default;
        _metCount = 0;
        _length = 0;
        var isInOrder = true;
        if (_xml.MoveToFirstAttribute())
        {
            isInOrder = ReadAttributes(node);
            _xml.MoveToElement();
        }

        foreach (var item in node.Expected)
        {
            if (_items[item.Index].IsPresent) continue;
            _met[_metCount++] = item.Index;
            isInOrder = false;
        }

        if (!isInOrder) Array.Sort(_met, 0, _metCount);
    }

    public void BeginText() => _length = 0;

    public void ReadText()
    {
        ReadChunk();
        if (_length > TextCharactersMax) throw new XmlLimitException($"mer enn {TextCharactersMax} tegn i en tekst");
    }

    public ItemState EndText(ItemPlan text)
    {
        var at = new ItemState { IsPresent = true, Length = _length };
        Trim(text, ref at);
        return at;
    }

    /// <summary>True when the text the reader stands on is only space.</summary>
    public bool IsWhite()
    {
        BeginText();
        ReadChunk();
        return !_chars.AsSpan(0, _length).ContainsAnyExcept(SimpleTypeCheck.White);
    }

    // False when they do not stand in the order of the definition.
    private bool ReadAttributes(NodePlan node)
    {
        if (_xml.AttributeCount > AttributesMax) throw new XmlLimitException($"mer enn {AttributesMax} attributter");
        var names = _names[node.Ordinal];
        var (next, isInOrder) = (0, true);
        do
        {
            // A name with a prefix is the two together, which is no name of the definition.
            var index = names.IndexOf(_xml.Name, next);
            if (index < 0)
            {
                if (!IsOfXml())
                    _state.Refuse(node, ReadingRules.UnknownAttribute, $"@{XmlRefusals.Harmless(_xml.Name)}");
                continue;
            }

            isInOrder &= index >= next;
            next = index + 1;
            _met[_metCount++] = index;
            ref var at = ref _items[index];
            (at.IsPresent, at.Start) = (true, _length);
            ReadChunk();
            at.Length = _length - at.Start;
            Trim(node.Items[index], ref at);
        }
        while (_xml.MoveToNextAttribute());
        return isInOrder;
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
            _length += _xml.ReadValueChunk(_chars, _length, _chars.Length - _length);
            if (_length < _chars.Length) return;
        }
    }

    private void Trim(ItemPlan item, ref ItemState at)
    {
        if (item.Check.IsText) return;
        ReadOnlySpan<char> text = _chars.AsSpan(at.Start, at.Length);
        if (text.Length == 0 || (text[0] > ' ' && text[^1] > ' ')) return;
        var untilEnd = text.TrimStart(SimpleTypeCheck.White);
        at.Start += text.Length - untilEnd.Length;
        at.Length = untilEnd.TrimEnd(SimpleTypeCheck.White).Length;
    }
}
