using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>Compiles <c>records:</c> and <c>identities:</c> of an XML message.</summary>
internal sealed class XmlRecordCompiler(
    NodeTree tree, IReadOnlyDictionary<string, SensitiveClass> classes, MistakeLog log)
{
    private const string NoPerson = "none";
    private const string PersonKey = "person";

    private static readonly Dictionary<string, Store> Stores = new(StringComparer.Ordinal)
    {
        ["json"] = Store.Json,
        ["jsonText"] = Store.JsonText,
        ["arrays"] = Store.Arrays,
        ["none"] = Store.None,
    };

    public IReadOnlyList<RecordType> CompileAll(DefinitionMap? records)
    {
        if (records is null) return [];
        var found = new List<(DefinitionMap Map, XmlNode Node)>();
        foreach (var (name, _, value) in records.Entries)
        {
            if (DefinitionMap.Of(value, log, $"posttypen «{name}»") is { } map && NodeOf(map) is { } node)
                found.Add((map, node));
        }

        var nodes = found.Select(record => record.Node).ToHashSet();
        var chain = found.Select(record => ChainCompiler.Read(record.Map, record.Node, tree, log))
            .OfType<ChainCompiler>().FirstOrDefault();
        var types = found.Select(record => Compile(record.Map, record.Node, nodes, chain)).ToList();
        foreach (var (record, type) in found.Zip(types).Where(pair => pair.Second?.Within is not null))
            HoldWithin(record.Map, type!, types);
        return [.. types.OfType<RecordType>()];
    }

    // The local id of what it stands within is found in its own: all but the last part of it.
    private void HoldWithin(DefinitionMap map, RecordType type, IEnumerable<RecordType?> types)
    {
        var key = type.Xml!.Key;
        var outer = types.FirstOrDefault(other => other?.WireName == type.Within);
        if (outer is not null && key.SkipLast(1).SequenceEqual(outer.Xml!.Key)) return;
        log.Add("DEF-025", map.At("within"), $"Posten kan ikke høre til «{type.Within}».",
            "Skriv elementet til en annen post, og la nøkkelen være dens nøkkel og én ting til.");
    }

    public XmlIdentities? CompileIdentities(DefinitionMap? map)
    {
        if (map is null || NodeOf(map) is not { } node) return null;
        var unit = tree.Require(node, map.Text("unit", isRequired: true), map.At("unit"));
        var person = ReadPerson(map, node);
        map.RefuseOtherKeys();
        if (person is { LocalId: not null, Value: not null } && unit is not null)
            return new XmlIdentities(node, unit, person);
        log.Add("DEF-020", map.Node, "En identitet har enhet, lokal id og identifikator.",
            "Skriv unit og person: { localId: …, value: …, kind: … }.");
        return null;
    }

    private XmlNode? NodeOf(DefinitionMap map)
    {
        if (map.Text("element", isRequired: true) is not { } element) return null;
        var nodes = tree.Find(element);
        if (nodes.Count == 1) return nodes[0];
        log.Add("DEF-025", map.At("element"),
            nodes.Count == 0 ? $"Elementet «{element}» finnes ikke." : $"Elementet «{element}» står flere steder.",
            "Skriv hele stien fra roten, for eksempel Melding/Institusjon/Objektholder/Episode.");
        return null;
    }

    private RecordType? Compile(DefinitionMap map, XmlNode node, HashSet<XmlNode> records, ChainCompiler? chain)
    {
        var table = ReadTable(map);
        var titles = map.InLanguages("title", isRequired: true);
        var isKeyedByPerson = map.Any("key", isRequired: true) is YamlScalarNode { Value: PersonKey };
        XmlItemRef[] key = isKeyedByPerson
            ? []
            : [.. map.Texts("key").Select(part => tree.Require(node, part.Text, part.Node)).OfType<XmlItemRef>()];
        var unit = tree.Require(node, map.Text("unit", isRequired: true), map.At("unit"));
        var isAboutPerson = map.Any("person", isRequired: true) is not YamlScalarNode { Value: NoPerson };
        var person = isAboutPerson ? ReadPerson(map, node) : null;
        var @event = tree.Require(node, map.Text("event", isRequired: true), map.At("event"));

        var columns = new RecordColumns(tree, records, ReadStores(map), log);
        AddAbove(map, node, columns);
        columns.AddBelow(node, map.At("store"));
        var deletion = ReadDeletion(map, node, columns, out var deletionColumn);
        var contact = ReadContact(map, node, columns);
        var within = map.Text("within");
        var kept = RecordTypeCompiler.KeptColumns(null, null, contact)
            .Append(deletionColumn).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var sensitive = new SensitivePartsCompiler(classes, log).Compile(map, columns.Columns, kept);
        map.RefuseOtherKeys();
        RefuseHalves(map, key, isKeyedByPerson, person, @event);
        var keyField = key.LastOrDefault()?.Item.Field ?? person?.LocalId?.Item.Field ?? unit?.Item.Field;
        if (unit is null || @event is null || keyField is null) return null;

        return new RecordType
        {
            Table = table,
            Titles = titles,
            WireName = node.Name,
            Key = keyField,
            Event = @event.Item.Field,
            Fields = [],
            Columns = columns.Columns,
            Contact = contact,
            PersonSource = person switch
            {
                null => PersonSource.None,
                { Value: null } => PersonSource.Apart,
                _ => PersonSource.InPlace,
            },
            IsKeyedByPerson = isKeyedByPerson,
            DeletionColumn = deletionColumn,
            Within = within,
            Sensitive = sensitive,
            ChainLink = chain?.LinkOf(node, columns),
            Chained = chain?.RecordIn(node, columns),
            Xml = new XmlRecord
            {
                Node = node,
                Key = key,
                Unit = unit,
                Event = @event,
                Person = person,
                Columns = columns.Sources,
                Deletion = deletion,
            },
        };
    }

    private void RefuseHalves(
        DefinitionMap map, XmlItemRef[] key, bool isKeyedByPerson, XmlPerson? person, XmlItemRef? @event)
    {
        if (key.Length == 0 && !(isKeyedByPerson && person?.LocalId is not null))
        {
            log.Add("DEF-020", map.At("key"), "Posten har ingen nøkkel.",
                "Skriv key: [sti, sti], eller key: person for en post per person.");
        }

        if (key.Any(part => part.Item.IsIdentifier))
        {
            log.Add("DEF-015", map.At("key"), "En personidentifikator kan ikke stå i nøkkelen.",
                "Bruk lokale id-er, eller key: person.");
        }

        if (@event is not null && @event.Item.Field.Type is not (FieldType.Date or FieldType.DateTime))
        {
            log.Add("DEF-020", map.At("event"), "event skal være en dato eller et tidspunkt.",
                "Velg et annet attributt.");
        }
    }

    private string ReadTable(DefinitionMap map)
    {
        var table = map.Text("table", isRequired: true) ?? "";
        if (table.Length > 0 && !ColumnNames.IsValid(table))
        {
            log.Add("DEF-017", map.At("table"), $"«{table}» er ikke et gyldig tabellnavn.",
                "Bruk små bokstaver a–z, tall og understrek, høyst 48 tegn.");
        }

        return table;
    }

    private Dictionary<string, Store> ReadStores(DefinitionMap map)
    {
        var stores = new Dictionary<string, Store>(StringComparer.Ordinal);
        if (map.Map("store", "store") is not { } written) return stores;
        foreach (var (path, _, _) in written.Entries)
        {
            if (written.Choice(path, Stores) is { } store) stores[path] = store;
        }

        return stores;
    }

    private XmlPerson? ReadPerson(DefinitionMap map, XmlNode node)
    {
        if (map.Map("person", "personen") is not { } person) return null;
        var read = new XmlPerson(
            tree.Require(node, person.Text("localId"), person.At("localId")),
            tree.Require(node, person.Text("value"), person.At("value")),
            tree.Require(node, person.Text("kind"), person.At("kind")));
        person.RefuseOtherKeys();
        XmlItemRef?[] items = [read.LocalId, read.Value];
        foreach (var item in items.OfType<XmlItemRef>().Where(one => !one.Item.IsIdentifier))
        {
            log.Add("DEF-015", person.Node, $"«{item.Item.Field.Path}» sier hvem personen er.",
                "Skriv identifier: true på attributtet.");
        }

        return read;
    }

    // An element gives all its items; a path gives one.
    private void AddAbove(DefinitionMap map, XmlNode node, RecordColumns columns)
    {
        foreach (var (text, at) in map.Texts("with"))
        {
            var above = node.Parent;
            while (above is not null && above.Name != text) above = above.Parent;
            if (above is not null)
            {
                foreach (var item in above.Attributes) columns.AddAbove(new XmlItemRef(above, item));
            }
            else if (tree.Require(node, text, at) is { } item)
            {
                columns.AddAbove(item);
            }
        }
    }

    private XmlDeletion? ReadDeletion(DefinitionMap map, XmlNode node, RecordColumns columns, out string? column)
    {
        column = null;
        if (map.Map("deletions", "slettingene") is not { } deletion) return null;
        column = deletion.Text("column", isRequired: true);
        var name = column;
        if (name is not null && !columns.Columns.Exists(one => one.Name == name))
        {
            log.Add("DEF-025", deletion.At("column"), $"Posten har ingen kolonne «{name}».",
                "Skriv kolonnen som holder id-en det slettes etter.");
        }

        var element = NodeOf(deletion);
        var id = element is null ? null : tree.Require(element, deletion.Text("id", true), deletion.At("id"));
        var kind = element is null ? null : tree.Require(element, deletion.Text("kind"), deletion.At("kind"));
        var @is = deletion.Text("is");
        deletion.RefuseOtherKeys();
        return element is null || id is null ? null : new XmlDeletion(element, id, kind, @is);
    }

    private ContactMapping? ReadContact(DefinitionMap map, XmlNode node, RecordColumns columns)
    {
        if (map.Map("contact", "kontakten") is not { } contact) return null;
        var start = Mapped("start", isRequired: true);
        var area = Mapped("serviceArea", isRequired: true);
        var mapping = new ContactMapping(
            start ?? new MappedItem(null, ""), Mapped("end"), Mapped("unit") ?? new MappedItem("unit", null),
            area ?? new MappedItem(null, ""), Mapped("kind"), Mapped("funding"), Mapped("municipality"));
        contact.RefuseOtherKeys();
        return start is null || area is null ? null : mapping;

        MappedItem? Mapped(string key, bool isRequired = false)
        {
            if (contact.Text(key, isRequired) is not { } text) return null;
            if (!text.Contains('@') && !text.Contains('/')) return new MappedItem(null, text);
            if (tree.Require(node, text, contact.At(key)) is not { } item) return null;
            if (item.Item.Fixed is { } constant) return new MappedItem(null, constant);
            var at = columns.Sources.FindIndex(source => source.Group is null && source.Source?.Item == item.Item);
            if (at >= 0) return new MappedItem(columns.Columns[at].Name, null);
            log.Add("DEF-020", contact.At(key), $"«{text}» er ikke en kolonne i posten.",
                "Velg et attributt som er det.");
            return null;
        }
    }
}
