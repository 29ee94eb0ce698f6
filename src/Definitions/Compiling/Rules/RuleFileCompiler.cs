using System.Text.RegularExpressions;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Model;
using Kilde.Definitions.Rules;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Rules;

/// <summary>Compiles the files of <c>rules/</c>: content rules as data, each held against its own examples.</summary>
internal sealed partial class RuleFileCompiler(IReadOnlyList<MessageType> types, CodeSystemCatalogue systems)
{
    private const string OfMessage = "message";
    private const string OfUnit = "unit";
    private const int TextCharactersMin = 10;

    private static readonly IReadOnlyDictionary<string, Mender> Menders = Words.Camel<Mender>();

    private readonly List<(MessageType Type, RecordPaths Paths, RecordType? Record, Rule Rule)> _rules = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<RecordType, RecordPaths> _paths = [];
    private readonly RecordPaths _messagePaths = RecordPaths.OfMessage();
    private readonly RecordPaths _unitPaths = RecordPaths.OfUnits();

    /// <summary>One for every type that has rules.</summary>
    public IReadOnlyList<RuleSet> RuleSets => [.. _rules.GroupBy(rule => rule.Type).Select(SetOf)];

    public void Compile(DefinitionMap map, MistakeLog log)
    {
        var targets = FindTypes(map);
        var rules = map.Map("rules", "reglene", isRequired: true);
        map.RefuseOtherKeys();
        foreach (var (id, at, value) in rules?.Entries ?? [])
        {
            if (!RuleId.IsMatch(id))
                log.Add("DEF-031", at, $"«{id}» er ikke en regel-id.", "Skriv register, område og nummer: NPR-ORD-012");
            else if (!_ids.Add(id))
                log.Add("DEF-031", at, $"Regelen «{id}» finnes fra før.", "En id brukes aldri om igjen.");

            if (DefinitionMap.Of(value, log, $"regelen «{id}»") is { } rule) CompileRule(id, rule, targets, log);
        }
    }

    private RuleSet SetOf(
        IGrouping<MessageType, (MessageType Type, RecordPaths Paths, RecordType? Record, Rule Rule)> rules)
    {
        var references = rules.Select(rule => rule.Rule.Check).OfType<ReferenceCondition>().ToList();
        return new RuleSet(
            rules.Key,
            rules.Key.RecordTypes.Select(record => new RecordRules(
                    record, PathsOf(record), [.. rules.Where(rule => rule.Record == record).Select(rule => rule.Rule)],
                    [.. references.Where(reference => reference.Table == record.Table)]))
                .Where(own => own.Rules.Count > 0 || own.Described.Count > 0),
            OfNoRecord(_messagePaths), OfNoRecord(_unitPaths));

        RecordRules OfNoRecord(RecordPaths paths) =>
            new(null, paths, [.. rules.Where(rule => rule.Paths == paths).Select(rule => rule.Rule)], []);
    }

    private RecordPaths PathsOf(RecordType record)
    {
        if (!_paths.TryGetValue(record, out var paths)) _paths.Add(record, paths = RecordPaths.Of(record));
        return paths;
    }

    private List<MessageType> FindTypes(DefinitionMap map)
    {
        var versions = map.Texts("versions").ToList();
        var found = new List<MessageType>();
        foreach (var (name, node) in map.Texts("messages", isRequired: true))
        {
            var named = types.Where(type => type.Name == name).ToList();
            if (named.Count == 0)
            {
                map.AddUnknownWord(node, "messages", name, types.Select(type => type.Name).Distinct());
                continue;
            }

            found.AddRange(named.Where(type =>
                versions.Count == 0 || versions.Exists(version => version.Text == type.Version)));
            foreach (var (version, at) in versions.Where(one => !named.Exists(type => type.Version == one.Text)))
                map.AddUnknownWord(at, "versions", version, named.Select(type => type.Version));
        }

        return found;
    }

