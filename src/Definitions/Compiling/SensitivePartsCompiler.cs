using Kilde.Definitions.Model;
using YamlDotNet.RepresentationModel;

namespace Kilde.Definitions.Compiling;

/// <summary>
/// Compiles <c>sensitive:</c> of a record. A column whose code list has codes of a class must be told what is done
/// with: a new message cannot hold such codes in the open by being silent.
/// </summary>
internal sealed class SensitivePartsCompiler(IReadOnlyDictionary<string, SensitiveClass> classes, MistakeLog log)
{
    /// <param name="kept">The columns the record cannot be told apart, placed or counted without.</param>
    public IReadOnlyList<SensitivePart> Compile(
        DefinitionMap record, IReadOnlyList<RecordColumn> columns, IReadOnlySet<string> kept)
    {
        var parts = new List<SensitivePart>();
        var told = new HashSet<(string Class, int Column)>();
        if (record.Map("sensitive", "det som holdes for seg") is { } written)
        {
            foreach (var (id, at, value) in written.Entries)
            {
                if (!classes.TryGetValue(id, out var known))
                {
                    log.Add("DEF-061", at, $"Klassen «{id}» finnes ikke i sensitive.",
                        CloseMatch.Advise(id, classes.Keys));
                }
                else if (DefinitionMap.Of(value, log, $"klassen «{id}»") is { } map)
                {
                    parts.Add(ReadPart(known, map, columns, kept, told));
                }
            }
        }

        foreach (var one in classes.Values) RefuseSilence(one, record, columns, told);
        return parts;
    }

    private SensitivePart ReadPart(
        SensitiveClass one, DefinitionMap map, IReadOnlyList<RecordColumn> columns, IReadOnlySet<string> kept,
        HashSet<(string Class, int Column)> told)
    {
        var rows = new List<SensitiveCodes>();
        foreach (var (name, at) in map.Texts("rows"))
        {
            if (PlaceOf(name, at, columns) is not { } place) continue;
            told.Add((one.Id, place));
            if (CodesOf(one, columns[place]) is { Count: > 0 } codes) rows.Add(new SensitiveCodes(place, codes));
            else
            {
                log.Add("DEF-062", at, $"«{name}» har ikke et kodeverk med koder av klassen «{one.Id}».",
                    $"Velg en kolonne med et av kodeverkene {string.Join(", ", one.Codes.Keys)}, eller skriv fields.");
            }
        }

        var fields = new List<int>();
        foreach (var (name, at) in map.Texts("fields"))
        {
            if (PlaceOf(name, at, columns) is not { } place) continue;
            if (kept.Contains(name) || !told.Add((one.Id, place)))
            {
                log.Add("DEF-062", at, $"«{name}» kan ikke holdes utenfor posten.",
                    "Nøkkel, tid og det kontakten bygger på, må stå. Skriv kolonnen i rows i stedet.");
            }
            else
            {
                fields.Add(place);
            }
        }

        map.RefuseOtherKeys();
        if (rows.Count == 0 && fields.Count == 0)
            log.Add("DEF-062", map.Node, $"Ingenting av posten er av klassen «{one.Id}».", "Skriv rows eller fields.");
        return new SensitivePart(one, rows, fields);
    }

    private int? PlaceOf(string name, YamlNode at, IReadOnlyList<RecordColumn> columns)
    {
        for (var i = 0; i < columns.Count; i++)
            if (columns[i].Name == name) return i;
        log.Add("DEF-062", at, $"Posten har ingen kolonne «{name}».",
            CloseMatch.Advise(name, columns.Select(column => column.Name)));
        return null;
    }

    private void RefuseSilence(
        SensitiveClass one, DefinitionMap record, IReadOnlyList<RecordColumn> columns,
        HashSet<(string Class, int Column)> told)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (told.Contains((one.Id, i)) || CodesOf(one, columns[i]).Count == 0) continue;
            log.Add("DEF-063", record.At("sensitive"),
                $"«{columns[i].Name}» kan ha koder av klassen «{one.Id}», og posten sier ikke hva som holdes for seg.",
                $"Skriv sensitive: {{ {one.Id}: {{ rows: [{columns[i].Name}] }} }} for hele posten, eller fields.");
        }
    }

    // By the item that holds them: the column itself, or what stands in it when it is Json.
    private static Dictionary<string, IReadOnlySet<string>> CodesOf(SensitiveClass one, RecordColumn column)
    {
        var found = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        if (column.Kind is ColumnKind.Text or ColumnKind.TextArray) Add("", column.Field);
        if (column.Kind != ColumnKind.Json) return found;
        foreach (var field in column.Field.Fields.SelectMany(RecordTypeCompiler.Flatten))
            Add(field.WireName.TrimStart('@'), field);
        return found;

        void Add(string name, Field field)
        {
            if (field.CodeList is not { } list || !one.Codes.TryGetValue(list.Id, out var codes)) return;
            found[name] = codes.Count > 0 ? codes : list.Codes.Select(code => code.Value.Value).ToHashSet();
        }
    }
}
