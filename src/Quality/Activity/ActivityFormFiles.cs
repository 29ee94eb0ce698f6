using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Kilde.Quality.Activity;

/// <summary>A form of activity feedback is wrong. The message names the file and the mistake.</summary>
public sealed class ActivityFormException(string message) : Exception(message);

/// <summary>
/// Reads the forms of a folder and holds them against the definitions: a column, a table or a key that is not there is
/// refused, and so is a key of the file that is not known.
/// </summary>
public static class ActivityFormFiles
{
    /// <summary>More columns than a spreadsheet's single letters have no room.</summary>
    private const int KeysMax = 8;

    /// <summary>All forms. None when there is no folder.</summary>
    /// <exception cref="ActivityFormException">A file is wrong, or two forms are for one message.</exception>
    public static ActivityForms Load(string folder, DefinitionCatalogue definitions)
    {
        if (!Directory.Exists(folder)) return new ActivityForms([]);
        ActivityForm[] forms =
        [
            .. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
                .Select(file => Read(File.ReadAllText(file), Path.GetFileName(file), definitions)),
        ];
        return forms.GroupBy(form => form.MessageType).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new ActivityFormException($"Two forms are for {twice.Key}.")
            : new ActivityForms(forms);
    }

    internal static ActivityForm Read(string yaml, string file, DefinitionCatalogue definitions)
    {
        try
        {
            var written = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build()
                .Deserialize<FormYaml>(yaml);
            return written is null ? throw Mistake(file, "it is empty") : FormOf(written, file, definitions);
        }
        catch (YamlException fault)
        {
            throw Mistake(file, $"line {fault.Start.Line}: {fault.InnerException?.Message ?? fault.Message}");
        }
    }

    // The newest version with the table tells the columns; what an older one lacks is null there.
    private static ActivityForm FormOf(FormYaml written, string file, DefinitionCatalogue definitions)
    {
        var versions = definitions.MessageTypes.Where(type => type.Name == written.Message).ToList();
        if (versions.Count == 0) throw Mistake(file, $"there is no message {written.Message}");
        var message = versions.FindLast(version => version.RecordTypes.Any(each => each.Table == written.Table))
            ?? throw Mistake(file, $"{written.Message} has no table {written.Table}");
        var type = message.RecordTypes.First(each => each.Table == written.Table);
        var units = written.Units is null
            ? null
            : message.RecordTypes.FirstOrDefault(each => each.Table == written.Units)
                ?? throw Mistake(file, $"{written.Message} has no table {written.Units}");
        if (written.Sector is { } sector) Column(type, sector, file);
        if (units is not null)
        {
            Column(units, ActivityForm.UnitIdColumn, file);
            Column(units, ActivityForm.UnitNameColumn, file);
        }

        ActivityCount[] counts =
            [.. written.Counts.Select((count, i) => CountOf($"{i}", count, written.Keys, type, units, file))];
        if (counts.Length == 0 || written.Sheets.Count == 0) throw Mistake(file, "counts and sheets are needed");
        return new ActivityForm(
            message.Name, type, message.Replacement == Replacement.CumulativePerPeriod, written.Units, written.Sector,
            TextOf(written.Title, "title", file), TextOf(written.Counted, "counted", file), counts,
            [.. written.Sheets.Select(sheet => SheetOf(sheet, counts, file))]);
    }

