using System.Text.RegularExpressions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;

namespace Kilde.Definitions.Compiling.Checks;

/// <summary>Compiles the files of <c>views/</c>: records of several tables in one shape.</summary>
internal sealed partial class RecordViewCompiler(IReadOnlyList<MessageType> types)
{
    private static readonly IReadOnlyDictionary<string, ViewColumnKind> Kinds = Words.Camel<ViewColumnKind>();
    private static readonly IReadOnlyDictionary<string, RecordList> Lists = Words.Camel<RecordList>();

    /// <summary>Columns of every record table that an expression may use.</summary>
    private static readonly string[] OfEveryTable =
    [
        "person_key", "record_key", "sender", "unit", "local_id", "extracted_on", "since", "period_year",
        "period_share", "each",
    ];

    private readonly List<RecordView> _views = [];

    public IReadOnlyList<RecordView> Views => _views;

    public void Compile(DefinitionMap map, MistakeLog log)
    {
        var name = map.Text("view", isRequired: true) ?? "";
        var title = map.Text("title", isRequired: true) ?? "";
        HoldName(name, map, "view", log);
        if (_views.Exists(view => view.Name == name))
            log.Add("DEF-050", map.At("view"), $"Visningen «{name}» finnes i en annen fil også.", "Slå dem sammen.");

        if (map.Text("of") is { } of)
        {
            CompileOf(of, name, title, map);
            return;
        }

        var columns = new List<ViewColumn>();
        var written = map.Map("columns", "kolonnene", isRequired: true);
        foreach (var (column, _, _) in written?.Entries ?? [])
        {
            HoldName(column, written!, column, log);
            if (written!.Choice(column, Kinds) is { } kind) columns.Add(new ViewColumn(column, kind));
        }

        var sources = new List<ViewSource>();
        var list = map.Choice("list", Lists);
        var from = map.Map("from", "tabellene", isRequired: list is null);
        foreach (var (table, _, _) in from?.Entries ?? [])
        {
            if (from!.Map(table, $"tabellen «{table}»") is { } source)
                sources.Add(CompileSource(table, from, source, columns, log));
        }

        var counting = CountingLines.Compile(map, sources, types, log);
        map.RefuseOtherKeys();
        if (list is not null && from is not null)
            log.Add("DEF-050", map.At("from"), "En liste har ingen tabeller.", "Skriv enten «list» eller «from».");
        if (columns.Count == 0 || (sources.Count == 0 && list is null)) return;
        _views.Add(new RecordView
        {
            Name = name, Title = title, Sources = list is null ? sources : [], Counting = counting, List = list,
            Columns = counting.Count > 0
                ? [.. columns, new ViewColumn(RecordView.CountsColumn, ViewColumnKind.Boolean)]
                : columns,
        });
    }

    // The rows of another view that count.
    private void CompileOf(string of, string name, string title, DefinitionMap map)
    {
        map.RefuseOtherKeys();
        if (_views.Find(view => view.Name == of && view.Counting.Count > 0) is not { } all)
        {
            map.AddUnknownWord(
                map.At("of"), "of", of, _views.Where(view => view.Counting.Count > 0).Select(view => view.Name));
            return;
        }

        _views.Add(new RecordView
        {
            Name = name, Title = title, Sources = all.Sources, Counting = all.Counting, CountedOf = all,
            Columns = [.. all.Columns.Where(column => column.Name != RecordView.CountsColumn)],
        });
    }

    private ViewSource CompileSource(
        string key, DefinitionMap from, DefinitionMap map, List<ViewColumn> columns, MistakeLog log)
    {
        var tables = types.SelectMany(type => type.RecordTypes).ToLookup(record => record.Table);
        var table = map.Text("table") ?? key;
        var records = tables[table].ToList();
        if (records.Count == 0)
            from.AddUnknownWord(map.Has("table") ? map.At("table") : from.At(key), "from", table, Names(tables));
        var with = map.Texts("with");
        foreach (var (other, node) in with.Where(other => !tables.Contains(other.Text)))
            map.AddUnknownWord(node, "with", other, Names(tables));

        string[] known =
            [.. records.SelectMany(record => record.Columns).Select(column => column.Name), .. OfEveryTable];
        var expressions = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] settable = [.. columns.Select(column => column.Name), "sender", "unit", "local_id", "data_year"];
        foreach (var column in settable)
        {
            if (map.Text(column) is not { } sql) continue;
            SqlText.Hold(sql, map.At(column), $"«{column}»", log);
            if (records.Count > 0 && BareWord.IsMatch(sql) && !known.Contains(sql))
                map.AddUnknownWord(map.At(column), column, sql, known);
            expressions[column] = sql;
        }

        var (each, where) = (map.Text("each"), map.Text("where"));
        if (each is not null) SqlText.Hold(each, map.At("each"), "«each»", log);
        if (where is not null) SqlText.Hold(where, map.At("where"), "«where»", log);
        map.RefuseOtherKeys();
        return new ViewSource(table, expressions, each, where, [.. with.Select(other => other.Text)]);
    }

    private static IEnumerable<string> Names(ILookup<string, RecordType> tables) => tables.Select(table => table.Key);

    private static void HoldName(string name, DefinitionMap map, string key, MistakeLog log)
    {
        if (!Name.IsMatch(name) || name == RecordView.CountsColumn
            || RecordView.FixedColumns.Any(column => column.Name == name))
        {
            log.Add("DEF-050", map.At(key), $"«{name}» kan ikke være navnet her.",
                "Skriv små bokstaver, tall og understrek, og ikke et navn alle visninger har fra før.");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{1,39}$", RegexOptions.None, 1000)]
    private static partial Regex Name { get; }

    [GeneratedRegex("^[a-z_][a-z0-9_]*$", RegexOptions.None, 1000)]
    private static partial Regex BareWord { get; }
}
