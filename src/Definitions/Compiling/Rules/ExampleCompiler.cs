using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Rules;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Rules;

/// <summary>Makes a batch of one row of an example in a rule file.</summary>
internal sealed class ExampleCompiler(CodeSystemCatalogue systems, MistakeLog log)
{
    private const string Before = "before";
    private const string Codes = "codes";
    private const string Contacts = "contacts";
    private const string Described = "described";
    private const string Number = "number";

    // The records of an example are one person's.
    private static readonly RowPerson Somebody = new(default, null, "1");

    public RuleExample? Compile(YamlNode node, RecordType? record, RecordPaths paths)
    {
        if (DefinitionMap.Of(node, log, "eksempelet") is not { } map) return null;
        var values = map.Entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        WrittenValue[] written = [.. values.Select(value => new WrittenValue(value.Key, WrittenOf(value.Value)))];
        var facts = new MessageFacts
        {
            Kind = Text(values, "message/kind"),
            From = Day(values, "message/from"),
            To = Day(values, "message/to"),
            ExtractedOn = Day(values, "message/extractedOn"),
            ContactTypes = Texts(values, Contacts),
            Units = paths.IsOfUnits ? [.. UnitsIn(values)] : [],
        };
        var described = Texts(values, Described);
        var codes = systems.With(values.Remove(Codes, out var told) ? CodesOf(told) : []);
        var before = values.Remove(Before, out var earlier) ? BatchesOf(earlier, record, paths) : [];
        var batch = record is null ? null : BatchOf(record, paths, values);
        foreach (var left in values.Keys)
        {
            log.Add("DEF-030", values[left], $"«{left}» finnes ikke i posten.",
                CloseMatch.Advise(left, [.. paths.All, Before, Contacts, Described, Codes, Number]));
        }

        return new RuleExample(batch, before, facts, described, codes) { Written = written };
    }

    private static IEnumerable<NamedUnit> UnitsIn(Dictionary<string, YamlNode> values) =>
        Text(values, "unit") is { } unit ? [new NamedUnit(unit, "")] : [];

    private List<RecordBatch> BatchesOf(YamlNode node, RecordType? record, RecordPaths paths)
    {
        var compiled = node is YamlSequenceNode list && record is not null
            ? list.Children.Select(child => Compile(child, record, paths)?.Batch).ToList()
            : [];
        if (compiled.Count == 0 || compiled.Contains(null))
            log.Add("DEF-030", node, "Dette er ikke poster.", "Skriv en liste: [{ sti: verdi }].");
        return [.. compiled.OfType<RecordBatch>()];
    }

    private RecordBatch BatchOf(RecordType record, RecordPaths paths, Dictionary<string, YamlNode> values)
    {
        var columns = new ColumnVector?[record.Columns.Count];
        foreach (var (path, column) in paths.Columns)
        {
            if (values.Remove(path, out var value)) columns[column] = Scalar(record.Columns[column].Kind, path, value);
        }

        foreach (var (path, column) in paths.Json)
        {
            if (values.Remove(path, out var value))
                columns[column] = Vector(ColumnKind.Json, ToJson(value)!.ToJsonString());
        }

        foreach (var group in paths.Arrays.GroupBy(array => array.Home))
            FillArrays([.. group], columns, record, values);

        for (var i = 0; i < columns.Length; i++) columns[i] ??= Empty(record.Columns[i].Kind);
        var unit = values.Remove("unit", out var known) ? ((YamlScalarNode)known).Value! : "983974880";
        if (!OrganizationNumber.TryParseForValidation(unit, out var number)) number = default;
        var person = values.Remove(Number, out var written) ? PersonOf(written) : Somebody;
        return new RecordBatch(record, 1, [number], ["1"], [person], columns!, []) { Institutions = [unit] };
    }

    // Rule files are read by anyone: no number in them may be somebody's.
    private RowPerson PersonOf(YamlNode node)
    {
        if (PersonIdentifier.TryParse((node as YamlScalarNode)?.Value, out var number) && number.IsSynthetic)
            return Somebody with { Primary = number };
        log.Add("DEF-030", node, "Dette er ikke nummeret til en oppdiktet person.",
            "Skriv et syntetisk fødselsnummer eller D-nummer: måneden + 80.");
        return Somebody;
    }

    // All arrays of an element are equally long; those the example leaves out hold nothing in each place.
    private void FillArrays(
        (string Path, int Column, Shape Home)[] arrays, ColumnVector?[] columns, RecordType record,
        Dictionary<string, YamlNode> values)
    {
        var given = arrays.Where(array => values.ContainsKey(array.Path))
            .ToDictionary(array => array.Column, array => Texts(values, array.Path));
        if (given.Count == 0) return;
        var length = given.Values.Max(texts => texts.Count);
        foreach (var array in arrays)
        {
            var texts = given.GetValueOrDefault(array.Column) ?? [];
            string?[] padded = [.. Enumerable.Range(0, length).Select(i => i < texts.Count ? texts[i] : null)];
            columns[array.Column] = record.Columns[array.Column].Kind == ColumnKind.IntegerArray
                ? Vector<long[]>(ColumnKind.IntegerArray,
                    [.. padded.Select(text => long.TryParse(text, CultureInfo.InvariantCulture, out var n) ? n : 0)])
                : Vector<string[]>(ColumnKind.TextArray, padded!);
        }
    }