    private static ActivityKey KeyOf(
        string id, KeyYaml key, NestedItems? each, RecordType type, RecordType? units, string file)
    {
        if (key.Item is { } item)
        {
            if (each is null) throw Mistake(file, $"key {id} is an item, and the count has no each");
            return new ActivityKey(
                id, KeySource.Item, item, UnitKind: null, TextOf(key.Title, $"title of key {id}", file), [],
                ItemOf(type, each, item, file).CodeList);
        }

        var column = (key.Month ?? key.Column) is { } name ? Column(type, name, file) : null;
        var source = (key.Month, key.Column, key.Unit) switch
        {
            ({ }, null, null) => KeySource.Month,
            (null, { }, null) => KeySource.Column,
            (null, null, { }) => KeySource.Unit,
            (null, null, null) => KeySource.Institution,
            _ => throw Mistake(file, $"key {id} has one of month, column and unit, or none of them"),
        };
        if (source == KeySource.Month && column!.Kind is not (ColumnKind.Date or ColumnKind.Instant))
            throw Mistake(file, $"key {id}: {column.Name} is neither a day nor an instant");
        if (source == KeySource.Unit)
        {
            if (units is null) throw Mistake(file, $"key {id} is a unit, and the form names no table of units");
            Column(type, ActivityForm.ReferenceColumn, file);
            Column(type, ActivityForm.ReferenceKindColumn, file);
        }

        return new ActivityKey(
            id, source, column?.Name, key.Unit, TextOf(key.Title, $"title of key {id}", file),
            [.. key.Groups.Select(group => new CodeGroup(group.Codes, TextOf(group.Title, $"title in {id}", file)))],
            source == KeySource.Column ? column!.Field.CodeList : null);
    }

    private static ActivityCount CountOf(
        string id, CountYaml count, Dictionary<string, KeyYaml> keys, RecordType type, RecordType? units, string file)
    {
        if (count.Keys.Count > KeysMax) throw Mistake(file, $"a count has at most {KeysMax} keys");
        var each = count.Each is { } path ? EachOf(path, type, file) : null;
        return new ActivityCount(
            id,
            [
                .. count.Keys.Select(key => KeyOf(
                    key, keys.GetValueOrDefault(key) ?? throw Mistake(file, $"there is no key {key}"), each, type,
                    units, file)),
            ],
            [.. count.Amounts.Select(amount => AmountOf(amount.Key, amount.Value, each, type, file))], each);
    }

    // A column, and the names of lists within its list.
    private static NestedItems EachOf(string path, RecordType type, string file)
    {
        var names = path.Split('/');
        return Column(type, names[0], file).Kind == ColumnKind.Json
            ? new NestedItems(names[0], names[1..])
            : throw Mistake(file, $"{names[0]} does not hold several");
    }

    private static Field ItemOf(RecordType type, NestedItems each, string name, string file)
    {
        var list = Column(type, each.Column, file).Field;
        var path = string.Join('/', [list.WireName, .. each.Path, $"@{name}"]);
        return list.Fields.FirstOrDefault(field => field.Path.EndsWith($"/{path}", StringComparison.Ordinal))
            ?? throw Mistake(
                file, $"there is no item {path}, only {string.Join(", ", list.Fields.Select(field => field.Path))}");
    }

    private static ActivityAmount AmountOf(
        string id, AmountYaml amount, NestedItems? each, RecordType type, string file)
    {
        var title = TextOf(amount.Title, $"title of amount {id}", file);
        if (amount.Persons) return new ActivityAmount(id, AmountKind.Persons, Column: null, title);
        if (each is not null && (amount.Sum ?? amount.Missing) is { } item)
        {
            var kind = ColumnKinds.Of(ItemOf(type, each, item, file).Type);
            if (amount.Sum is not null && kind is not (ColumnKind.Decimal or ColumnKind.Integer))
                throw Mistake(file, $"amount {id}: {item} is no number");
            return new ActivityAmount(id, amount.Sum is null ? AmountKind.Missing : AmountKind.Sum, item, title);
        }

        if (amount.Missing is not null) throw Mistake(file, $"amount {id} lacks an item, and the count has no each");
        if (amount.Sum is not { } name) return new ActivityAmount(id, AmountKind.Rows, Column: null, title);
        return Column(type, name, file).Kind is ColumnKind.Decimal or ColumnKind.Integer
            ? new ActivityAmount(id, AmountKind.Sum, name, title)
            : throw Mistake(file, $"amount {id}: {name} is no number");
    }

