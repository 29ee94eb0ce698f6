using Kilde.Definitions.Model;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>Compiles <c>chain:</c> of the record that is a link, and finds what hangs in it.</summary>
internal sealed class ChainCompiler
{
    private readonly XmlNode _link;
    private readonly XmlItem _id;
    private readonly Dictionary<string, XmlItem> _items;
    private readonly DefinitionMap _map;
    private readonly MistakeLog _log;

    private ChainCompiler(
        XmlNode link, XmlItem id, Dictionary<string, XmlItem> items, DefinitionMap map, MistakeLog log) =>
        (_link, _id, _items, _map, _log) = (link, id, items, map, log);

    /// <summary>Null when the record is no link.</summary>
    public static ChainCompiler? Read(DefinitionMap record, XmlNode node, NodeTree tree, MistakeLog log)
    {
        if (record.Map("chain", "kjeden") is not { } map) return null;
        var items = new Dictionary<string, XmlItem>(StringComparer.Ordinal);
        foreach (var name in new[] { "previous", "serial", "status", "original" })
        {
            if (tree.Require(node, map.Text(name, isRequired: true), map.At(name)) is { } item)
                items[name] = item.Item;
        }

        map.RefuseOtherKeys();
        var key = record.Texts("key").Select(part => tree.Require(node, part.Text, part.Node)).ToList();
        if (key is [{ } id] && id.Node == node) return new ChainCompiler(node, id.Item, items, map, log);
        log.Add("DEF-020", record.At("key"), "Et ledd i en kjede kjennes igjen på sin egen globale id.",
            "Skriv key: ['@attributtet'].");
        return null;
    }

    /// <summary>Null when the record is not the link.</summary>
    public ChainLink? LinkOf(XmlNode record, RecordColumns columns) => record != _link
        ? null
        : new ChainLink(
            PlaceOf(_id, columns), PlaceOf("previous", columns), PlaceOf("serial", columns),
            PlaceOf("status", columns), PlaceOf("original", columns));

    /// <summary>Null when the record does not stand in the link.</summary>
    public ChainedRecord? RecordIn(XmlNode record, RecordColumns columns)
    {
        var isAlone = true;
        for (var node = record; node != _link; node = node.Parent)
        {
            if (node.Parent is null) return null;
            isAlone &= !node.IsRepeated;
        }

        return record == _link
            ? null
            : new ChainedRecord(PlaceOf(_id, columns), PlaceOf("original", columns), isAlone);
    }

    private int PlaceOf(string name, RecordColumns columns) =>
        _items.TryGetValue(name, out var item) ? PlaceOf(item, columns) : -1;

    private int PlaceOf(XmlItem item, RecordColumns columns)
    {
        var place = columns.Sources.FindIndex(source => source.Group is null && source.Source?.Item == item);
        if (place < 0)
        {
            _log.Add("DEF-025", _map.Node, $"«{item.Name}» er ikke en kolonne i alle poster i kjeden.",
                $"Skriv with: [{_link.Name}] i postene under leddet.");
        }

        return place;
    }
}
