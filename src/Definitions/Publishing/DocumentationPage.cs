using Kilde.Definitions.Compiling;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Publishing;

/// <summary>One item of a message, in words a vendor and a lawyer understand. Texts in bokmål.</summary>
/// <param name="Depth">0 for what stands directly in the record, 1 for what stands in a group or list of it.</param>
/// <param name="Type">Type and limits, for example <c>tekst, 1–100 tegn</c>.</param>
/// <param name="InformationType">Letter of § 2-1; empty for groups.</param>
/// <param name="OnFault">What the register does with a fault, in one sentence.</param>
public sealed record DocumentedField(
    string Path, int Depth, string WireName, LocalizedText Titles, string? Description, string Type, bool IsRequired,
    string InformationType, string? Purposes, string? Justification, CodeList? CodeList, string OnFault,
    string? Column)
{
    /// <summary>Title in bokmål.</summary>
    public string Title => Titles.Nb;
}

/// <summary>One table of the documentation: the unit's block, or one kind of record.</summary>
public sealed record DocumentedObject(
    string WireName, LocalizedText Titles, string? Table, string? DeletionWireName,
    IReadOnlyList<DocumentedField> Fields)
{
    /// <summary>Title in bokmål.</summary>
    public string Title => Titles.Nb;

    /// <summary>What of the record is held apart, a sentence for each class.</summary>
    public IReadOnlyList<string> HeldApart { get; init; } = [];
}

/// <summary>Everything that is published about a message type, ready for a page or a file.</summary>
/// <param name="Example">A message of the type.</param>
/// <param name="Schema">JSON Schema; null for XML, whose official schemas are the authorities' own.</param>
public sealed record DocumentationPage(
    MessageType Type, string Status, string Replacement, string DataYears, IReadOnlyList<DocumentedObject> Objects,
    IReadOnlyList<CodeList> CodeLists, string Example, string? Schema)
{
    public static DocumentationPage Of(MessageType type)
    {
        var objects = type.Xml is { } xml ? DocumentedElements.Of(type, xml) : ObjectsOf(type);
        var codeLists = objects.SelectMany(one => one.Fields).Select(field => field.CodeList).OfType<CodeList>()
            .DistinctBy(list => list.Id).OrderBy(list => list.Id, StringComparer.Ordinal);
        return new DocumentationPage(
            type,
            FieldWords.Of(type.Status),
            FieldWords.Of(type.Replacement),
            FieldWords.DataYearsOf(type),
            objects,
            [.. codeLists],
            type.Format == WireFormat.Json ? ExampleMessage.Of(type) : ExampleXml.Of(type),
            type.Format == WireFormat.Json ? JsonSchema.Of(type) : null);
    }

    private static List<DocumentedObject> ObjectsOf(MessageType type) =>
    [
        new(
            "", new LocalizedText("Enhetsblokken", "Einingsblokka", "The unit's block"), null, null,
            [.. type.UnitFields.SelectMany(Rows)]),
        .. type.RecordTypes.Select(record => new DocumentedObject(
            record.WireName, record.Titles, record.Table, record.DeletionWireName,
            [.. record.Fields.SelectMany(Rows)])
        {
            HeldApart = SensitiveWords.Of(record),
        }),
    ];

    private static IEnumerable<DocumentedField> Rows(Field field) =>
        field.Fields.SelectMany(Rows).Prepend(Row(field));

    private static DocumentedField Row(Field field) => new(
        field.Path,
        field.Path.Count(letter => letter == '/') - 1,
        field.WireName,
        field.Titles,
        field.Description,
        FieldWords.TypeOf(field),
        field.IsRequired,
        field.InformationType is { } letter && field.Fields.Count == 0
            ? Words.Of(Words.InformationTypes, letter)
            : "",
        field.Fields.Count == 0 ? string.Join(", ", field.Purposes.Select(FieldWords.Of)) : null,
        field.Justification,
        field.CodeList,
        FieldWords.OnFault(field),
        field.Column);
}
