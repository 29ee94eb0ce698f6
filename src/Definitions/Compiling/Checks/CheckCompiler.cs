using System.Globalization;
using System.Text.RegularExpressions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Definitions.Rules;
using Kilde.Kernel;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling.Checks;

/// <summary>Compiles the files of <c>checks/</c>: what is checked of all that the register holds.</summary>
internal sealed partial class CheckCompiler(
    IReadOnlyList<RecordView> views, IReadOnlyDictionary<string, CodeList> codeLists)
{
    private const int YearMin = 1980;
    private const int YearMax = 2099;
    private const int YearsBackMax = 5;

    private static readonly IReadOnlyDictionary<string, CheckKind> Kinds = Words.Camel<CheckKind>();
    private static readonly IReadOnlyDictionary<string, CheckScope> Scopes = Words.Camel<CheckScope>();
    private static readonly IReadOnlyDictionary<string, CheckStatus> Statuses = Words.Camel<CheckStatus>();
    private static readonly IReadOnlyDictionary<string, FindingOwner> Owners = Words.Camel<FindingOwner>();

    private static readonly string[] NumberKeys = ["value", "min", "max"];

    private readonly List<Check> _checks = [];

    public IReadOnlyList<Check> Checks => _checks;

    public void Compile(DefinitionMap map, MistakeLog log)
    {
        var id = map.Text("check", isRequired: true) ?? "";
        if (!CheckId.IsMatch(id))
            log.Add("DEF-052", map.At("check"), $"«{id}» er ikke en id.", "Skriv den som KPR-OMS-001.");
        else if (_checks.Exists(check => check.Id == id))
            log.Add("DEF-052", map.At("check"), $"Kontrollen «{id}» finnes fra før.", "En id brukes aldri om igjen.");

        var years = map.Map("dataYears", "dataårene", isRequired: true);
        var first = years?.Whole("from", YearMin, YearMax, isRequired: true) ?? YearMin;
        var last = years?.Whole("to", first, YearMax);
        years?.RefuseOtherKeys();
        var limits = Limits(map, log);
        var reads = ViewRows.Reads(map, views);
        var check = new Check
        {
            Id = id,
            Kind = map.Choice("kind", Kinds, isRequired: true) ?? CheckKind.Quality,
            Scope = map.Choice("scope", Scopes, isRequired: true) ?? CheckScope.Person,
            Register = map.Choice("register", Words.Registers, isRequired: true) ?? default,
            Titles = map.InThreeLanguages("title"),
            Text = map.InThreeLanguages("text"),
            Details = Details(map, log),
            DetailCodes = DetailCodes(map, log),
            Mend = map.InThreeLanguages("mend"),
            Affects = map.Has("affects") ? map.InLanguages("affects", isRequired: false) : null,
            Level = map.Choice("level", Words.Levels, isRequired: true) ?? RuleLevel.Notice,
            Owner = map.Choice("owner", Owners, isRequired: true) ?? FindingOwner.Sender,
            Status = map.Choice("status", Statuses, isRequired: true) ?? CheckStatus.Shadow,
            Source = map.Text("source", isRequired: true) ?? "",
            FirstDataYear = first,
            LastDataYear = last,
            HoldsOut = map.Flag("holdsOut"),
            YearsBack = map.Whole("yearsBack", 0, YearsBackMax) ?? 0,
            Reads = reads,
            Limits = limits,
            Measure = map.Text("measure", isRequired: true) ?? "",
            Finding = map.Text("finding", isRequired: true) ?? "",
            Edits = Edits(map, reads, log),
            NoEdit = map.Text("noEdit"),
            Examples = ViewRows.Examples(
                map, reads, "finds", Check.MeasureColumns,
                (title, rows, finds) => new CheckExample(title, rows, finds), log),
        };
        map.RefuseOtherKeys();
        Hold(check, map, log);
        _checks.Add(check);
    }

    private static void Hold(Check check, DefinitionMap map, MistakeLog log)
    {
        SqlText.Hold(check.Measure, map.At("measure"), "«measure»", log);
        SqlText.Hold(check.Finding, map.At("finding"), "«finding»", log);
        var names = check.Limits.Select(limit => limit.Name).ToList();
        foreach (var name in CheckPlaceholders.NamesIn(check.Finding, CheckPlaceholders.Limit).Except(names))
            map.AddUnknownWord(map.At("finding"), "finding", $"@{name}", names.Select(known => $"@{known}"));
        foreach (var name in CheckPlaceholders.NamesIn(check.Measure, CheckPlaceholders.Limit))
        {
            log.Add("DEF-053", map.At("measure"), $"Grensen «@{name}» står i målingen.",
                "Mål først; skriv grensen i «finding», så kan den endres uten ny kjøring.");
        }

        if (check is { HoldsOut: true, Scope: not CheckScope.Person })
        {
            log.Add("DEF-057", map.At("holdsOut"), "Bare det som er funnet av en person, kan holde noen utenfor tall.",
                "Fjern «holdsOut», eller skriv «scope: person».");
        }

        if (check.NoEdit is not null && check.Edits.Count > 0)
        {
            log.Add("DEF-055", map.At("noEdit"), "Kontrollen har rettelser, og sier likevel hvorfor den ingen har.",
                "Fjern «edits» eller «noEdit».");
        }

        string[] known = [.. names, "measured", "basis", "detail"];
        foreach (var text in new[] { check.Text.Nb, check.Text.Nn, check.Text.En }.OfType<string>())
        {
            foreach (var hole in CheckPlaceholders.NamesIn(text, CheckPlaceholders.InText).Except(known))
                map.AddUnknownWord(map.At("text"), "text", hole, known);
        }

        if (check.Examples.All(example => example.Finds.Count > 0)
            || check.Examples.All(example => example.Finds.Count == 0))
        {
            log.Add("DEF-054", map.At("examples"), "Eksemplene viser ikke både det som består og det som er et funn.",
                "Skriv minst ett eksempel med «finds: []» og ett med et funn.");
        }
    }

    private static List<CheckLimit> Limits(DefinitionMap map, MistakeLog log)
    {
        var limits = new List<CheckLimit>();
        foreach (var (name, at, value) in map.Map("limits", "grensene")?.Entries ?? [])
        {
            if (DefinitionMap.Of(value, log, $"grensen «{name}»") is not { } limit) continue;
            if (!LimitName.IsMatch(name))
                log.Add("DEF-053", at, $"«{name}» kan ikke være navnet på en grense.", "Skriv bokstaver og tall.");
            var (title, unit) = (limit.InThreeLanguages("title"), limit.InThreeLanguages("unit"));
            decimal[] numbers = [.. NumberKeys.Select(key => Number(limit, key, log))];
            limit.RefuseOtherKeys();
            if (numbers[0] < numbers[1] || numbers[0] > numbers[2])
            {
                log.Add("DEF-053", limit.At("value"), $"Grensen «{name}» ligger utenfor det den kan settes til.",
                    "Rett value, min eller max.");
            }

            limits.Add(new CheckLimit(name, numbers[0], numbers[1], numbers[2], title, unit));
        }

        return limits;
    }

    // Translated as they are written: what stands in bokmål is recognized, and what differs goes over.
    private static List<DetailPhrase> Details(DefinitionMap map, MistakeLog log)
    {
        var phrases = new List<DetailPhrase>();
        foreach (var node in (map.Any("details") as YamlSequenceNode)?.Children ?? [])
        {
            if (DefinitionMap.Of(node, log, "detaljen") is not { } written) continue;
            if (written.AsThreeLanguages() is not { Nb: { Length: > 0 } nb, Nn: { } nn, En: { } en } text) continue;
            var places = DetailPhrase.PlacesIn(nb).Order(StringComparer.Ordinal).ToList();
            if (places.SequenceEqual(DetailPhrase.PlacesIn(nn).Order(StringComparer.Ordinal))
                && places.SequenceEqual(DetailPhrase.PlacesIn(en).Order(StringComparer.Ordinal)))
            {
                phrases.Add(new DetailPhrase(text));
            }
            else
            {
                log.Add("DEF-065", node, $"«{nb}» har ikke de samme plassene i alle språk.",
                    "Skriv {0}, {1} … like mange ganger i hvert språk.");
            }
        }

        return phrases;
    }

    private CodeList? DetailCodes(DefinitionMap map, MistakeLog log)
    {
        if (map.Text("detailCodes") is not { } id) return null;
        if (!codeLists.TryGetValue(id, out var list))
        {
            map.AddUnknownWord(map.At("detailCodes"), "detailCodes", id, codeLists.Keys);
            return null;
        }

        foreach (var code in list.Codes.Where(code => code.Texts.Nn is null || code.Texts.En is null))
        {
            log.Add("DEF-059", map.At("detailCodes"), $"Koden {code.Value} står ikke på både nynorsk og engelsk.",
                "Skriv text: { nb, nn, en } i kodeverket.");
        }

        return list;
    }

    private static List<CheckEdit> Edits(DefinitionMap map, IReadOnlyList<RecordView> reads, MistakeLog log)
    {
        var edits = new List<CheckEdit>();
        foreach (var node in (map.Any("edits") as YamlSequenceNode)?.Children ?? [])
        {
            if (DefinitionMap.Of(node, log, "rettelsen") is not { } edit) continue;
            var column = edit.Text("column", isRequired: true) ?? "";
            var (when, value, removes) = (edit.Text("when"), edit.Text("value"), edit.Flag("remove"));
            if (when is not null) SqlText.Hold(when, edit.At("when"), "«when»", log);
            if (value is not null) SqlText.Hold(value, edit.At("value"), "«value»", log);
            if ((value is null) != removes)
            {
                log.Add("DEF-055", node, "Rettelsen sier ikke hva som skal stå.",
                    "Skriv enten «value» eller «remove: true».");
            }

            edit.RefuseOtherKeys();
            if (reads.FirstOrDefault(view => view.Columns.Any(known => known.Name == column)) is { } view)
                edits.Add(new CheckEdit(view, column, when, value, removes));
            else
                edit.AddUnknownWord(edit.At("column"), "column", column,
                    reads.SelectMany(known => known.Columns).Select(known => known.Name));
        }

        return edits;
    }

    private static decimal Number(DefinitionMap map, string key, MistakeLog log)
    {
        if (map.Text(key, isRequired: true) is not { } text) return 0;
        if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)) return number;
        log.Add("DEF-006", map.At(key), $"«{key}» er «{text}».", "Skriv et tall, med punktum foran desimaler.");
        return 0;
    }

    [GeneratedRegex("^[A-Z]{3}-[A-Z]{2,5}-[0-9]{3}$", RegexOptions.None, 1000)]
    private static partial Regex CheckId { get; }

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9]{1,30}$", RegexOptions.None, 1000)]
    private static partial Regex LimitName { get; }
}
