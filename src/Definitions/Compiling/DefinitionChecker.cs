using Kilde.Definitions.Checks;
using Kilde.Definitions.CodeSystems;
using Kilde.Definitions.Compiling.Checks;
using Kilde.Definitions.Compiling.Figures;
using Kilde.Definitions.Compiling.Rules;
using Kilde.Definitions.Compiling.Xml;
using Kilde.Definitions.Figures;
using Kilde.Definitions.Model;
using Kilde.Definitions.Rules;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>What checking a folder of definitions came to.</summary>
public sealed record DefinitionCheck(
    IReadOnlyList<MessageType> MessageTypes, IReadOnlyList<CodeList> CodeLists,
    IReadOnlyList<DefinitionMistake> Mistakes)
{
    /// <summary>The content rules of each type that has some.</summary>
    public IReadOnlyList<RuleSet> RuleSets { get; init; } = [];

    public CodeSystemCatalogue CodeSystems { get; init; } = CodeSystemCatalogue.Empty;

    /// <summary>Kinds of information that are held apart.</summary>
    public IReadOnlyList<SensitiveClass> SensitiveClasses { get; init; } = [];

    /// <summary>Records of several tables in one shape.</summary>
    public IReadOnlyList<RecordView> Views { get; init; } = [];

    /// <summary>What is checked of all that the register holds.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>What reporting units get back of their own.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>What several scored items come to together.</summary>
    public IReadOnlyList<Score> Scores { get; init; } = [];

    /// <summary>Which records are used in statistics.</summary>
    public IReadOnlyList<Eligibility> Eligibilities { get; init; } = [];

    public bool IsSound => Mistakes.Count == 0;
}

/// <summary>Reads every definition of a folder and finds every mistake in them.</summary>
public static class DefinitionChecker
{
    /// <summary>One definition file is read by people; more than this is a mistake of some other kind.</summary>
    private const int FileKilobytesMax = 1024;

    /// <param name="folder">
    /// The folder that holds <c>messages/</c>, <c>code-lists/</c>, <c>mappings/</c>, <c>code-systems/</c>,
    /// <c>sensitive/</c>, <c>rules/</c>, <c>views/</c>, <c>checks/</c>, <c>figures/</c>,
    /// <c>scores/</c> and <c>eligibility/</c>, and <c>titles.yaml</c>.
    /// </param>
    /// <param name="codes">The folder with the codes of medical code systems; may be missing.</param>
    public static DefinitionCheck Check(string folder, string? codes = null)
    {
        var mistakes = new List<DefinitionMistake>();
        if (!Directory.Exists(Path.Combine(folder, "messages")))
        {
            mistakes.Add(new DefinitionMistake("DEF-001", "messages", 1, 1,
                "Mappen «messages» finnes ikke.", "Oppgi mappen som holder messages/ og code-lists/."));
            return new DefinitionCheck([], [], mistakes);
        }

        var titles = ReadTitles(folder, mistakes);
        var codeLists = new Dictionary<string, CodeList>(StringComparer.Ordinal);
        foreach (var (file, map, log) in Files(folder, "code-lists", mistakes))
        {
            titles.Into(map.Node);
            if (CodeListCompiler.Compile(map, log) is { } list && !codeLists.TryAdd(list.Id, list))
            {
                log.Add("DEF-022", map.At("codeList"), $"Kodeverket «{list.Id}» finnes i en annen fil også.",
                    "Slå dem sammen.");
            }

            mistakes.AddRange(log.Mistakes);
        }

        var mappings = CheckMappings(folder, codeLists, mistakes);
        var classes = CheckSensitive(folder, codeLists, mistakes);
        var types = CheckMessages(folder, titles, codeLists, mappings, classes, mistakes);
        var systems = CheckCodeSystems(folder, codes, mistakes);
        var rules = CheckRules(folder, types, systems, mistakes);
        var (views, checks) = CheckChecks(folder, types, codeLists, mistakes);
        var figures = CheckFigures(folder, views, codeLists, mistakes);
        var scores = CheckScores(folder, codeLists, mistakes);
        return new DefinitionCheck(types, [.. codeLists.Values], mistakes)
        {
            RuleSets = rules,
            CodeSystems = systems,
            SensitiveClasses = [.. classes.Values],
            Views = views,
            Checks = checks,
            Figures = figures,
            Scores = scores,
            Eligibilities = CheckEligibility(folder, views, codeLists, mistakes),
        };
    }

    private static Dictionary<string, CodeMapping> CheckMappings(
        string folder, Dictionary<string, CodeList> codeLists, List<DefinitionMistake> mistakes)
    {
        var mappings = new Dictionary<string, CodeMapping>(StringComparer.Ordinal);
        foreach (var (_, map, log) in Files(folder, "mappings", mistakes))
        {
            if (CodeMappingCompiler.Compile(map, codeLists, log) is { } mapping
                && !mappings.TryAdd(mapping.Id, mapping))
            {
                log.Add("DEF-022", map.At("mapping"), $"Koblingen «{mapping.Id}» finnes i en annen fil også.",
                    "Slå dem sammen.");
            }

            mistakes.AddRange(log.Mistakes);
        }

        return mappings;
    }

