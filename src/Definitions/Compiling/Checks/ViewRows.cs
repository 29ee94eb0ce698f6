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

    /// <summary>The examples of a definition: rows of the views it reads, and the rows that come of them.</summary>
    /// <param name="outcome">The key they stand under.</param>
    /// <param name="columns">What such a row may hold.</param>
    public static List<T> Examples<T>(
        DefinitionMap map,
        IReadOnlyList<RecordView> reads,
        string outcome,
        IReadOnlyList<string> columns,
        Func<string, IReadOnlyDictionary<string, JsonArray>, IReadOnlyList<JsonObject>, T> make,
        MistakeLog log)
    {
        var examples = new List<T>();
        if (map.Any("examples", isRequired: true) is not YamlSequenceNode list) return examples;
        foreach (var node in list.Children)
        {
            if (DefinitionMap.Of(node, log, "eksempelet") is not { } example) continue;
            var title = example.Text("title", isRequired: true) ?? "";
            var rows = reads.ToDictionary(view => view.Name, view => Of(example, view, log), StringComparer.Ordinal);
            var outcomes = Objects(example.Any(outcome, isRequired: true), outcome, columns, log);
            example.RefuseOtherKeys();
            examples.Add(make(title, rows, [.. outcomes]));
        }

        return examples;
    }

    /// <summary>
    /// Rows of a view, as they stand in an example. <c>repeat: 100</c> stands for as many, each of a person of its own.
    /// </summary>
    private static JsonArray Of(DefinitionMap example, RecordView view, MistakeLog log)
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

    private static IEnumerable<JsonObject> Objects(
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
