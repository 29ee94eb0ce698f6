using System.Text.Json.Nodes;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Definitions.Publishing;

/// <summary>A small message that shows every item of a type and is accepted by it in a test environment.</summary>
public static class ExampleMessage
{
    public static string Of(MessageType type)
    {
        var unit = new JsonObject();
        foreach (var field in type.UnitFields) unit[field.WireName] = Value(field);
        foreach (var record in type.RecordTypes)
        {
            if (record.DeletionWireName is { } deletions) unit[deletions] = new JsonArray(Deletion(record));
            unit[record.WireName] = new JsonArray(Object(record.Fields));
        }

        return new JsonArray(unit).ToJsonString(JsonSchema.Readable) + "\n";
    }

    private static JsonObject Deletion(RecordType record) => new()
    {
        [record.Key.WireName] = $"{record.Key.Example}X",
        [DeletionFlag.WireName] = true,
    };

    private static JsonObject Object(IReadOnlyList<Field> fields)
    {
        var values = new JsonObject();
        foreach (var field in fields.Where(field => field.Example.Length > 0 || field.Fields.Count > 0))
        {
            values[field.WireName] = Value(field);
        }

        return values;
    }

    private static JsonNode Value(Field field) => field.Type switch
    {
        FieldType.Group or FieldType.Person => Object(field.Fields),
        FieldType.List => new JsonArray(Object(field.Fields)),
        FieldType.Boolean => field.Example == "true",
        _ when field.Wire == WireValue.Number => JsonNode.Parse(field.Example)!,
        _ => field.Example,
    };
}
