using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kilde.Definitions.Compiling;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Definitions.Publishing;

/// <summary>
/// The JSON Schema (2020-12) of a message type, for vendors. It says the structure; validity by date, control
/// digits and
/// order of times are told in the documentation and by the validation service.
/// </summary>
public static class JsonSchema
{
    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private const string Day = "[0-9]{4}-[0-9]{2}-[0-9]{2}";

    private const string Zone = "(Z|[+-][0-9]{2}:[0-9]{2})?";

    private const string Time = $"{Day}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\\.[0-9]{{1,9}})?)?{Zone}";

    internal static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(MessageType type)
    {
        var schema = new JsonObject
        {
            ["$schema"] = Dialect,
            ["$id"] = $"urn:kilde:message:{type.Name}:{type.Version}",
            ["title"] = type.Title,
            ["description"] = type.Description,
            ["type"] = "array",
            ["items"] = Unit(type),
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Unit(MessageType type)
    {
        var properties = new JsonObject();
        foreach (var field in type.UnitFields) properties[field.WireName] = Property(field);
        foreach (var record in type.RecordTypes)
        {
            if (record.DeletionWireName is { } deletions) properties[deletions] = Deletions(record);
            properties[record.WireName] = new JsonObject
            {
                ["title"] = record.Title,
                ["type"] = new JsonArray("array", "null"),
                ["items"] = Object(record.Fields),
            };
        }

        return ObjectOf(properties, type.UnitFields);
    }

    private static JsonObject Deletions(RecordType record) => new()
    {
        ["title"] = $"Slettet hos avsenderen: {record.Title}",
        ["type"] = new JsonArray("array", "null"),
        ["items"] = Object([record.Key, DeletionFlag.Field]),
    };

    private static JsonObject Object(IReadOnlyList<Field> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields) properties[field.WireName] = Property(field);
        return ObjectOf(properties, fields);
    }

    private static JsonObject ObjectOf(JsonObject properties, IReadOnlyList<Field> fields)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        var required = fields.Where(field => field.IsRequired).Select(field => (JsonNode)field.WireName).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject Property(Field field)
    {
        var schema = field.Type switch
        {
            FieldType.Group or FieldType.Person => Object(field.Fields),
            FieldType.List => new JsonObject
            {
                ["type"] = "array",
                ["maxItems"] = field.ItemsMax,
                ["items"] = Object(field.Fields),
            },
            FieldType.Code => Codes(field),
            FieldType.Text or FieldType.LocalPersonId => Text(field),
            FieldType.Integer or FieldType.Decimal => Number(field),
            FieldType.Boolean => new JsonObject { ["type"] = "boolean" },
            FieldType.Date => Pattern($"^({Day}|{Time})$"),
            FieldType.DateTime => Pattern($"^{Time}$"),
            _ => Digits(field),
        };
        if (!field.IsRequired) AllowNull(schema);

        var described = new JsonObject { ["title"] = field.Titles.Nb };
        if (field.Description is { } description) described["description"] = description;
        foreach (var (key, value) in schema.ToList())
        {
            schema.Remove(key);
            described[key] = value;
        }

        if (field.InformationType is { } letter)
        {
            described["x-opplysningstype"] = Words.Of(Words.InformationTypes, letter);
        }

        return described;
    }

    private static JsonObject Codes(Field field)
    {
        var codes = field.CodeList!.Codes.Select(code => code.Value.Value).ToList();
        var values = new List<JsonNode?>();
        if (field.Wire != WireValue.Number) values.AddRange(codes.Select(code => (JsonNode?)code));
        if (field.Wire != WireValue.Text)
        {
            values.AddRange(codes
                .Where(code => long.TryParse(code, out _))
                .Select(code => (JsonNode?)long.Parse(code)));
        }

        return new JsonObject
        {
            ["enum"] = new JsonArray([.. values]),
            ["x-kodeverk"] = field.CodeList.Oid ?? field.CodeList.Id,
        };
    }

    private static JsonObject Text(Field field)
    {
        var schema = new JsonObject
        {
            ["type"] = TypeOf(field, "string", "number"),
            ["minLength"] = field.LengthMin,
            ["maxLength"] = field.LengthMax,
        };
        if (field.Pattern is { } pattern) schema["pattern"] = PatternText.Of(pattern);
        return schema;
    }

    private static JsonObject Number(Field field) => new()
    {
        ["type"] = TypeOf(field, "string", field.Type == FieldType.Integer ? "integer" : "number"),
        ["minimum"] = field.Min,
        ["maximum"] = field.Max,
    };

    private static JsonObject Digits(Field field)
    {
        var schema = new JsonObject { ["type"] = TypeOf(field, "string", "integer") };
        schema["pattern"] = field.Type switch
        {
            FieldType.OrganizationNumber => "^[0-9]{9}$",
            FieldType.Municipality => "^[0-9]{4}$",
            FieldType.UrbanDistrict => "^([0-9]{2}|[0-9]{6})$",
            FieldType.HprNumber => "^[0-9]{1,9}$",
            FieldType.DufNumber => "^[0-9]{12}$",
            _ => "^[0-9]{11}$",
        };
        return schema;
    }

    private static JsonNode TypeOf(Field field, string text, string number) => field.Wire switch
    {
        WireValue.Text => text,
        WireValue.Number => number,
        _ => new JsonArray(text, number),
    };

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    // The reader takes null for what is optional as if it were not there.
    private static void AllowNull(JsonObject schema)
    {
        if (schema["enum"] is JsonArray codes) codes.Add(null);
        else if (schema["type"] is JsonArray types) types.Add("null");
        else if (schema["type"] is { } type) schema["type"] = new JsonArray(type.GetValue<string>(), "null");
    }
}
