using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Compiling;

/// <summary>Compiles one file of <c>code-lists/</c>.</summary>
internal static class CodeListCompiler
{
    public static CodeList? Compile(DefinitionMap map, MistakeLog log)
    {
        var id = map.Text("codeList", isRequired: true);
        var titles = map.InLanguages("title", isRequired: true);
        var source = map.Text("source", isRequired: true);
        var oid = map.Text("oid");
        var codes = map.Map("codes", "kodene", isRequired: true) is { } entries && id is not null
            ? CompileCodes(id, entries, log)
            : [];
        map.RefuseOtherKeys();
        if (id is null || titles.Nb.Length == 0 || source is null) return null;
        if (codes.Count == 0) log.Add("DEF-021", map.Node, "Kodeverket har ingen koder.", "Legg til minst én kode.");
        return new CodeList { Id = id, Titles = titles, Oid = oid, Source = source, Codes = codes };
    }

    private static List<Code> CompileCodes(string id, DefinitionMap entries, MistakeLog log)
    {
        var codes = new List<Code>();
        foreach (var (value, _, node) in entries.Entries)
        {
            if (node is YamlDotNet.RepresentationModel.YamlScalarNode { Value: { Length: > 0 } text })
            {
                codes.Add(new Code(new CodeValue(id, value), new LocalizedText(text), Validity.Always));
            }
            else if (DefinitionMap.Of(node, log, $"koden «{value}»") is { } map)
            {
                codes.Add(CompileCode(id, value, map, log));
            }
        }

        return codes;
    }

    private static Code CompileCode(string id, string value, DefinitionMap map, MistakeLog log)
    {
        var text = map.InLanguages("text", isRequired: true);
        var validity = new Validity(map.Date("from"), map.Date("to"));
        map.RefuseOtherKeys();
        if (validity.From > validity.To)
        {
            log.Add("DEF-021", map.At("to"), $"Koden «{value}» slutter før den begynner.", "Rett from eller to.");
        }

        return new Code(new CodeValue(id, value), text, validity);
    }
}