    private ColumnVector? Scalar(ColumnKind kind, string path, YamlNode node)
    {
        var text = (node as YamlScalarNode)?.Value ?? "";
        var invariant = CultureInfo.InvariantCulture;
        switch (kind)
        {
            case ColumnKind.Text:
                return Vector(kind, text);
            case ColumnKind.Integer when long.TryParse(text, invariant, out var whole):
                return Vector(kind, whole);
            case ColumnKind.Decimal when decimal.TryParse(text, invariant, out var number):
                return Vector(kind, number);
            case ColumnKind.Boolean when bool.TryParse(text, out var flag):
                return Vector(kind, flag);
            case ColumnKind.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day):
                return Vector(kind, day);
            case ColumnKind.Instant when DateTime.TryParse(text, invariant, out var local)
                && OsloTime.TryToUtc(local.Ticks, out var ticks):
                return Vector(kind, new DateTimeOffset(ticks, TimeSpan.Zero));
            default:
                log.Add("DEF-030", node, $"«{text}» passer ikke for «{path}».", "Skriv verdien som i en melding.");
                return null;
        }
    }

    private static ColumnVector Empty(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => Nothing<long>(kind),
        ColumnKind.Decimal => Nothing<decimal>(kind),
        ColumnKind.Boolean => Nothing<bool>(kind),
        ColumnKind.Date => Nothing<DateOnly>(kind),
        ColumnKind.Instant => Nothing<DateTimeOffset>(kind),
        ColumnKind.TextArray => Nothing<string[]>(kind),
        ColumnKind.IntegerArray => Nothing<long[]>(kind),
        _ => Nothing<string>(kind),
    };

    private static ColumnVector<T> Nothing<T>(ColumnKind kind) => new(kind, [default!], new BitArray(1, true));

    private static ColumnVector<T> Vector<T>(ColumnKind kind, T value) => new(kind, [value], new BitArray(1));

    private static string WrittenOf(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode list when list.Children.All(child => child is YamlScalarNode) =>
            string.Join(", ", list.Children.Select(WrittenOf)),
        _ => ToJson(node)?.ToJsonString(Readable) ?? "",
    };

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(
            ((YamlScalarNode)pair.Key).Value!.TrimStart('@'), ToJson(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
        _ => null,
    };

    // Each system's codes with the days they are valid: 2019-01-01..2019-12-31, either of them left out when open.
    private Dictionary<string, CodeTable> CodesOf(YamlNode node)
    {
        var tables = new Dictionary<string, CodeTable>(StringComparer.Ordinal);
        foreach (var (letter, at, value) in DefinitionMap.Of(node, log, "kodene")?.Entries ?? [])
        {
            if (systems.Find(letter) is null)
                log.Add("DEF-030", at, $"Det er ikke noe kodeverk «{letter}».", CloseMatch.Advise(letter, Letters));
            var codes = new List<ValidCode>();
            foreach (var (code, _, days) in DefinitionMap.Of(value, log, $"kodene i «{letter}»")?.Entries ?? [])
            {
                var parts = ((days as YamlScalarNode)?.Value ?? "").Split("..");
                DateOnly? from = DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", out var first) ? first : null;
                DateOnly? to = DateOnly.TryParseExact(parts[^1], "yyyy-MM-dd", out var last) ? last : null;
                var isSound = parts.Length == 2 && (from is not null || parts[0].Length == 0)
                    && (to is not null || parts[1].Length == 0);
                if (!isSound) log.Add("DEF-006", days, "Dette er ikke en gyldighet.", "Skriv 2019-01-01..2019-12-31.");
                codes.Add(new ValidCode(code, new Validity(from, to), null));
            }

            tables[letter] = new CodeTable(codes);
        }

        return tables;
    }

    private IEnumerable<string> Letters => systems.All.Select(system => system.Letter);

    private static DateOnly? Day(Dictionary<string, YamlNode> values, string path) =>
        values.Remove(path, out var node)
        && DateOnly.TryParseExact((node as YamlScalarNode)?.Value, "yyyy-MM-dd", out var day) ? day : null;

    private static string? Text(Dictionary<string, YamlNode> values, string path) =>
        values.Remove(path, out var node) ? (node as YamlScalarNode)?.Value : null;

    private static List<string> Texts(Dictionary<string, YamlNode> values, string path) =>
        values.Remove(path, out var node) && node is YamlSequenceNode list
            ? [.. list.Children.OfType<YamlScalarNode>().Select(scalar => scalar.Value ?? "")]
            : [];
}
