using System.Globalization;
using System.Text.Json.Nodes;
using Kilde.Definitions.Checks;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Checks;

/// <summary>What checks and figures have in common: the views they read, and rows of them in examples.</summary>
internal static class ViewRows
{
    private const string Repeat = "repeat";
    private const int RepeatMax = 10_000;

    /// <summary>The views that a definition reads.</summary>
    public static List<RecordView> Reads(DefinitionMap map, IReadOnlyList<RecordView> views)
    {
        var reads = new List<RecordView>();
        foreach (var (name, node) in map.Texts("reads", isRequired: true))
        {
            if (views.FirstOrDefault(view => view.Name == name) is { } view) reads.Add(view);
            else map.AddUnknownWord(node, "reads", name, views.Select(known => known.Name));
        }

        return reads;
    }

    /// <summary>
    /// Rows of a view, as they stand in an example. <c>repeat: 100</c> stands for as many, each of a person of its own.
    /// </summary>
    public static JsonArray Of(DefinitionMap example, RecordView view, MistakeLog log)
    {
        if (example.Any(view.Name) is not { } written) return [];
        string[] known = [.. RecordView.FixedColumns.Concat(view.Columns).Select(column => column.Name), Repeat];
        var rows = new JsonArray();
        foreach (var row in Objects(written, view.Name, known, log))
        {
            var times = row.Remove(Repeat, out var told) && told is JsonValue number ? number.GetValue<decimal>() : 1;
            for (var i = 0; i < Math.Min(times, RepeatMax); i++)
            {
                var copy = row.DeepClone().AsObject();
                if (row["person_key"] is JsonValue person) copy["person_key"] = person.GetValue<decimal>() + i;
                rows.Add(copy);
            }
        }

        return rows;
    }

    public static IEnumerable<JsonObject> Objects(
        YamlNode? node, string what, IReadOnlyList<string> known, MistakeLog log)
    {
        foreach (var child in (node as YamlSequenceNode)?.Children ?? [])
        {
            if (DefinitionMap.Of(child, log, $"raden i «{what}»") is not { } row) continue;
            foreach (var (key, at, _) in row.Entries.Where(entry => !known.Contains(entry.Key)))
                row.AddUnknownWord(at, what, key, known);
            yield return new JsonObject(row.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value))));
        }
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" } => null,
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" } => JsonValue.Create(true),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "false" } => JsonValue.Create(false),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when decimal.TryParse(
            scalar.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };
}
