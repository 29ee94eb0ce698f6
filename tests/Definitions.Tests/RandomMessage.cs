using System.Globalization;
using System.Text.Json.Nodes;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Tests;

/// <summary>
/// Sound messages of any type, made from nothing but its fields; the same seed gives the same message.
/// </summary>
internal sealed class RandomMessage(MessageType type, int seed)
{
    private static readonly string[] Persons = ["14837574944", "01810149732", "01810149813", "14837550069"];

    private uint _state = unchecked(((uint)seed * 2654435761u) | 1);
    private int _ids;

    /// <summary>0 up to, not including, <paramref name="limit"/>.</summary>
    public int Next(int limit)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)limit);
    }

    public JsonArray Make()
    {
        var units = new JsonArray();
        for (var i = 1 + Next(3); i > 0; i--)
        {
            var unit = Object(type.UnitFields);
            foreach (var record in type.RecordTypes)
            {
                if (Next(3) == 0) unit[record.DeletionWireName!] = new JsonArray(Deletion(record), Deletion(record));
                var records = new JsonArray();
                for (var j = Next(5); j > 0; j--) records.Add(Object(record.Fields));
                unit[record.WireName] = records;
            }

            units.Add(Shuffled(unit));
        }

        return units;
    }

    private JsonObject Deletion(RecordType record) => new()
    {
        [record.Key.WireName] = $"gone-{_ids++}",
        ["erSlettet"] = Next(2) == 0,
    };

    public JsonObject Object(IReadOnlyList<Field> fields)
    {
        var values = new JsonObject();
        foreach (var field in fields)
        {
            var isAbsent = !field.IsRequired && Next(3) == 0;
            if (!isAbsent) values[field.WireName] = Value(field);
            else if (Next(4) == 0) values[field.WireName] = null;
        }

        return Next(4) == 0 ? Shuffled(values) : values;
    }

    private JsonObject Shuffled(JsonObject values)
    {
        var items = values.ToList();
        values.Clear();
        while (items.Count > 0)
        {
            var at = Next(items.Count);
            values[items[at].Key] = items[at].Value;
            items.RemoveAt(at);
        }

        return values;
    }

    private JsonNode Value(Field field) => field.Type switch
    {
        FieldType.Text or FieldType.LocalPersonId => Text(field),
        FieldType.Code => Code(field),
        FieldType.Integer => (long)field.Min! + Next((int)(field.Max! - field.Min!).Value + 1),
        FieldType.Decimal => Number(field),
        FieldType.Boolean => Next(2) == 0,
        FieldType.Date => Day(),
        FieldType.DateTime => field.Role == FieldRole.ContactEnd ? $"2026-03-05T10:00:00Z" : Time(),
        FieldType.OrganizationNumber => Next(2) == 0 ? 310211036 : "312701103",
        FieldType.Municipality => Next(2) == 0 ? 301 : "0301",
        FieldType.UrbanDistrict => "030112",
        FieldType.HprNumber => Next(2) == 0 ? 1 + Next(9_999_999) : $"{1 + Next(9_999_999):D9}",
        FieldType.Fodselsnummer => Next(2) == 0 ? Persons[Next(4)] : long.Parse(Persons[Next(4)]),
        FieldType.DNumber => "41810149998",
        FieldType.DufNumber or FieldType.SharedHelpNumber or FieldType.HNumber => null!,
        FieldType.List => new JsonArray([.. Enumerable.Range(0, Next(4)).Select(_ => (JsonNode)Object(field.Fields))]),
        _ => Object(field.Fields),
    };

    private string Text(Field field)
    {
        if (field.Role == FieldRole.Key) return $"K-{_ids++}";
        string[] samples = ["A", "Æøå \"sitat\" \\ /~", "avdeling\u20AC", "𝒳 y", "x-1"];
        return samples[Next(samples.Length)];
    }

    private JsonNode Code(Field field)
    {
        var code = field.CodeList!.Codes[Next(field.CodeList.Codes.Count)].Value.Value;
        return field.Wire == WireValue.Number ? long.Parse(code) : code;
    }

    private JsonValue Number(Field field)
    {
        var span = (int)((field.Max! - field.Min!).Value * 10);
        return JsonValue.Create(field.Min!.Value + (Next(span + 1) / 10m));
    }

    private string Day() => new DateOnly(2026, 1, 1).AddDays(Next(60)).ToString("O");

    private string Time()
    {
        var local = new DateTime(2026, 1, 1).AddMinutes(Next(60 * 24 * 60)).AddTicks(Next(10_000_000));
        return Next(3) switch
        {
            0 => local.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture) + "+01:00",
            1 => local.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            _ => local.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture) + "Z",
        };
    }
}