    private void CompileRule(string id, DefinitionMap map, List<MessageType> targets, MistakeLog log)
    {
        var before = log.Mistakes.Count;
        var head = RuleHead.Read(map, log);
        var (when, check) = (map.Map("when", "betingelsene"), map.Map("check", "sjekken", isRequired: true));
        var (passes, fails) = (Examples(map, "passes", log), Examples(map, "fails", log));
        map.RefuseOtherKeys();
        if (check is null) return;

        var isUsed = false;
        foreach (var type in targets)
        {
            var record = type.RecordTypes.FirstOrDefault(one => one.WireName == head.Record);
            var paths = record is not null ? PathsOf(record) : PathsOf(head.Record, type);
            if (paths is null) continue;
            isUsed = true;
            if (SubjectsOf(head, map, paths, log) is not { } subjects) return;
            var compiler = new ConditionCompiler(type, PathsOf, paths, subjects, systems, log);
            var conditions = compiler.CompileWhen(when);
            if (compiler.CompileCheck(check) is not { } condition) return;
            var examples = new ExampleCompiler(systems, log);
            var rule = new Rule(condition, subjects)
            {
                Id = id,
                Text = head.Text,
                Expected = head.Expected,
                Level = head.Level,
                Mender = head.Mender,
                FirstDataYear = head.FirstYear,
                LastDataYear = head.LastYear,
                Source = head.Source,
                Record = record?.WireName,
                IsOfUnits = paths.IsOfUnits,
                When = conditions,
                Passing = [.. passes.Select(node => examples.Compile(node, record, paths)).OfType<RuleExample>()],
                Failing = [.. fails.Select(node => examples.Compile(node, record, paths)).OfType<RuleExample>()],
            };
            // One version's mistakes are those of the others too.
            if (log.Mistakes.Count > before) return;
            HoldAgainstExamples(rule, paths, new Places(type, record), map, log);
            _rules.Add((type, paths, record, rule));
        }

        if (isUsed || targets.Count == 0 || head.Record is null) return;
        map.AddUnknownWord(map.At("record"), "record", head.Record,
            targets.SelectMany(type => type.RecordTypes).Select(one => one.WireName)
                .Append(OfMessage).Append(OfUnit).Distinct());
    }

    // A rule may look at no record. Only XML messages name their units apart from their records.
    private RecordPaths? PathsOf(string? word, MessageType type) => word switch
    {
        OfMessage => _messagePaths,
        OfUnit when type.Xml is not null => _unitPaths,
        _ => null,
    };

    private static Shape? SubjectsOf(RuleHead head, DefinitionMap map, RecordPaths paths, MistakeLog log)
    {
        if (head.Each is not { } each) return paths.Record;
        if (paths.FindShape(each) is { } shape) return shape;
        log.Add("DEF-030", map.At("each"), $"«{each}» er ikke et gjentatt element i posten.",
            CloseMatch.Advise(each, paths.AllShapes));
        return null;
    }

    private static void HoldAgainstExamples(
        Rule rule, RecordPaths paths, Places places, DefinitionMap map, MistakeLog log)
    {
        if (rule.Passing.Any(example => example.Breaks(rule, paths, places)))
        {
            log.Add("DEF-033", map.At("passes"), $"Et eksempel som skal bestå {rule.Id}, bryter den.",
                "Rett eksempelet eller regelen.");
        }

        if (!rule.Failing.All(example => example.Breaks(rule, paths, places)))
        {
            log.Add("DEF-033", map.At("fails"), $"Et eksempel som skal bryte {rule.Id}, består den.",
                "Rett eksempelet eller regelen.");
        }
    }

    private static IReadOnlyList<YamlNode> Examples(DefinitionMap map, string key, MistakeLog log)
    {
        if (map.Any(key, isRequired: true) is not { } node) return [];
        if (node is YamlSequenceNode { Children.Count: > 0 } list) return [.. list.Children];
        log.Add("DEF-033", node, $"«{key}» skal være en liste med minst ett eksempel.", "Skriv - { sti: verdi }.");
        return [];
    }

    [GeneratedRegex("^[A-Z]{3}-[A-Z]{2,5}-[0-9]{3}$", RegexOptions.None, 1000)]
    private static partial Regex RuleId { get; }

    /// <summary>What a rule tells of itself.</summary>
    private sealed record RuleHead(
        string? Record, string? Each, LocalizedText Text, LocalizedText Expected, RuleLevel Level, Mender Mender,
        string Source, int FirstYear, int? LastYear)
    {
        private const int YearMin = 1980;
        private const int YearMax = 2099;

        public static RuleHead Read(DefinitionMap map, MistakeLog log)
        {
            var years = map.Map("dataYears", "dataårene", isRequired: true);
            var first = years?.Whole("from", YearMin, YearMax, isRequired: true) ?? YearMin;
            var last = years?.Whole("to", first, YearMax);
            years?.RefuseOtherKeys();
            return new RuleHead(
                map.Text("record", isRequired: true), map.Text("each"), Texts(map, "text", log),
                Texts(map, "expected", log), map.Choice("level", Words.Levels, isRequired: true) ?? RuleLevel.Notice,
                map.Choice("mender", Menders, isRequired: true) ?? Mender.Sender,
                map.Text("source", isRequired: true) ?? "", first, last);
        }

        private static LocalizedText Texts(DefinitionMap map, string key, MistakeLog log)
        {
            var texts = map.InThreeLanguages(key);
            string?[] all = [texts.Nb, texts.Nn, texts.En];
            foreach (var text in all.OfType<string>().Where(one => one.Length is > 0 and < TextCharactersMin))
                log.Add("DEF-034", map.At(key), $"«{text}» er for kort til å hjelpe noen.", "Skriv en hel setning.");
            return texts;
        }
    }
}
