using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kilde.Synthetic;

/// <summary>Puts one error into a sound message and says where.</summary>
internal static class ErrorSeeding
{
    private const int ImpossibleYear = 3015;
    private const string UnknownCode = "99X";

    /// <summary>The message with an error, or as it was when the drawn error has no place in it.</summary>
    public static (byte[] Json, IReadOnlyList<SeededError> Seeded) Apply(
        byte[] json, Shape shape, ErrorMix mix, ref Chance chance)
    {
        if (!chance.Happens(mix.Share) || mix.Weights.Count == 0) return (json, []);
        var kind = Draw(mix, ref chance);
        if (kind == ErrorKind.Truncated)
            return (json[..(json.Length / 4 + chance.Below(json.Length / 2))], [new SeededError(kind, "")]);

        var root = JsonNode.Parse(json)!;
        var records = (JsonArray)root[0]![shape.Records]!;
        var at = records.Count == 0 ? -1 : chance.Below(records.Count);
        var path = kind == ErrorKind.WrongUnit ? BreakUnit(root[0]!) :
            at < 0 ? null : Break(kind, (JsonObject)records[at]!, records, at, shape, ref chance);
        return path is null ? (json, []) : (JsonSerializer.SerializeToUtf8Bytes(root), [new SeededError(kind, path)]);
    }

    private static ErrorKind Draw(ErrorMix mix, ref Chance chance)
    {
        var left = chance.Below(mix.Weights.Values.Sum());
        foreach (var (kind, weight) in mix.Weights.OrderBy(pair => pair.Key))
            if ((left -= weight) < 0) return kind;
        throw new ArgumentException("The weights of an error mix must be positive.", nameof(mix));
    }

    private static string? Break(
        ErrorKind kind, JsonObject record, JsonArray records, int at, Shape shape, ref Chance chance)
    {
        var path = $"/0/{shape.Records}/{at}";
        switch (kind)
        {
            case ErrorKind.WrongIdentifier:
                return BreakIdentifier(record, path, ref chance);
            case ErrorKind.UnknownCode:
                return Replace(record, path, shape.Code, UnknownCode);
            case ErrorKind.MissingRequired:
                record.Remove(shape.Key);
                return path;
            case ErrorKind.ImpossibleYear:
                var written = (string)record[shape.Time]!;
                return Replace(record, path, shape.Time, $"{ImpossibleYear}{written[4..]}");
            case ErrorKind.DuplicateKey:
                records.Add(record.DeepClone());
                return $"/0/{shape.Records}/{records.Count - 1}/{shape.Key}";
            case ErrorKind.UnmappedLocalCode when shape.LocalCode is { } local:
                record.Remove(shape.Code);
                record[local] = "Ekstra kontroll, hørsel";
                return $"{path}/{shape.Code}";
            case ErrorKind.WrongType:
                record[shape.Time] = true;
                return $"{path}/{shape.Time}";
            default:
                return null;
        }
    }

    private static string Replace(JsonObject record, string path, string name, JsonNode value)
    {
        record[name] = value;
        return $"{path}/{name}";
    }

    // One digit further: any single wrong digit breaks a control digit. The first three keep the synthetic marker.
    private static string? BreakIdentifier(JsonObject record, string path, ref Chance chance)
    {
        if (record["person"]?["fodselsNr"] is not JsonValue value) return null;
        var isText = value.GetValueKind() == JsonValueKind.String;
        var digits = new StringBuilder((isText ? value.GetValue<string>() : value.ToJsonString()).PadLeft(11, '0'));
        var place = chance.Between(6, 10);
        digits[place] = (char)('0' + ((digits[place] - '0' + 1) % 10));
        record["person"]!["fodselsNr"] =
            isText ? digits.ToString() : long.Parse(digits.ToString(), provider: null);
        return $"{path}/person/fodselsNr";
    }

    private static string BreakUnit(JsonNode block)
    {
        var number = block["orgNr"]!.GetValue<long>();
        block["orgNr"] = number % 10 == 9 ? number - 1 : number + 1;
        return "/0/orgNr";
    }
}
