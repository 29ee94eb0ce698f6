using System.Globalization;
using System.Text.RegularExpressions;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>Compiles one file of <c>scores/</c>.</summary>
internal static partial class ScoreCompiler
{
    private const int ValueMax = 100;

    public static Score? Compile(DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists, MistakeLog log)
    {
        var id = map.Text("score", isRequired: true) ?? "";
        if (!ScoreId.IsMatch(id))
            log.Add("DEF-058", map.At("score"), $"«{id}» kan ikke være id-en her.", "Skriv den som need_level_1.");
        var list = map.Text("codeList", isRequired: true) ?? "";
        if (!codeLists.TryGetValue(list, out var items))
            map.AddUnknownWord(map.At("codeList"), "codeList", list, codeLists.Keys);
        var values = map.Map("values", "verdiene", isRequired: true);
        var min = values?.Whole("min", 0, ValueMax, isRequired: true) ?? 0;
        var max = values?.Whole("max", min, ValueMax, isRequired: true) ?? min;
        values?.RefuseOtherKeys();
        var groups = Groups(map, items, log);
        var score = new Score(
            id, map.Text("title", isRequired: true) ?? "", map.Text("source", isRequired: true) ?? "",
            items ?? new CodeList { Id = list, Titles = new LocalizedText(""), Source = "", Codes = [] }, min, max,
            map.Whole("atLeast", 1, Math.Max(1, groups.Sum(group => group.Items.Count)), isRequired: true) ?? 1,
            groups, Levels(map, log), Word(map, "otherwise", log), Examples(map, log));
        map.RefuseOtherKeys();
        return log.Mistakes.Count == 0 ? score : null;
    }

    private static List<ScoreGroup> Groups(DefinitionMap map, CodeList? items, MistakeLog log)
    {
        var groups = new List<ScoreGroup>();
        if (map.Map("groups", "gruppene", isRequired: true) is not { } told) return groups;
        foreach (var (name, at, _) in told.Entries)
        {
            var codes = told.Texts(name);
            foreach (var (code, node) in codes)
            {
                if (items?.Codes.Any(known => known.Value.Value == code) is false || !code.All(char.IsAsciiDigit)
                    || groups.Exists(group => group.Items.Contains(code)))
                {
                    log.Add("DEF-058", node, $"«{code}» er ikke et tall i kodeverket, eller står i en gruppe fra før.",
                        "Skriv hver kode én gang.");
                }
            }

            if (codes.Count == 0) log.Add("DEF-058", at, $"Gruppen «{name}» er tom.", "Skriv kodene i den.");
            groups.Add(new ScoreGroup(name, [.. codes.Select(code => code.Text)]));
        }

        return groups;
    }

    private static List<ScoreLevel> Levels(DefinitionMap map, MistakeLog log)
    {
        var levels = new List<ScoreLevel>();
        var nodes = (map.Any("levels", isRequired: true) as YamlSequenceNode)?.Children ?? [];
        foreach (var node in nodes)
        {
            if (DefinitionMap.Of(node, log, "nivået") is not { } level) continue;
            var upTo = level.Text("upTo") is { } text
                && decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
                ? number : (decimal?)null;
            levels.Add(new ScoreLevel(Word(level, "gives", log), upTo));
            level.RefuseOtherKeys();
        }

        var ends = levels.Select(level => level.UpTo ?? decimal.MaxValue).ToList();
        if (ends.Count < 2 || ends[^1] != decimal.MaxValue
            || ends.Zip(ends.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            log.Add("DEF-058", map.At("levels"), "Nivåene går ikke opp.",
                "Skriv minst to, med «upTo» som vokser, og det siste uten.");
        }

        return levels;
    }

    private static List<ScoreExample> Examples(DefinitionMap map, MistakeLog log)
    {
        var examples = new List<ScoreExample>();
        foreach (var node in (map.Any("examples", isRequired: true) as YamlSequenceNode)?.Children ?? [])
        {
            if (DefinitionMap.Of(node, log, "eksempelet") is not { } example) continue;
            var scores = example.Map("scores", "vurderingene", isRequired: true);
            examples.Add(new ScoreExample(
                example.Text("title", isRequired: true) ?? "",
                (scores?.Entries ?? []).ToDictionary(
                    entry => entry.Key, entry => scores!.Whole(entry.Key, 0, ValueMax) ?? 0, StringComparer.Ordinal),
                Word(example, "gives", log)));
            example.RefuseOtherKeys();
        }

        if (examples.Count == 0)
            log.Add("DEF-058", map.At("examples"), "Det er ingen eksempler.", "Skriv minst ett for hvert nivå.");
        return examples;
    }

    private static string Word(DefinitionMap map, string key, MistakeLog log)
    {
        var word = map.Text(key, isRequired: true) ?? "";
        if (word.Length > 0 && !LevelCode.IsMatch(word))
            log.Add("DEF-058", map.At(key), $"«{word}» kan ikke være et nivå.", "Skriv små bokstaver.");
        return word;
    }

    [GeneratedRegex("^[a-z][a-z_]{1,38}_[0-9]{1,3}$", RegexOptions.None, 1000)]
    private static partial Regex ScoreId { get; }

    [GeneratedRegex("^[a-z][a-z_]{1,39}$", RegexOptions.None, 1000)]
    private static partial Regex LevelCode { get; }
}
