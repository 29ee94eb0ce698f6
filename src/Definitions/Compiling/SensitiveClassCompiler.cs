using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>Compiles one file of <c>sensitive/</c>.</summary>
internal static class SensitiveClassCompiler
{
    private const string All = "all";
    private const int IdCharactersMax = 30;
    private const int ReasonCharactersMin = 20;

    public static SensitiveClass? Compile(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists, MistakeLog log)
    {
        var id = map.Text("sensitive", isRequired: true) ?? "";
        if (id.Length > 0 && (id.Length > IdCharactersMax || !ColumnNames.IsValid(id)))
        {
            log.Add("DEF-060", map.At("sensitive"), $"«{id}» kan ikke være navnet på en klasse.",
                $"Bruk små bokstaver a–z, tall og understrek, høyst {IdCharactersMax} tegn.");
        }

        var title = map.InThreeLanguages("title");
        var source = map.Text("source", isRequired: true);
        var reason = map.Text("reason", isRequired: true);
        if (reason?.Length < ReasonCharactersMin)
        {
            log.Add("DEF-060", map.At("reason"), "Grunnen til at opplysningene holdes for seg, er for kort.",
                $"Skriv minst {ReasonCharactersMin} tegn.");
        }

        var codes = ReadCodes(map, codeLists, log);
        map.RefuseOtherKeys();
        return id.Length == 0 || source is null || reason is null
            ? null
            : new SensitiveClass(id, title, source, reason, codes);
    }

    private static Dictionary<string, IReadOnlySet<string>> ReadCodes(
        DefinitionMap map, IReadOnlyDictionary<string, CodeList> codeLists, MistakeLog log)
    {
        var codes = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        if (map.Map("codes", "kodene", isRequired: true) is not { } written) return codes;
        foreach (var (id, at, value) in written.Entries)
        {
            if (!codeLists.TryGetValue(id, out var list))
            {
                log.Add("DEF-016", at, $"Kodeverket «{id}» finnes ikke i code-lists.",
                    CloseMatch.Advise(id, codeLists.Keys));
                continue;
            }

            codes[id] = value is YamlScalarNode { Value: All }
                ? new HashSet<string>()
                : ReadCodes(written, id, list, log);
        }

        return codes;
    }

    private static HashSet<string> ReadCodes(DefinitionMap written, string id, CodeList list, MistakeLog log)
    {
        var known = list.Codes.Select(code => code.Value.Value).ToHashSet(StringComparer.Ordinal);
        var read = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (code, at) in written.Texts(id))
        {
            if (known.Contains(code)) read.Add(code);
            else
                log.Add("DEF-060", at, $"«{code}» er ikke en kode i {id}.", CloseMatch.Advise(code, known.Append(All)));
        }

        return read;
    }
}
