using System.Text.RegularExpressions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Checks;

/// <summary>Compiles the files of <c>eligibility/</c>: which records are used in statistics.</summary>
internal static partial class EligibilityCompiler
{
    public static Eligibility? Compile(
        DefinitionMap map, IReadOnlyList<RecordView> views, IReadOnlyDictionary<string, CodeList> codeLists,
        MistakeLog log)
    {
        var id = map.Text("eligibility", isRequired: true) ?? "";
        var list = map.Text("codeList", isRequired: true) ?? "";
        if (!codeLists.TryGetValue(list, out var codes))
            map.AddUnknownWord(map.At("codeList"), "codeList", list, codeLists.Keys);
        var reads = ViewRows.Reads(map, views);
        var recodes = (map.Map("recode", "omkodingen")?.Entries ?? []).ToDictionary(
            entry => entry.Key, entry => (entry.Value as YamlScalarNode)?.Value ?? "", StringComparer.Ordinal);
        foreach (var (was, becomes) in recodes)
        {
            if (codes?.Codes.Any(code => code.Value.Value == becomes) is false || !CodeForm.IsMatch(was))
                log.Add("DEF-064", map.At("recode"), $"«{was}» kan ikke bli «{becomes}».", "Skriv en av kodene.");
        }

        var column = map.Text("codeColumn", isRequired: true) ?? "";
        Hold(id, map.At("eligibility"), log);
        Hold(column, map.At("codeColumn"), log);
        var rows = map.Text("rows", isRequired: true) ?? "";
        SqlText.Hold(rows, map.At("rows"), "«rows»", log);
        var rules = Rules(map, log);
        var examples = ViewRows.Examples(
            map, reads, "judges", Eligibility.Columns,
            (name, told, judges) => new EligibilityExample(name, told, judges), log);
        var (title, source) = (map.Text("title", isRequired: true), map.Text("source", isRequired: true));
        map.RefuseOtherKeys();
        return log.Mistakes.Count > 0 || codes is null
            ? null
            : new Eligibility
            {
                Id = id,
                Title = title!,
                Source = source!,
                Reads = reads,
                Rows = rows,
                CodeColumn = column,
                Codes = codes,
                Recodes = recodes,
                Rules = rules,
                Examples = examples,
            };
    }

    private static List<EligibilityRule> Rules(DefinitionMap map, MistakeLog log)
    {
        var rules = new List<EligibilityRule>();
        foreach (var node in (map.Any("rules", isRequired: true) as YamlSequenceNode)?.Children ?? [])
        {
            if (DefinitionMap.Of(node, log, "regelen") is not { } rule) continue;
            var (id, when) = (rule.Text("rule", isRequired: true) ?? "", rule.Text("when", isRequired: true) ?? "");
            Hold(id, rule.At("rule"), log);
            SqlText.Hold(when, rule.At("when"), "«when»", log);
            if (rules.Exists(other => other.Id == id))
                log.Add("DEF-064", rule.At("rule"), $"Regelen «{id}» står der fra før.", "Gi den en annen id.");
            rules.Add(new EligibilityRule(id, rule.InThreeLanguages("title"), when));
            rule.RefuseOtherKeys();
        }

        return rules;
    }

    private static void Hold(string id, YamlNode at, MistakeLog log)
    {
        if (!NameForm.IsMatch(id))
            log.Add("DEF-064", at, $"«{id}» kan ikke være et navn her.", "Skriv små bokstaver og understrek.");
    }

    [GeneratedRegex("^[a-z][a-z_]{1,39}$", RegexOptions.None, 1000)]
    private static partial Regex NameForm { get; }

    [GeneratedRegex("^[A-Za-z0-9]{1,20}$", RegexOptions.None, 1000)]
    private static partial Regex CodeForm { get; }
}
