using Kilde.Definitions.Compiling;
using Kilde.Definitions.Model;
using static System.FormattableString;

namespace Kilde.Definitions.Publishing;

/// <summary>The elements of an XML message as tables: one for each element that has attributes or texts.</summary>
internal static class DocumentedElements
{
    public static List<DocumentedObject> Of(MessageType type, XmlStructure xml) =>
    [
        .. xml.Nodes.Where(node => node.Text is null).DistinctBy(node => (node.Name, node.Titles.Nb))
            .Select(node => new DocumentedObject(
                node.Name, node.Titles, RecordOf(type, node)?.Table, null, [.. Items(node).Select(Row)])
            {
                HeldApart = RecordOf(type, node) is { } record ? SensitiveWords.Of(record) : [],
            })
            .Where(one => one.Fields.Count > 0),
    ];

    private static RecordType? RecordOf(MessageType type, XmlNode node) =>
        type.RecordTypes.FirstOrDefault(record => record.Xml?.Node.Name == node.Name);

    // Elements that only hold a text are told with the element around them.
    private static IEnumerable<(string Path, XmlItem Item)> Items(XmlNode node) =>
    [
        .. node.Attributes.Select(item => ($"/@{item.Name}", item)),
        .. node.Children.Where(child => child.Text is not null).Select(child => ($"/{child.Name}", child.Text!)),
    ];

    private static DocumentedField Row((string Path, XmlItem Item) one)
    {
        var (field, isColumn) = (one.Item.Field, one.Item.Field.InformationType is not null);
        return new DocumentedField(
            one.Path,
            0,
            one.Path.TrimStart('/', '@'),
            field.Titles,
            field.Description,
            TypeOf(one.Item),
            one.Item.IsRequired,
            field.InformationType is { } letter ? Words.Of(Words.InformationTypes, letter) : "",
            isColumn ? string.Join(", ", field.Purposes.Select(FieldWords.Of)) : null,
            field.Justification,
            field.CodeList,
            FieldWords.OnFault(field),
            field.Column);
    }

    private static string TypeOf(XmlItem item)
    {
        var field = item.Field;
        if (item.Fixed is { } only) return $"alltid {only}";
        if (field.CodeList is not null) return "kode";
        var limits = (field.Min, field.Max) switch
        {
            (null, null) => "",
            ({ } min, null) => Invariant($", minst {min}"),
            (null, { } max) => Invariant($", høyst {max}"),
            ({ } min, { } max) => Invariant($", {min}–{max}"),
        };
        return item switch
        {
            { IsCompactDate: true } => $"dato (ååååmmdd){DaysOf(item)}",
            { Type.Base: XmlBase.Date } => $"dato{DaysOf(item)}",
            { Type.Base: XmlBase.DateTime } => $"tidspunkt{DaysOf(item)}",
            { Type.Base: XmlBase.GYear } => $"år{limits}",
            { Field.Type: FieldType.Municipality } => FieldWords.TypeOf(field),
            { Type.Base: XmlBase.Boolean } => "true eller false",
            { Type.Base: XmlBase.Guid } => "GUID",
            { Type.IsWhole: true } => $"heltall{limits}",
            { Type.IsNumber: true } => $"tall{limits}",
            _ when field.Pattern is { } pattern => $"tekst etter mønsteret {PatternText.Of(pattern)}",
            _ when field.LengthMax is > 0 and < int.MaxValue => $"tekst, høyst {field.LengthMax} tegn",
            _ => "tekst",
        };
    }

    private static string DaysOf(XmlItem item) => (EndOf(item.Days?.From), EndOf(item.Days?.To)) switch
    {
        (null, null) => "",
        ({ } from, null) => $", fra {from}",
        (null, { } to) => $", til {to}",
        ({ } from, { } to) => $", fra {from} til {to}",
    };

    private static string? EndOf(XmlDay? day) => day switch
    {
        null => null,
        { Item: { Item.IsText: true } of } => of.Node.Name,
        { Item: { } of } => of.Item.Name,
        _ => $"{day.Fixed:yyyy-MM-dd}",
    };
}