    private static Dictionary<string, SensitiveClass> CheckSensitive(
        string folder, Dictionary<string, CodeList> codeLists, List<DefinitionMistake> mistakes)
    {
        var classes = new Dictionary<string, SensitiveClass>(StringComparer.Ordinal);
        foreach (var (_, map, log) in Files(folder, "sensitive", mistakes))
        {
            if (SensitiveClassCompiler.Compile(map, codeLists, log) is { } one && !classes.TryAdd(one.Id, one))
            {
                log.Add("DEF-022", map.At("sensitive"), $"Klassen «{one.Id}» finnes i en annen fil også.",
                    "Slå dem sammen.");
            }

            mistakes.AddRange(log.Mistakes);
        }

        return classes;
    }

    private static CodeSystemCatalogue CheckCodeSystems(
        string folder, string? codes, List<DefinitionMistake> mistakes)
    {
        var compiler = new CodeSystemCompiler();
        var logs = new List<MistakeLog>();
        foreach (var (_, map, log) in Files(folder, "code-systems", mistakes))
        {
            compiler.Compile(map, log);
            logs.Add(log);
        }

        var systems = compiler.Finish(codes, mistakes);
        mistakes.AddRange(logs.SelectMany(log => log.Mistakes));
        return systems;
    }

    private static IReadOnlyList<RuleSet> CheckRules(
        string folder, List<MessageType> types, CodeSystemCatalogue systems, List<DefinitionMistake> mistakes)
    {
        // What a definition with mistakes came to has no columns to speak of.
        if (mistakes.Count > 0) return [];
        var compiler = new RuleFileCompiler(types, systems);
        foreach (var (_, map, log) in Files(folder, "rules", mistakes))
        {
            compiler.Compile(map, log);
            mistakes.AddRange(log.Mistakes);
        }

        return compiler.RuleSets;
    }

    private static (IReadOnlyList<RecordView>, IReadOnlyList<Check>) CheckChecks(
        string folder, List<MessageType> types, Dictionary<string, CodeList> codeLists,
        List<DefinitionMistake> mistakes)
    {
        if (mistakes.Count > 0) return ([], []);
        var views = new RecordViewCompiler(types);
        // A view of another view comes after it, whatever their files are called.
        foreach (var (_, map, log) in Files(folder, "views", mistakes).OrderBy(file => file.Map.Has("of")))
        {
            views.Compile(map, log);
            mistakes.AddRange(log.Mistakes);
        }

        var checks = new CheckCompiler(views.Views, codeLists);
        foreach (var (_, map, log) in Files(folder, "checks", mistakes))
        {
            checks.Compile(map, log);
            mistakes.AddRange(log.Mistakes);
        }

        return (views.Views, checks.Checks);
    }

    private static IReadOnlyList<Figure> CheckFigures(
        string folder, IReadOnlyList<RecordView> views, Dictionary<string, CodeList> codeLists,
        List<DefinitionMistake> mistakes)
    {
        if (mistakes.Count > 0) return [];
        var figures = new FigureCompiler([.. views.Where(view => view.List is null)], codeLists);
        foreach (var (_, map, log) in Files(folder, "figures", mistakes))
        {
            figures.Compile(map, log);
            mistakes.AddRange(log.Mistakes);
        }

        return [.. figures.Figures.OrderBy(figure => figure.Order)];
    }

    private static List<Score> CheckScores(
        string folder, Dictionary<string, CodeList> codeLists, List<DefinitionMistake> mistakes)
    {
        var scores = new List<Score>();
        foreach (var (_, map, log) in Files(folder, "scores", mistakes))
        {
            if (ScoreCompiler.Compile(map, codeLists, log) is { } score)
            {
                if (!scores.Exists(other => other.Id == score.Id)) scores.Add(score);
                else log.Add("DEF-022", map.At("score"), $"«{score.Id}» finnes i en fil til.", "Skriv en ny versjon.");
            }

            mistakes.AddRange(log.Mistakes);
        }

        return scores;
    }

    private static List<Eligibility> CheckEligibility(
        string folder, IReadOnlyList<RecordView> views, Dictionary<string, CodeList> codeLists,
        List<DefinitionMistake> mistakes)
    {
        var found = new List<Eligibility>();
        if (mistakes.Count > 0) return found;
        foreach (var (_, map, log) in Files(folder, "eligibility", mistakes))
        {
            if (EligibilityCompiler.Compile(map, views, codeLists, log) is { } one) found.Add(one);
            mistakes.AddRange(log.Mistakes);
        }

        return found;
    }

    /// <summary>A check of a file by itself, over views that are known; null when it has mistakes.</summary>
    internal static Check? CheckOf(
        string file, IReadOnlyList<RecordView> views, IEnumerable<CodeList> codeLists,
        List<DefinitionMistake> mistakes)
    {
        var log = new MistakeLog(Path.GetFileName(file));
        var compiler = new CheckCompiler(
            views, codeLists.ToDictionary(list => list.Id, StringComparer.Ordinal));
        if (TryLoad(file, log, out var root) && DefinitionMap.Of(root!, log, "definisjonen") is { } map)
            compiler.Compile(map, log);
        mistakes.AddRange(log.Mistakes);
        return log.Mistakes.Count == 0 ? compiler.Checks[0] : null;
    }

