using System.Text.RegularExpressions;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Compiling.Xml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Rules;

/// <summary>
/// Compiles the files of <c>code-systems/</c>: how the codes of each medical code system are written. The codes
/// themselves are read from the installation's own folder.
/// </summary>
internal sealed class CodeSystemCompiler
{
    private readonly Dictionary<string, Described> _systems = new(StringComparer.Ordinal);

    public void Compile(DefinitionMap map, MistakeLog log)
    {
        var (letter, title) = (map.Text("codeSystem", isRequired: true), map.Text("title", isRequired: true));
        map.Text("source", isRequired: true);
        var parts = map.Texts("anyOf").ToList();
        var form = parts.Count == 0 ? SimpleTypeCompiler.ReadPattern(map, log) : null;
        map.RefuseOtherKeys();
        if (letter is null || title is null) return;
        if (form is null && parts.Count == 0 && !map.Has("pattern"))
        {
            log.Add("DEF-040", map.Node, $"Det står ikke hvordan {title} skriver koder.",
                "Skriv pattern: eller anyOf:.");
        }

        if (!_systems.TryAdd(letter, new Described(letter, title, form, parts, log)))
        {
            log.Add("DEF-040", map.At("codeSystem"), $"Bokstaven «{letter}» er brukt i en annen fil.",
                "Bruk en annen bokstav.");
        }
    }

    /// <param name="folder">The installation's codes; null when it has none.</param>
    /// <param name="mistakes">Those found in the files of codes.</param>
    public CodeSystemCatalogue Finish(string? folder, List<DefinitionMistake> mistakes)
    {
        var codes = folder is null ? [] : ReadCodes(folder, mistakes);
        foreach (var system in _systems.Values)
        {
            foreach (var (letter, node) in system.AnyOf.Where(part => !_systems.ContainsKey(part.Text)))
            {
                system.Log.Add("DEF-040", node, $"Det er ikke noe kodeverk «{letter}».",
                    CloseMatch.Advise(letter, _systems.Keys));
            }
        }

        return new CodeSystemCatalogue(_systems.Values.Select(system => new CodeSystem(
            system.Letter, system.Title,
            [.. PartsOf(system).Select(part => part.Form).OfType<Regex>()],
            [.. PartsOf(system).Select(part => codes.GetValueOrDefault(part.Letter)).OfType<CodeTable>()])));
    }

    private IEnumerable<Described> Own => _systems.Values.Where(system => system.AnyOf.Count == 0);

    private IEnumerable<Described> PartsOf(Described system) => system.AnyOf.Count == 0
        ? [system]
        : system.AnyOf.Select(part => _systems.GetValueOrDefault(part.Text)).OfType<Described>();

    private Dictionary<string, CodeTable> ReadCodes(string folder, List<DefinitionMistake> mistakes)
    {
        var codes = new Dictionary<string, List<ValidCode>>(StringComparer.Ordinal);
        if (!Directory.Exists(folder)) return [];
        foreach (var file in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            var log = new MistakeLog(Path.GetFileName(file));
            var letter = CodeFile.LetterOf(file);
            if (_systems.TryGetValue(letter, out var system) && system.AnyOf.Count == 0)
            {
                if (!codes.TryGetValue(letter, out var all)) codes.Add(letter, all = []);
                all.AddRange(CodeFile.Read(file, code => system.Form?.IsMatch(code) != false, log));
            }
            else
            {
                log.Add("DEF-041", Mark.Empty, $"Filen heter ikke etter et kodeverk: «{letter}».",
                    CloseMatch.Advise(letter, Own.Select(one => one.Letter)));
            }

            mistakes.AddRange(log.Mistakes);
        }

        return codes.Where(pair => pair.Value.Count > 0)
            .ToDictionary(pair => pair.Key, pair => new CodeTable(pair.Value), StringComparer.Ordinal);
    }

    private sealed record Described(
        string Letter, string Title, Regex? Form, IReadOnlyList<(string Text, YamlNode Node)> AnyOf, MistakeLog Log);
}
