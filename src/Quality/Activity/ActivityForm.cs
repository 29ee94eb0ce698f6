using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Activity;

/// <summary>How an amount is counted.</summary>
public enum AmountKind
{
    /// <summary>Records.</summary>
    Rows = 1,

    /// <summary>The values of a column, added up.</summary>
    Sum = 2,

    /// <summary>Different persons. They cannot be added up: one person may be in many rows.</summary>
    Persons = 3,

    /// <summary>Those that lack an item: services without an end.</summary>
    Missing = 4,
}

/// <summary>One figure of each row: episodes, hours, recipients.</summary>
/// <param name="Column">What is added up, or lacking; null for records and persons.</param>
public sealed record ActivityAmount(string Id, AmountKind Kind, string? Column, LocalizedText Title);

/// <summary>Codes that are told as one, such as the levels of care.</summary>
public sealed record CodeGroup(IReadOnlyList<string> Codes, LocalizedText Title);

/// <summary>What a key of the counts is read from.</summary>
public enum KeySource
{
    /// <summary>The month of a day or an instant, as days are in Norway.</summary>
    Month = 1,

    /// <summary>A column.</summary>
    Column = 2,

    /// <summary>The unit of a kind (code list 8476) that the record refers to, by the sender's name for it.</summary>
    Unit = 3,

    /// <summary>The reporting unit, as the message writes it.</summary>
    Institution = 4,

    /// <summary>An item of what a count has <see cref="ActivityCount.Each"/> of.</summary>
    Item = 5,
}

/// <summary>What records hold several of in a Json column, such as the services of a case.</summary>
/// <param name="Path">Names of the lists within that of the column, from the outermost.</param>
public sealed record NestedItems(string Column, IReadOnlyList<string> Path);

/// <summary>Something that activity is counted by.</summary>
/// <param name="Column">The column or the item; null for the reporting unit.</param>
/// <param name="UnitKind">Code of list 8476; null for what is no unit.</param>
/// <param name="Groups">Empty when codes stand for themselves. What is in no group is not counted.</param>
/// <param name="Codes">The code list of the column, for its words; null when it has none.</param>
public sealed record ActivityKey(
    string Id, KeySource Source, string? Column, string? UnitKind, LocalizedText Title,
    IReadOnlyList<CodeGroup> Groups, CodeList? Codes)
{
    /// <summary>What the key is counted under; null when the record is not to be counted.</summary>
    public string? TokenOf(string? value)
    {
        if (Source == KeySource.Month || Groups.Count > 0)
        {
            if (value is null) return null;
            if (Groups.Count == 0) return value;
            foreach (var group in Groups)
            {
                if (group.Codes.Contains(value)) return group.Codes[0];
            }

            return null;
        }

        return value ?? "";
    }

    /// <summary>The word of a group or a code; null when the token is its own.</summary>
    public LocalizedText? WordOf(string token) =>
        Groups.FirstOrDefault(group => group.Codes[0] == token)?.Title
        ?? Codes?.Find(token)?.Texts;
}

/// <summary>Amounts that are counted by the same keys.</summary>
/// <param name="Each">What is counted of each record; null where the record itself is.</param>
public sealed record ActivityCount(
    string Id, IReadOnlyList<ActivityKey> Keys, IReadOnlyList<ActivityAmount> Amounts, NestedItems? Each = null);

/// <summary>Which rows a sheet has.</summary>
public enum SheetRows
{
    /// <summary>All, with the register's figures and last year's.</summary>
    All = 1,

    /// <summary>All, against last year.</summary>
    Change = 2,

    /// <summary>Those where file and register differ.</summary>
    Deviation = 3,
}

/// <summary>One sheet of the workbook.</summary>
/// <param name="Id">The texts <c>wb.ID</c> and <c>wb.ID.about</c> name it, where it has no title of its own.</param>
/// <param name="Keys">What it has rows by: of the count's keys.</param>
public sealed record ActivitySheet(
    string Id, ActivityCount Count, int AmountIndex, IReadOnlyList<int> Keys, SheetRows Rows, bool HasChart,
    LocalizedText? Title)
{
    public ActivityAmount Amount => Count.Amounts[AmountIndex];
}

/// <summary>
/// What a module's activity feedback holds (R3.08): what is counted by what, and the sheets that show it. One form
/// serves the counting of the file, the register's own count, and the workbook. Read from <c>definitions/activity</c>.
/// </summary>
/// <param name="MessageType">All versions of it that have the table.</param>
/// <param name="Type">The record type that is counted.</param>
/// <param name="UnitTable">Where units are named; null when no key is a unit.</param>
/// <param name="SectorColumn">Fagområde, by which a workbook is made for each sector; null for one workbook.</param>
/// <param name="Title">The workbook's title.</param>
/// <param name="Counted">What it counts, within a sentence: <c>antall avsluttede episoder</c>.</param>
public sealed record ActivityForm(
    string MessageType, RecordType Type, bool IsPerPeriod, string? UnitTable, string? SectorColumn,
    LocalizedText Title, LocalizedText Counted, IReadOnlyList<ActivityCount> Counts,
    IReadOnlyList<ActivitySheet> Sheets)
{
    /// <summary>The units' own id and the sender's name for them, in the table of units.</summary>
    public const string UnitIdColumn = "enhet_id";

    public const string UnitNameColumn = "enhet_lokal";

    /// <summary>The references of a record to units, and the kind of each: two arrays side by side.</summary>
    public const string ReferenceColumn = "ref_enhet_enhet_id";

    public const string ReferenceKindColumn = "ref_enhet_type_enhet";

    /// <summary>
    /// Which workbooks there are of what was counted: one for each sector, or one of no sector; none of nothing.
    /// </summary>
    public IReadOnlyList<Sector?> SectorsOf(IReadOnlyList<ActivityCell> cells) => cells.Count == 0
        ? []
        : SectorColumn is null ? [null] : [.. cells.Select(cell => (Sector?)cell.Sector).Distinct().Order()];

    /// <summary>What is counted, and how, in one text.</summary>
    public string CountedBy()
    {
        var keys = Counts.SelectMany(count => count.Keys.Select(key =>
            $"{count.Id}:{key.Source},{key.Column},{key.UnitKind},"
            + string.Join('/', key.Groups.Select(group => string.Join('+', group.Codes)))));
        var amounts = Counts.SelectMany(count => count.Amounts.Select(amount =>
            $"{count.Id}:{amount.Kind},{amount.Column}"));
        var items = Counts.Select(count => count.Each).OfType<NestedItems>()
            .Select(each => $"{each.Column}/{string.Join('/', each.Path)}");
        return $"{Type.Table} {UnitTable} {SectorColumn} {string.Join(' ', [.. keys, .. amounts, .. items])}";
    }
}

/// <summary>The forms of all modules.</summary>
public sealed class ActivityForms(IReadOnlyList<ActivityForm> forms)
{
    public IReadOnlyList<ActivityForm> All => forms;

    /// <summary>Null for messages whose activity nobody is told of.</summary>
    public ActivityForm? Find(string messageType) => forms.FirstOrDefault(form => form.MessageType == messageType);

    /// <summary>Null also for a version that has another kind of records.</summary>
    public ActivityForm? Find(MessageType type) =>
        Find(type.Name) is { } form && type.RecordTypes.Any(record => record.Table == form.Type.Table) ? form : null;
}
