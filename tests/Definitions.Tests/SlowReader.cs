using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Tests;

/// <summary>
/// The same message read slowly and obviously: a tree in memory, one look-up for each value. What it gives is compared
/// with what the reader gives.
/// </summary>
internal static class SlowReader
{
    private static readonly TimeZoneInfo Oslo = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");

    /// <summary>Every record as column name → value in text; null where there is none.</summary>
    public static List<Dictionary<string, string?>> Read(JsonArray message, RecordType record)
    {
        var rows = new List<Dictionary<string, string?>>();
        foreach (var unit in message.OfType<JsonObject>())
        {
            foreach (var item in (unit[record.WireName] as JsonArray ?? []).OfType<JsonObject>())
            {
                var row = new Dictionary<string, string?>
                {
                    ["(key)"] = (string?)item[record.Key.WireName],
                    ["(unit)"] = unit["orgNr"]!.ToString(),
                };
                foreach (var column in record.Columns)
                {
                    row[column.Name] = Value(column.IsOfUnit ? unit : item, column);
                }

                rows.Add(row);
            }
        }

        return rows;
    }

    private static string? Value(JsonObject from, RecordColumn column)
    {
        var names = column.WirePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        JsonNode? node = from;
        for (var i = 0; i < names.Length; i++)
        {
            if (node is JsonArray elements)
            {
                var values = elements.Select(element => Scalar(element![names[i]]!, column.Field)).ToList();
                return values.Count == 0 ? null : string.Join(',', values);
            }

            node = node?[names[i]];
        }

        if (node is null) return null;
        return column.Kind == ColumnKind.Json ? Json((JsonArray)node, column.Field) : Scalar(node, column.Field);
    }

    private static string? Json(JsonArray elements, Field list)
    {
        if (elements.Count == 0) return null;
        return "[" + string.Join(',', elements.Select(element => "{" + string.Join(',', list.Fields
            .Where(field => element![field.WireName] is not null)
            .Select(field => $"\"{field.WireName}\":" + (field.Type == FieldType.HprNumber
                ? Scalar(element![field.WireName]!, field)
                : JsonSerializer.Serialize(Scalar(element![field.WireName]!, field)))))
            + "}")) + "]";
    }

    private static string Scalar(JsonNode node, Field field)
    {
        var text = node.ToString();
        return field.Type switch
        {
            FieldType.Municipality => text.PadLeft(4, '0'),
            FieldType.HprNumber => text.TrimStart('0'),
            FieldType.Decimal => decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0.######"),
            FieldType.Date => text,
            FieldType.DateTime => Instant(text),
            _ => text,
        };
    }

    public static string Instant(string text)
    {
        var hasZone = text.EndsWith('Z') || text[^6] is '+' or '-';
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if (!hasZone)
        {
            var local = DateTime.SpecifyKind(time.UtcDateTime, DateTimeKind.Unspecified);
            time = new DateTimeOffset(local, Oslo.GetUtcOffset(local));
        }

        return new DateTimeOffset(time.UtcTicks - (time.UtcTicks % 10), TimeSpan.Zero).ToString("O");
    }
}
