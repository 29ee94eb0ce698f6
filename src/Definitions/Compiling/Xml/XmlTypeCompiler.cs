using Kilde.Definitions.Model;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>Compiles what an XML definition says beside the head that all formats share.</summary>
internal static class XmlTypeCompiler
{
    private static readonly string[] EnvelopeItems =
    [
        "kind", "from", "to", "extractedOn", "extractedAt", "vendor", "system", "systemVersion", "extractorVersion",
        "serial", "localId",
    ];

    /// <summary>Null when there is no root to read from.</summary>
    public static (XmlStructure Structure, IReadOnlyList<RecordType> Records)? Compile(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists,
        IReadOnlyDictionary<string, SensitiveClass> classes, MistakeLog log)
    {
        var ns = map.Text("namespace", isRequired: true) ?? "";
        var root = map.Text("root", isRequired: true) ?? "";
        var ground = ItemCompiler.ReadGround(map, new LegalGround(null, [], null), isIdentifier: false);
        var scope = new ItemScope(log, codeLists, new SimpleTypeCompiler(map.Map("types", "typene"), log), ground);
        var shapes = map.Map("elements", "elementene", isRequired: true) is { } elements
            ? ElementCompiler.CompileAll(elements, scope)
            : [];
        var tree = new NodeTree(shapes, log).WithDefaultDay(map.Text("codeValidOn"));
        var envelope = map.Map("envelope", "konvolutten");
        var records = map.Map("records", "posttypene");
        var identities = map.Map("identities", "identitetene");
        if (records is null && identities is null)
        {
            log.Add("DEF-002", map.Node, "Meldingen har verken poster eller identiteter.",
                "Beskriv records eller identities.");
        }

        if (shapes.Count == 0 || tree.Grow(root, map.At("root")) is not { } node) return null;
        var compiler = new XmlRecordCompiler(tree, classes, log);
        var structure = new XmlStructure
        {
            Namespace = ns,
            Root = node,
            Nodes = tree.Nodes,
            Envelope = ReadEnvelope(envelope, node, tree, log),
            Identities = compiler.CompileIdentities(identities),
        };
        return (structure, compiler.CompileAll(records));
    }

    private static EnvelopeMap ReadEnvelope(DefinitionMap? map, XmlNode root, NodeTree tree, MistakeLog log)
    {
        if (map is null) return new EnvelopeMap();
        var items = new Dictionary<string, XmlItemRef>(StringComparer.Ordinal);
        foreach (var name in EnvelopeItems)
        {
            if (tree.Require(root, map.Text(name), map.At(name)) is { } item) items[name] = item;
        }

        var share = ReadShare(map.Map("share", "delen"), root, items.GetValueOrDefault("from"), tree, log);
        if (share is not null) items["share"] = share.Item;
        var contacts = ReadContacts(map.Map("contacts", "kontaktpersonene"), tree, log);
        map.RefuseOtherKeys();
        return new EnvelopeMap { Items = items, Contacts = contacts, Share = share };
    }

    // What a file replaces must be known before its first record, and the period is.
    private static ShareMap? ReadShare(
        DefinitionMap? map, XmlNode root, XmlItemRef? from, NodeTree tree, MistakeLog log)
    {
        if (map is null) return null;
        var item = tree.Require(root, map.Text("item", isRequired: true), map.At("item"));
        if (item is not null && item.Node != from?.Node && item.Node.Parent != from?.Node.Parent)
        {
            log.Add("DEF-025", map.At("item"), "Delen står ikke ved siden av perioden.",
                "Velg det som står i samme element som from.");
        }

        var share = item is null ? null : new ShareMap(item, map.Text("none"));
        map.RefuseOtherKeys();
        return share;
    }

    private static ContactMap? ReadContacts(DefinitionMap? map, NodeTree tree, MistakeLog log)
    {
        if (map?.Text("element", isRequired: true) is not { } element) return null;
        var nodes = tree.Find(element);
        if (nodes is not [{ IsContactPerson: true } node])
        {
            log.Add("DEF-025", map.At("element"), $"«{element}» er ikke ett element med contactPerson: true.",
                "Skriv elementet som beskriver kontaktpersonene.");
            return null;
        }

        var type = tree.Require(node, map.Text("type", isRequired: true), map.At("type"));
        var contacts = new ContactMap(
            node, type!, tree.Require(node, map.Text("name"), map.At("name")),
            tree.Require(node, map.Text("phone"), map.At("phone")),
            [.. map.Texts("email").Select(email => tree.Require(node, email.Text, email.Node)).OfType<XmlItemRef>()]);
        map.RefuseOtherKeys();
        return type is null ? null : contacts;
    }
}
