using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Checks;

/// <summary>Compiles <c>counts:</c> of a view: which tables count where several have told of the same.</summary>
internal static class CountingLines
{
    private const int YearMin = 1980;
    private const int YearMax = 2099;

    public static IReadOnlyList<CountingLine> Compile(
        DefinitionMap map, IReadOnlyList<ViewSource> sources, IReadOnlyList<MessageType> types, MistakeLog log)
    {
        if (map.Any("counts") is not { } node) return [];
        if (node is not YamlSequenceNode sequence)
        {
            log.Add("DEF-004", node, "«counts» skal være en liste.", "Skriv en linje for hver kilde: - { sources: … }");
            return [];
        }

        return
        [
            .. sequence.Children.Select(child => DefinitionMap.Of(child, log, "linjen")).OfType<DefinitionMap>()
                .Select(line => CompileLine(line, sources, types, log)),
        ];
    }

    private static CountingLine CompileLine(
        DefinitionMap line, IReadOnlyList<ViewSource> sources, IReadOnlyList<MessageType> types, MistakeLog log)
    {
        var known = sources.Select(source => source.Table).ToHashSet(StringComparer.Ordinal);
        var tables = line.Texts("sources", isRequired: true);
        foreach (var (table, node) in tables.Where(table => !known.Contains(table.Text)))
            line.AddUnknownWord(node, "sources", table, known);
        var senders = line.Texts("senders");
        foreach (var (sender, node) in senders.Where(sender => !OrganizationNumber.TryParse(sender.Text, out _)))
        {
            log.Add("DEF-050", node, $"«{sender}» er ikke et organisasjonsnummer.",
                "Skriv de ni sifrene til den som rapporterer.");
        }

        var first = line.Whole("from", YearMin, YearMax);
        var last = line.Whole("to", first ?? YearMin, YearMax);
        if (line.Text("where") is { } where) SqlText.Hold(where, line.At("where"), "«where»", log);
        line.RefuseOtherKeys();
        string[] names = [.. tables.Select(table => table.Text)];
        return new CountingLine(
            names, WholeYearsOf(names, types), first, last, [.. senders.Select(sender => sender.Text)],
            line.Text("where"));
    }

    // Only when there is nothing else to count is there nothing before the file has come.
    private static string[] WholeYearsOf(string[] tables, IReadOnlyList<MessageType> types)
    {
        MessageType[] fillers =
            [.. types.Where(type => type.RecordTypes.Any(record => tables.Contains(record.Table)))];
        return fillers.All(type => type.Replacement == Replacement.CumulativePerPeriod)
            ? [.. fillers.Select(type => type.Name).Distinct(StringComparer.Ordinal)]
            : [];
    }
}
