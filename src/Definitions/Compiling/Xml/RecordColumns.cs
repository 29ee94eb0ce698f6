using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Xml;

/// <summary>How what stands below a record is kept.</summary>
internal enum Store
{
    Json = 1,

    /// <summary>Json kept as text: half the cost to write, and dearer to look into.</summary>
    JsonText,
    Arrays,
    None,
}

/// <summary>
/// Finds the columns of one record: everything below its element, unless the definition says otherwise.
/// </summary>
internal sealed class RecordColumns(
    NodeTree tree, IReadOnlySet<XmlNode> records, IReadOnlyDictionary<string, Store> stores, MistakeLog log)
{
    /// <summary>In <c>store</c>: all that is repeated and not named.</summary>
    private const string TheRest = "*";

    private const int JustificationCharactersMin = 20;

    private readonly HashSet<string> _usedStores = new(StringComparer.Ordinal);

    public List<RecordColumn> Columns { get; } = [];

    public List<XmlColumn> Sources { get; } = [];

    public void AddBelow(XmlNode record, YamlNode at)
    {
        AddItems(record, "", isOfRecord: true);
        foreach (var child in record.Children) AddChild(child, child.Name);
        if (stores.GetValueOrDefault(TheRest, Store.Json) is not (Store.Json or Store.JsonText))
        {
            log.Add("DEF-025", at, "store: «*» kan bare være json eller jsonText.",
                "Nevn hvert element som skal være arrays eller none.");
        }

        foreach (var unused in stores.Keys.Except(_usedStores).Where(path => path != TheRest))
        {
            log.Add("DEF-025", at, $"store: «{unused}» er ikke et element under posten.",
                "Skriv stien fra posten, for eksempel Tjeneste eller Kontakt/Takst.");
        }
    }

    /// <summary>Items of an element above the record.</summary>
    public void AddAbove(XmlItemRef item) =>
        Add(item, $"{item.Node.Name}/{item.Item.Name}", item.Item.Field.Type, isInList: false, null);

    private void AddItems(XmlNode node, string path, bool isOfRecord)
    {
        foreach (var item in node.Attributes)
        {
            var name = isOfRecord ? item.Name : $"{path}/{item.Name}";
            Add(new XmlItemRef(node, item), name, item.Field.Type, isInList: false, null);
        }

        if (node.Text is { } text)
            Add(new XmlItemRef(node, text), path.Length > 0 ? path : node.Name, text.Field.Type, isInList: false, null);
    }

    private void AddChild(XmlNode child, string path)
    {
        if (records.Contains(child)) return;
        if (child.IsContactPerson)
        {
            log.Add("DEF-013", tree.ShapeOf(child).At, "Kontaktpersoner kan ikke stå i en post.",
                "De er opplysninger om innsendingen, ikke om pasienten.");
            return;
        }

        var isGiven = stores.TryGetValue(path, out var store);
        if (isGiven) _usedStores.Add(path);
        if (store == Store.None && isGiven) return;
        if (store != Store.Arrays && !isGiven && NodeTree.MaxOf(child) == 1)
        {
            AddItems(child, path, isOfRecord: false);
            foreach (var below in child.Children) AddChild(below, $"{path}/{below.Name}");
            return;
        }

        RefuseRecordsBelow(child);
        if (store == Store.Arrays) AddArrays(child, child, path);
        else AddJson(child, path, isGiven ? store : stores.GetValueOrDefault(TheRest));
    }

    private void AddJson(XmlNode group, string path, Store store)
    {
        var fields = new List<Field>();
        Collect(group, fields);
        if (fields.Count == 0) return;
        var field = new Field
        {
            WireName = group.Name,
            Path = group.Path,
            Type = FieldType.List,
            Titles = group.Titles,
            InformationType = fields.Max(field => field.InformationType),
            Purposes = [.. fields.SelectMany(field => field.Purposes).Distinct()],
            Justification = fields[0].Justification,
            Fields = fields,
            OnFault = fields[0].OnFault,
            Example = "",
        };
        var name = ColumnNames.Of(path);
        Columns.Add(new RecordColumn(
            name, ColumnKind.Json, $"/{path}", field.InformationType ?? InformationType.C, group.Titles)
        { Field = field, IsJsonText = store == Store.JsonText });
        Sources.Add(new XmlColumn(null, group));
    }

    private void Collect(XmlNode node, List<Field> fields)
    {
        foreach (var item in node.Attributes.Concat(node.Text is null ? [] : [node.Text]))
        {
            if (IsTaken(node, item)) fields.Add(item.Field);
        }

        foreach (var child in node.Children) Collect(child, fields);
    }

    private void AddArrays(XmlNode node, XmlNode group, string path)
    {
        foreach (var item in node.Attributes)
            Add(new XmlItemRef(node, item), $"{path}/{item.Name}", item.Field.Type, isInList: true, group);
        if (node.Text is { } text)
            Add(new XmlItemRef(node, text), path, text.Field.Type, isInList: true, group);
        if (node.Children.Count(child => NodeTree.MaxOf(child) != 1) > 1)
        {
            log.Add("DEF-023", tree.ShapeOf(node).At, $"«{node.Name}» har flere gjentatte barn og kan ikke bli arrays.",
                "Skriv store: json.");
        }

        foreach (var child in node.Children) AddArrays(child, group, $"{path}/{child.Name}");
    }

    private void RefuseRecordsBelow(XmlNode node)
    {
        foreach (var child in node.Children)
        {
            if (records.Contains(child))
            {
                log.Add("DEF-023", tree.ShapeOf(child).At, $"Posten «{child.Name}» står i «{node.Name}», som gjentas.",
                    "Gjør det ytre elementet til en post, eller la det indre være en del av det.");
            }

            RefuseRecordsBelow(child);
        }
    }

    private void Add(XmlItemRef source, string path, FieldType type, bool isInList, XmlNode? group)
    {
        var shape = tree.ShapeOf(source.Item);
        if (!IsTaken(source.Node, source.Item)) return;
        var field = source.Item.Field;
        var name = shape.Column ?? ColumnNames.Of(path);
        if (!ColumnNames.IsValid(name))
        {
            log.Add("DEF-017", shape.At, $"«{path}» gir kolonnenavnet «{name}», som ikke kan brukes.",
                "Gi attributtet et navn med column: små bokstaver a–z, tall og understrek, høyst 48 tegn.");
        }
        else if (Columns.Exists(column => column.Name == name))
        {
            log.Add("DEF-017", shape.At, $"Flere attributter gir kolonnen «{name}».",
                "Gi ett av dem et navn med column.");
        }

        Columns.Add(new RecordColumn(
            name, KindOf(type, isInList, source.Item.IsRequired), $"/{path}",
            field.InformationType ?? InformationType.C, field.Titles)
        { Field = field });
        Sources.Add(new XmlColumn(source, group));
    }

    private bool IsTaken(XmlNode node, XmlItem item)
    {
        var shape = tree.ShapeOf(item);
        if (item.IsIdentifier || !shape.IsKept || item.Fixed is not null) return false;
        PersonWords.Refuse(item.IsText ? node.Name : item.Name, shape.At, item.Field.Type, shape.Use, log);
        RefuseWithoutGround(shape);
        if (shape.FieldType != FieldType.Text || shape.Use != TextUse.None || shape.Pattern is not null
            || shape.Type.Base == XmlBase.Guid || shape.Type.Values is not null) return true;
        log.Add("DEF-014", shape.At,
            "En tekst uten kodeverk, mønster eller bruk er fritekst, og det tar ikke registeret.",
            "Oppgi codeList, pattern eller use (localId, localName, localCode), eller skriv column: none.");
        return true;
    }

    private void RefuseWithoutGround(ItemShape shape)
    {
        if (shape.Titles.Nb.Length == 0)
            log.Add("DEF-002", shape.At, "«title» mangler i attributtet.", "Legg til linjen «title: …».");
        if (shape.Ground.InformationType is null)
            log.Add("DEF-010", shape.At, "Attributtet har ingen opplysningstype.", "Legg til «informationType:».");
        else if (shape.Ground.InformationType == InformationType.A)
            log.Add("DEF-015", shape.At, "Et felt med opplysningstype a kan ikke være en kolonne i registeret.",
                "Skriv identifier: true; da går det til identitetshvelvet.");
        if (!(shape.Ground.Justification?.Length >= JustificationCharactersMin))
            log.Add("DEF-011", shape.At, "Attributtet har ingen begrunnelse, eller den er for kort.",
                $"Skriv «justification:», her eller i elementet; minst {JustificationCharactersMin} tegn.");
        if (!shape.Ground.Purposes.Any(purpose => purpose <= Purpose.Evaluation))
            log.Add("DEF-012", shape.At, "Attributtet viser ikke til registerets hovedformål.",
                "Skriv minst ett av planning, steering, financing og evaluation i «purposes:».");
    }

    // An array holds no null numbers, so a number that may be missing is kept as text.
    private static ColumnKind KindOf(FieldType type, bool isInList, bool isRequired)
    {
        if (isInList) return type == FieldType.Integer && isRequired ? ColumnKind.IntegerArray : ColumnKind.TextArray;
        return ColumnKinds.Of(type);
    }
}
