using System.Text;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Definitions.Tests;

/// <summary>The repository's own definitions, and messages of them.</summary>
internal static class Kit
{
    public static readonly DateOnly ReceivedOn = new(2026, 3, 10);

    public static readonly ReadOptions Options = new(PersonIdentifierPolicy.Test, ReceivedOn);

    public static DefinitionCatalogue Catalogue { get; } = RepositoryDefinitions.Catalogue;

    public static MessageReader Consultations { get; } = Catalogue.FindReader("HST_Konsultasjon", "1")!;

    public static MessageReader Appointments { get; } = Catalogue.FindReader("HST_Avtale", "1")!;

    public static MessageReader Basics { get; } = Catalogue.FindReader("Basismelding", "1")!;

    /// <summary>A sound consultation; the one property changed, added or (null) taken away, as JSON text.</summary>
    public static string Consultation(string? change = null, string? to = null)
    {
        var items = new Dictionary<string, string>
        {
            ["konsultasjonId"] = "\"K-1\"",
            ["datoTid"] = "\"2026-03-02T09:15:00+01:00\"",
            ["person"] = """{"personId":"P-1","fodselsNr":1810149732}""",
        };
        if (change is not null && to is null) items.Remove(change);
        else if (change is not null) items[change] = to!;
        return $"{{{string.Join(',', items.Select(item => $"\"{item.Key}\":{item.Value}"))}}}";
    }

    public static string Block(params string[] records) =>
        $$"""[{"orgNr":310211036,"kommuneNr":301,"konsultasjon":[{{string.Join(',', records)}}]}]""";

    public static MessageContent Read(this MessageReader reader, string json) =>
        reader.Read(Encoding.UTF8.GetBytes(json), Options);

    public static string[] Told(this MessageContent content) =>
        [.. content.Findings.Select(finding => $"{finding.RuleId} {finding.Path}")];

    public static T[] Column<T>(this RecordBatch batch, string name) =>
        [.. ((ColumnVector<T>)batch.Vector(name)).Values];

    public static ColumnVector Vector(this RecordBatch batch, string name) =>
        batch.Columns[batch.Type.Columns.ToList().FindIndex(column => column.Name == name)];
}