    private static ActivitySheet SheetOf(SheetYaml sheet, ActivityCount[] counts, string file)
    {
        var amount = sheet.Amount ?? counts[0].Amounts[0].Id;
        var count = counts.FirstOrDefault(each => each.Amounts.Any(one => one.Id == amount))
            ?? throw Mistake(file, $"there is no amount {amount}");
        var index = count.Amounts.Select((one, i) => (one, i)).First(each => each.one.Id == amount).i;
        int[] keys =
        [
            .. sheet.Keys.Select(key =>
            {
                var at = count.Keys.Select((one, i) => (one.Id, i)).Where(each => each.Id == key).ToList();
                return at.Count == 1 ? at[0].i : throw Mistake(file, $"{amount} is not counted by {key}");
            }),
        ];
        if (count.Amounts[index].Kind == AmountKind.Persons && keys.Length != count.Keys.Count)
            throw Mistake(file, $"{amount} are persons, and shown by all the keys they are counted by");
        var rows = sheet.Rows switch
        {
            null or "all" => SheetRows.All,
            "change" => SheetRows.Change,
            "deviation" => SheetRows.Deviation,
            _ => throw Mistake(file, "rows are all, change or deviation"),
        };
        return new ActivitySheet(
            sheet.Sheet, count, index, keys, rows, sheet.Chart,
            sheet.Title is null ? null : TextOf(sheet.Title, $"title of sheet {sheet.Sheet}", file));
    }

    private static RecordColumn Column(RecordType type, string name, string file) =>
        type.Columns.FirstOrDefault(column => column.Name == name)
        ?? throw Mistake(
            file,
            $"{type.Table} has no column {name}, only {string.Join(", ", type.Columns.Select(each => each.Name))}");

    private static LocalizedText TextOf(TextYaml? text, string what, string file) =>
        text is { Nb.Length: > 0 } ? new LocalizedText(text.Nb, text.Nn, text.En) : throw Mistake(file, $"no {what}");

    private static ActivityFormException Mistake(string file, string what) => new($"{file}: {what}.");

    private sealed class FormYaml
    {
        public string Message { get; set; } = "";

        public string Table { get; set; } = "";

        public string? Units { get; set; }

        public string? Sector { get; set; }

        public TextYaml? Title { get; set; }

        public TextYaml? Counted { get; set; }

        public Dictionary<string, KeyYaml> Keys { get; set; } = [];

        public List<CountYaml> Counts { get; set; } = [];

        public List<SheetYaml> Sheets { get; set; } = [];
    }

    private sealed class TextYaml
    {
        public string Nb { get; set; } = "";

        public string? Nn { get; set; }

        public string? En { get; set; }
    }

    private sealed class KeyYaml
    {
        public string? Month { get; set; }

        public string? Column { get; set; }

        public string? Unit { get; set; }

        public string? Item { get; set; }

        public TextYaml? Title { get; set; }

        public List<GroupYaml> Groups { get; set; } = [];
    }

    private sealed class GroupYaml
    {
        public List<string> Codes { get; set; } = [];

        public TextYaml? Title { get; set; }
    }

    private sealed class CountYaml
    {
        public string? Each { get; set; }

        public List<string> Keys { get; set; } = [];

        public Dictionary<string, AmountYaml> Amounts { get; set; } = [];
    }

    private sealed class AmountYaml
    {
        public string? Sum { get; set; }

        public string? Missing { get; set; }

        public bool Persons { get; set; }

        public TextYaml? Title { get; set; }
    }

    private sealed class SheetYaml
    {
        public string Sheet { get; set; } = "";

        public List<string> Keys { get; set; } = [];

        public string? Amount { get; set; }

        public string? Rows { get; set; }

        public bool Chart { get; set; }

        public TextYaml? Title { get; set; }
    }
}
