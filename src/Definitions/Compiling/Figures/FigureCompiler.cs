using System.Text.RegularExpressions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Compiling.Checks;
using Kilde.Definitions.Figures;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Figures;

/// <summary>Compiles the files of <c>figures/</c>: what reporting units get back of their own.</summary>
internal sealed partial class FigureCompiler(
    IReadOnlyList<RecordView> views, IReadOnlyDictionary<string, CodeList> codeLists)
{
    private const int OrderMax = 100;

    private static readonly IReadOnlyDictionary<string, FigureKind> Kinds = Words.Camel<FigureKind>();

    private readonly List<Figure> _figures = [];

    public IReadOnlyList<Figure> Figures => _figures;

    public void Compile(DefinitionMap map, MistakeLog log)
    {
        var id = map.Text("figure", isRequired: true) ?? "";
        if (!FigureId.IsMatch(id) || _figures.Exists(figure => figure.Id == id))
        {
            log.Add("DEF-056", map.At("figure"), $"«{id}» kan ikke være id-en her.",
                "Skriv små bokstaver, tall og understrek, og et navn som ikke er brukt.");
        }

        var order = map.Whole("order", 1, OrderMax, isRequired: true) ?? 1;
        var kind = map.Choice("kind", Kinds, isRequired: true) ?? FigureKind.Overlapping;
        var titles = map.InThreeLanguages("title");
        var about = map.InThreeLanguages("about");
        var amount = map.Has("amount") ? map.InThreeLanguages("amount") : null;
        var source = map.Text("source", isRequired: true) ?? "";
        var categories = Categories(map, log);
        var reads = ViewRows.Reads(map, views);
        var count = map.Text("count", isRequired: true) ?? "";
        SqlText.Hold(count, map.At("count"), "«count»", log);
        var examples = ViewRows.Examples(
            map, reads, "counts", Figure.Columns,
            (title, rows, counts) => new FigureExample(title, rows, counts), log);
        if (examples.All(example => example.Counts.Count == 0))
            log.Add("DEF-054", map.At("examples"), "Ingen av eksemplene teller noe.", "Skriv minst ett som gjør det.");
        map.RefuseOtherKeys();
        _figures.Add(new Figure
        {
            Id = id,
            Order = order,
            Kind = kind,
            Titles = titles,
            About = about,
            AmountTitle = amount,
            Source = source,
            Categories = categories,
            Reads = reads,
            Count = count,
            Examples = examples,
        });
    }

    // The codes of a list, or the figure's own words; under headings, each category's code begins with the heading's.
    private List<FigureCategory> Categories(DefinitionMap map, MistakeLog log)
    {
        var items = new List<(string Code, LocalizedText Text)>();
        if (map.Text("codeList") is { } list)
        {
            if (codeLists.TryGetValue(list, out var codes))
                items.AddRange(codes.Codes.Select(code => (code.Value.Value, Whole(code, map, log))));
            else
                map.AddUnknownWord(map.At("codeList"), "codeList", list, codeLists.Keys);
        }

        items.AddRange(Named(map, "categories"));
        var groups = Named(map, "groups").ToList();
        if (items.Count == 0)
            log.Add("DEF-056", map.At("figure"), "Tallet har ingen kategorier.", "Skriv codeList eller categories.");
        return groups.Count == 0
            ? [.. items.Select(item => new FigureCategory(item.Code, item.Text, null))]
            :
            [
                .. from heading in groups
                   from item in items
                   select new FigureCategory($"{heading.Code}/{item.Code}", item.Text, heading.Text),
            ];
    }

    // A code may do with bokmål elsewhere; whoever reads a figure reads it in a language of their own.
    private static LocalizedText Whole(Code code, DefinitionMap map, MistakeLog log)
    {
        if (code.Texts is not { Nn: not null, En: not null })
        {
            log.Add("DEF-059", map.At("codeList"), $"Koden {code.Value} står ikke på både nynorsk og engelsk.",
                "Skriv «text» med nb, nn og en for koden i kodeverket.");
        }

        return code.Texts;
    }

    private static List<(string Code, LocalizedText Text)> Named(DefinitionMap map, string key) =>
        map.Map(key, $"«{key}»") is { } words
            ? [.. words.Entries.Select(entry => (entry.Key, words.InThreeLanguages(entry.Key)))]
            : [];

    [GeneratedRegex("^[a-z][a-z0-9_]{1,39}$", RegexOptions.None, 1000)]
    private static partial Regex FigureId { get; }
}