    private static List<MessageType> CheckMessages(
        string folder, TitleWords titles, Dictionary<string, CodeList> codeLists,
        Dictionary<string, CodeMapping> mappings, Dictionary<string, SensitiveClass> classes,
        List<DefinitionMistake> mistakes)
    {
        var types = new List<MessageType>();
        var files = Files(folder, "messages", mistakes).ToList();
        var all = new Dictionary<(string, string), (YamlMappingNode, string)>();
        foreach (var (_, map, log) in files)
            all.TryAdd((map.Scalar("message"), map.Scalar("version")), (map.Node, log.File));
        foreach (var (_, written, log) in files)
        {
            titles.Into(written.Node);
            var map = written.Has("basedOn") ? written.With(BasedOn.Resolve(written.Node, all, log)) : written;
            var type = MessageTypeCompiler.Compile(map, codeLists, mappings, classes, log);
            if (types.Exists(other => other.Name == type.Name && other.Version == type.Version))
            {
                log.Add("DEF-022", map.At("message"), $"{type} finnes i en annen fil også.",
                    "Gi den ene en ny versjon, eller slett den.");
            }

            foreach (var record in type.RecordTypes.Where(record => IsTableTaken(types, type, record)))
            {
                log.Add("DEF-022", map.At("records"), $"Tabellen «{record.Table}» brukes av en annen meldingstype.",
                    "Gi posttypen sin egen tabell.");
            }

            if (type.Xml is { } xml && types.Exists(
                other => other.Xml?.Namespace == xml.Namespace && other.Xml.Root.Name == xml.Root.Name))
            {
                log.Add("DEF-022", map.At("namespace"), $"Navnerommet «{xml.Namespace}» brukes av en annen type.",
                    "Hver type og versjon har sitt eget navnerom.");
            }

            types.Add(type);
            mistakes.AddRange(log.Mistakes);
        }

        return types;
    }

    private static TitleWords ReadTitles(string folder, List<DefinitionMistake> mistakes)
    {
        var titles = new TitleWords();
        var file = Path.Combine(folder, TitleWords.FileName);
        if (!File.Exists(file)) return titles;
        var log = new MistakeLog(TitleWords.FileName);
        if (TryLoad(file, log, out var root) && DefinitionMap.Of(root!, log, "titlene") is { } map)
            titles.Compile(map, log);
        mistakes.AddRange(log.Mistakes);
        return titles;
    }

    // Versions of one message fill the same table.
    private static bool IsTableTaken(List<MessageType> types, MessageType type, RecordType record) =>
        types.Exists(other => (other.Name != type.Name || other.Version == type.Version)
            && other.RecordTypes.Any(taken => taken.Table == record.Table))
        || type.RecordTypes.Count(own => own.Table == record.Table) > 1;

    private static IEnumerable<(string File, DefinitionMap Map, MistakeLog Log)> Files(
        string folder, string part, List<DefinitionMistake> mistakes)
    {
        var path = Path.Combine(folder, part);
        if (!Directory.Exists(path)) yield break;
        foreach (var file in Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal))
        {
            var log = new MistakeLog($"{part}/{Path.GetFileName(file)}");
            if (TryLoad(file, log, out var root) && DefinitionMap.Of(root!, log, "definisjonen") is { } map)
            {
                yield return (file, map, log);
            }
            else
            {
                mistakes.AddRange(log.Mistakes);
            }
        }
    }

    private static bool TryLoad(string file, MistakeLog log, out YamlNode? root)
    {
        root = null;
        if (new FileInfo(file).Length > FileKilobytesMax * 1024L)
        {
            log.Add("DEF-001", Mark.Empty, "Filen er for stor.", $"En definisjon er høyst {FileKilobytesMax} kB.");
            return false;
        }

        using var text = File.OpenText(file);
        var parser = new BoundedParser(text);
        try
        {
            var yaml = new YamlStream();
            yaml.Load(parser);
            root = yaml.Documents.Count == 1 ? yaml.Documents[0].RootNode : null;
        }
        catch (BottomlessException fault)
        {
            log.Add("DEF-001", fault.Start, fault.Message, fault.Advice);
            return false;
        }
        catch (YamlException fault)
        {
            log.Add("DEF-001", fault.Start, $"Filen er ikke gyldig YAML: {fault.Message}",
                "Sjekk innrykk, kolon og anførselstegn på denne linjen og den før.");
            return false;
        }
        catch (InvalidOperationException)
        {
            // What the YAML library answers to some brackets that are never closed.
            log.Add("DEF-001", parser.Current?.End ?? Mark.Empty, "Filen er ikke gyldig YAML etter dette stedet.",
                "Se etter en klamme eller et anførselstegn som ikke er lukket.");
            return false;
        }

        if (root is not null) return true;
        log.Add("DEF-001", Mark.Empty, "Filen skal holde én definisjon.",
            "Fjern tomme dokumenter og «---» mellom flere.");
        return false;
    }
}
