using System.Text.RegularExpressions;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>Compiles one file of <c>mappings/</c>.</summary>
internal static partial class CodeMappingCompiler
{
    public static CodeMapping? Compile(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists, MistakeLog log)
    {
        var id = map.Text("mapping", isRequired: true);
        var title = map.Text("title", isRequired: true);
        var source = map.Text("source", isRequired: true);
        var results = ReadResults(map, codeLists, log);
        var groups = ReadGroups(map, results, log);
        map.RefuseOtherKeys();
        RefuseTwice(groups, map, log);
        return id is null || title is null || source is null || results is null
            ? null
            : new CodeMapping(id, title, source, results, groups);
    }

    private static CodeList? ReadResults(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists, MistakeLog log)
    {
        if (map.Text("codeList", isRequired: true) is not { } id) return null;
        if (codeLists.TryGetValue(id, out var list)) return list;
        log.Add("DEF-016", map.At("codeList"), $"Kodeverket «{id}» finnes ikke i code-lists.",
            CloseMatch.Advise(id, codeLists.Keys));
        return null;
    }

    private static List<CodeGroup> ReadGroups(DefinitionMap map, CodeList? results, MistakeLog log)
    {
        var groups = new List<CodeGroup>();
        var items = map.Any("groups", isRequired: true) is YamlSequenceNode list ? list.Children : [];
        foreach (var item in items)
        {
            if (DefinitionMap.Of(item, log, "gruppen") is not { } group) continue;
            var gives = group.Text("gives", isRequired: true) ?? "";
            var of = group.Texts("of", isRequired: true);
            var validity = new Validity(group.Date("from"), group.Date("to"));
            group.RefuseOtherKeys();
            if (results is not null && !results.Codes.Any(code => code.Value.Value == gives))
            {
                log.Add("DEF-042", group.At("gives"), $"«{gives}» står ikke i kodeverket «{results.Id}».",
                    CloseMatch.Advise(gives, results.Codes.Select(code => code.Value.Value)));
            }

            foreach (var (code, node) in of.Where(code => !CodeForm().IsMatch(code.Text)))
            {
                log.Add("DEF-042", node, $"«{code}» kan ikke være en kode.",
                    "Skriv høyst 40 bokstaver, siffer, mellomrom, punktum, bindestreker og parenteser.");
            }

            groups.Add(new CodeGroup(gives, [.. of.Select(code => code.Text)], validity));
        }

        if (groups.Count == 0)
            log.Add("DEF-042", map.At("groups"), "Koblingen har ingen grupper.", "Legg til «- { gives: …, of: […] }».");
        return groups;
    }

    // The second place would never decide anything.
    private static void RefuseTwice(List<CodeGroup> groups, DefinitionMap map, MistakeLog log)
    {
        var all = groups.SelectMany(group => group.Of.Select(code => (code, group.Validity)));
        foreach (var code in all.GroupBy(place => place.code, StringComparer.Ordinal))
        {
            var places = code.Select(place => place.Validity).OrderBy(validity => validity.From).ToList();
            if (!places.Zip(places.Skip(1)).Any(pair => pair.First.Overlaps(pair.Second))) continue;
            log.Add("DEF-042", map.At("groups"), $"«{code.Key}» står to steder for de samme dagene.",
                "Ta den ut av det ene, eller skill dem med from og to.");
        }
    }

    [GeneratedRegex(@"^[A-Za-zÆØÅæøå0-9 ().-]{1,40}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeForm();
}
