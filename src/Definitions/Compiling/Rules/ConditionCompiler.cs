using System.Globalization;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Compiling.Xml;
using Kilde.Definitions.Model;
using Kilde.Definitions.Rules;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Rules;

/// <summary>Compiles what a rule asks. Each word of <c>check:</c> is one line or method here.</summary>
internal sealed class ConditionCompiler(
    MessageType type, Func<RecordType, RecordPaths> pathsOf, RecordPaths paths, Shape subjects,
    CodeSystemCatalogue systems, MistakeLog log)
{
    private const int CountMax = 1000;

    private static readonly string[] Checks =
    [
        "required", "absent", "is", "oneOf", "noneOf", "equal", "countOf", "contacts", "inRange", "sumEquals",
        "inOrder", "between", "dayOfYear", "sameYear", "unitNumber", "municipality", "referenceExists",
        "referenceHas", "codeForm",
        "codeExists", "pattern", "namesPrevious", "nextNumber", "sumTogether", "agreesWithNumber", "differs",
    ];

    private static readonly IReadOnlyDictionary<string, NumberPart> Parts = Compiling.Words.Camel<NumberPart>();

    // Whether a sum goes across kinds.
    private static readonly Dictionary<string, bool> Sums = new(StringComparer.Ordinal)
    {
        ["eachKind"] = false,
        ["allKinds"] = true,
    };

    // Whether only the same person's records are referred to.
    private static readonly Dictionary<string, bool> Owners = new(StringComparer.Ordinal)
    {
        ["person"] = true,
        ["unit"] = false,
    };

    /// <summary>All conditions of <c>when:</c>.</summary>
    public IReadOnlyList<Condition> CompileWhen(DefinitionMap? when)
    {
        var conditions = new List<Condition>();
        foreach (var (path, at, value) in when?.Entries ?? [])
        {
            if (Find(path, at) is { } field && CompileWhen(field, at, value) is { } condition)
                conditions.Add(condition);
        }

        return conditions;
    }

    public Condition? CompileCheck(DefinitionMap check)
    {
        var words = check.Entries.ToList();
        if (words is [var (word, at, value)])
        {
            if (Checks.Contains(word, StringComparer.Ordinal)) return Compile(word, check, value);
            check.AddUnknownWord(at, "check", word, Checks);
            return null;
        }

        log.Add("DEF-032", check.Node, "En regel sjekker nøyaktig én ting.",
            "Skriv ett ord under check:, og lag flere regler om det trengs.");
        return null;
    }

    private Condition? CompileWhen(Operand field, YamlNode at, YamlNode value)
    {
        switch (value)
        {
            case YamlScalarNode { Value: "present" }:
                return new RequiredCondition([field]);
            case YamlScalarNode { Value: "absent" }:
                return new AbsentCondition([field]);
            case YamlSequenceNode { Children.Count: > 0 } list:
                string[] codes = [.. list.Children.Select(child => child.ToString())];
                return Single(field, at) is { } one ? new OneOfCondition(one, codes, true, isRequired: true) : null;
            case YamlMappingNode mapping:
                var limits = new DefinitionMap(mapping, log, "grensene");
                var (min, max) = (Number(limits, "min"), Number(limits, "max"));
                limits.RefuseOtherKeys();
                return Single(field, at) is { } number ? new RangeCondition(number, min, max, isRequired: true) : null;
            default:
                log.Add("DEF-032", value, "Slik kan ikke en betingelse i when: skrives.",
                    "Skriv present, absent, en liste av koder, eller { min, max }.");
                return null;
        }
    }

    private Condition? Compile(string word, DefinitionMap check, YamlNode value)
    {
        switch (word)
        {
            case "required":
                return Fields(check, word) is { Count: > 0 } fields ? new RequiredCondition(fields) : null;
            case "absent":
                return Fields(check, word) is { Count: > 0 } unwanted ? new AbsentCondition(unwanted) : null;
            case "inOrder":
                return Order(check, word);
            case "contacts":
                return new ContactsCondition(Words(check, word, isRequired: true));
        }

        if (DefinitionMap.Of(value, log, $"«{word}»") is not { } map) return null;
        var condition = word switch
        {
            "is" => With(map, field => new OneOfCondition(field, Words(map, "values", true), true, isRequired: true)),
            "oneOf" => With(map, field => new OneOfCondition(field, Words(map, "values", true), true, false)),
            "noneOf" => With(map, field => new OneOfCondition(field, Words(map, "values", true), false, false)),
            "equal" => With(map, field => Other(map, "to", other => new EqualCondition(field, other))),
            "differs" => With(map, field => Other(map, "from", other => new DiffersCondition(field, other))),
            "sameYear" => With(map, field => Other(map, "as", other => new SameYearCondition(field, other))),
            "countOf" => Repeated(map, "field", field => new CountCondition(
                field, Words(map, "values"), map.Whole("min", 0, CountMax) ?? 0,
                map.Whole("max", 0, CountMax) ?? int.MaxValue)),
            "inRange" => With(map, field => new RangeCondition(field, Number(map, "min"), Number(map, "max"), false)),
            "sumEquals" => With(map, field => Repeated(map, "of", parts => new SumCondition(
                field, parts, Number(map, "tolerance") ?? 0))),
            "between" => With(map, field => new BetweenCondition(field, map.Date("from"), map.Date("to"))),
            "dayOfYear" => With(map, field => DayOfYear(map, field)),
            "unitNumber" => With(map, field => new UnitNumberCondition(field, Kinds(map))),
            "municipality" => With(map, field => new MunicipalityCondition(field, Singles(map, "on"))),
            "referenceExists" => With(map, field => Reference(map, field, hasValue: false)),
            "referenceHas" => With(map, field => Reference(map, field, hasValue: true)),
            "codeForm" => With(map, field => SystemOf(map) is { } system ? new CodeFormCondition(field, system) : null),
            "codeExists" => With(map, field => SystemOf(map) is { } system
                ? new CodeExistsCondition(field, system, Singles(map, "on", isRequired: true))
                : null),
            "namesPrevious" => With(map, field => Other(map, "id", id => new NamesPreviousCondition(field, id))),
            "nextNumber" => With(map, field => new NextNumberCondition(field)),
            "sumTogether" => With(map, field => Together(map, field)),
            "agreesWithNumber" => With(map, field => Agrees(map, field)),
            _ => With(map, field => Pattern(map, field)),
        };
        // Of a field that does not exist nothing more was asked.
        if (condition is not null) map.RefuseOtherKeys();
        return condition;
    }

    private OrderCondition? Order(DefinitionMap check, string word)
    {
        var times = Singles(check, word, isRequired: true);
        if (times.Count > 1) return new OrderCondition(times);
        if (check.Texts(word).Count < 2)
            log.Add("DEF-032", check.At(word), "En rekkefølge har minst to tider.", "Skriv [den første, den neste].");
        return null;
    }

    private Condition? With(DefinitionMap map, Func<Operand, Condition?> make) => Other(map, "field", make);

    private Condition? Other(DefinitionMap map, string key, Func<Operand, Condition?> make) =>
        map.Text(key, isRequired: true) is { } path && Find(path, map.At(key)) is { } operand
        && Single(operand, map.At(key)) is { } single ? make(single) : null;

    private Condition? Repeated(DefinitionMap map, string key, Func<Operand, Condition> make)
    {
        if (map.Text(key, isRequired: true) is not { } path || Find(path, map.At(key)) is not { } operand) return null;
        if (operand.IsRepeated) return make(operand);
        log.Add("DEF-035", map.At(key), $"«{path}» står bare én gang, og kan ikke telles eller summeres.",
            "Skriv stien til noe som gjentas.");
        return null;
    }

    private ReferenceCondition? Reference(DefinitionMap map, Operand field, bool hasValue)
    {
        var (name, path) = (map.Text("record", isRequired: true), map.Text("by", isRequired: true));
        if (name is null || path is null) return null;
        var record = type.RecordTypes.FirstOrDefault(one => one.WireName == name);
        if (record is null)
        {
            log.Add("DEF-030", map.At("record"), $"«{name}» er ikke en post i {type}.",
                CloseMatch.Advise(name, type.RecordTypes.Select(one => one.WireName)));
            return null;
        }

        var described = pathsOf(record);
        if (Described("by", path) is not { } target) return null;
        if (!hasValue) return new ReferenceCondition(field, record.Table, target);
        var isOfPerson = map.Choice("of", Owners) ?? false;
        return map.Text("has", isRequired: true) is { } value && Described("has", value) is { } has
            ? new ReferenceCondition(field, record.Table, target) { Has = has, IsOfPerson = isOfPerson }
            : null;

        Operand? Described(string key, string own)
        {
            if (described.Find(own) is { } item && item.Home == described.Record)
                return new Operand(item, IsRepeated: false);
            log.Add("DEF-030", map.At(key), $"«{own}» finnes ikke i {name}.", CloseMatch.Advise(own, described.All));
            return null;
        }
    }

    private SumTogetherCondition? Together(DefinitionMap map, Operand field)
    {
        Operand? One(string key) => map.Text(key, isRequired: true) is { } path && Find(path, map.At(key)) is { } found
            ? Single(found, map.At(key))
            : null;
        var (kind, from, to, max) = (One("kind"), One("from"), One("to"), Number(map, "max"));
        var isAcross = map.Choice("of", Sums, isRequired: true) ?? false;
        return kind is null || from is null || to is null
            ? null
            : new SumTogetherCondition(field, new TimeOfKind(kind, from, to), max ?? 0, isAcross);
    }

    private AgreesWithNumberCondition? Agrees(DefinitionMap map, Operand field)
    {
        if (map.Choice("as", Parts, isRequired: true) is not { } part) return null;
        if (paths.HasNumbers) return new AgreesWithNumberCondition(field, part);
        log.Add("DEF-030", map.At("field"), "Posten har ikke personens nummer.",
            "Skriv regelen for en post som har nummeret i seg.");
        return null;
    }

    private SystemOfCode? SystemOf(DefinitionMap map)
    {
        if (!map.Has("letter"))
        {
            return map.Text("system", isRequired: true) is { } path && Find(path, map.At("system")) is { } field
                && Single(field, map.At("system")) is { } system ? new SystemOfCode(system, null) : null;
        }

        var letter = map.Text("letter");
        if (letter is not null && systems.Find(letter) is not null) return new SystemOfCode(null, letter);
        map.AddUnknownWord(map.At("letter"), "letter", letter ?? "", systems.All.Select(system => system.Letter));
        return null;
    }

    private DayOfYearCondition? DayOfYear(DefinitionMap map, Operand field)
    {
        if (map.Text("is", isRequired: true) is not { } text) return null;
        if (DateOnly.TryParseExact($"2000-{text}", "yyyy-MM-dd", out var day))
            return new DayOfYearCondition(field, day.Month, day.Day);
        log.Add("DEF-006", map.At("is"), $"«{text}» er ikke en dag i året.", "Skriv måned og dag som '01-31'.");
        return null;
    }

    private PatternCondition? Pattern(DefinitionMap map, Operand field)
    {
        map.Text("is", isRequired: true);
        return SimpleTypeCompiler.ReadPattern(map, log, "is") is { } pattern
            ? new PatternCondition(field, pattern)
            : null;
    }

    private UnitKinds Kinds(DefinitionMap map)
    {
        var kinds = UnitKinds.None;
        foreach (var (text, node) in map.Texts("kinds", isRequired: true))
        {
            if (text.Length == 1 && Enum.TryParse<UnitKinds>(text, out var kind)) kinds |= kind;
            else map.AddUnknownWord(node, "kinds", text, ["A", "B", "C", "X"]);
        }

        return kinds;
    }

    private decimal? Number(DefinitionMap map, string key)
    {
        if (map.Text(key) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)) return number;
        log.Add("DEF-006", map.At(key), $"«{text}» er ikke et tall.", "Skriv et tall med punktum som desimaltegn.");
        return null;
    }

    private static string[] Words(DefinitionMap map, string key, bool isRequired = false) =>
        [.. map.Texts(key, isRequired).Select(word => word.Text)];

    private List<Operand> Fields(DefinitionMap map, string key) =>
        [.. map.Texts(key, isRequired: true).Select(path => Find(path.Text, path.Node)).OfType<Operand>()];

    private List<Operand> Singles(DefinitionMap map, string key, bool isRequired = false) =>
    [
        .. map.Texts(key, isRequired)
            .Select(path => Find(path.Text, path.Node) is { } operand ? Single(operand, path.Node) : null)
            .OfType<Operand>(),
    ];

    private Operand? Single(Operand operand, YamlNode at)
    {
        if (!operand.IsRepeated) return operand;
        log.Add("DEF-035", at, $"«{operand.Path}» kan stå flere ganger i det regelen ser på.",
            $"Skriv each: {operand.Item.Home.Path}, eller countOf.");
        return null;
    }

    private Operand? Find(string path, YamlNode at)
    {
        if (paths.Find(path) is not { } item)
        {
            log.Add("DEF-030", at, $"«{path}» finnes ikke i posten.", CloseMatch.Advise(path, paths.All));
            return null;
        }

        if (subjects.IsWithin(item.Home)) return new Operand(item, IsRepeated: false);
        if (item.Home.IsWithin(subjects)) return new Operand(item, IsRepeated: true);
        log.Add("DEF-035", at, $"«{path}» står verken i «{subjects.Path}» eller rundt det.",
            "Skriv regelen for elementet som verdien står i.");
        return null;
    }
}
