using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Register.Tables;

/// <summary>One column of a record table, beside the fixed ones.</summary>
internal sealed record TableColumn(SqlName Name, ColumnKind Kind, string Title)
{
    /// <summary>True for Json kept as text: to be cast where it is looked into.</summary>
    public bool IsJsonText { get; init; }

    public string SqlType => IsJsonText ? "text" : RecordTable.SqlTypeOf(Kind);
}

/// <summary>A column that every record table, or every history twin, has.</summary>
internal sealed record FixedColumn(string Name, string SqlType, string Title);

/// <summary>
/// A record table as the definitions want it: the columns of every message type and version that fills it, so that
/// an old version can still be taken in after a new one has come.
/// </summary>
internal sealed record RecordTable(
    SqlName Name, RegisterCode Register, string Title, IReadOnlyList<string> MessageTypes,
    IReadOnlyList<TableColumn> Columns, ContactMapping? Contact)
{
    /// <summary>The columns every record table begins with, in order, and what they hold.</summary>
    public static IReadOnlyList<FixedColumn> FixedColumns { get; } =
    [
        new("person_key", "bigint",
            "The person; negative when not known. Never updated: a change of person is a delete and an insert."),
        new("identifier_key", "bigint",
            "The identifier the record arrived with, 0 when it had none. Never changes, so that merges can be split."),
        new("record_key", "uuid",
            "The record: from register, type, sender and local id (docs/modules/register.md)."),
        new("sender", "text", "Organisation number of the reporting unit. Local ids are unique within it."),
        new("unit", "text", "Organisation number of the unit the record stands under in the message."),
        new("local_id", "text", "The sender's own id of the record."),
        new("row_hash", "uuid",
            "A fingerprint of identifier_key, unit and the columns that are not null."),
        new("submission_id", "uuid", "The submission this version came with."),
        new("extracted_on", "date", "The day the sender took the data out of its system."),
        new("batch_no", "bigint", "The batch that wrote this version."),
        new("since", "timestamp with time zone", "When the register got to know this version."),
        new("period_no", "bigint",
            "The sender's year the record belongs to, in register.period; 0 where messages do not replace years."),
    ];

    /// <summary>What the history twin has before the columns of the record.</summary>
    public static IReadOnlyList<FixedColumn> HistoryColumns { get; } =
    [
        new("until", "timestamp with time zone", "When the version ceased to be what the register knew."),
        new("until_batch_no", "bigint", "The batch that ended the version."),
        new("ended_by", "text",
            "Why it ended: replaced, deleted (by the sender), moved (to another person) or gone (from the year)."),
    ];

    /// <summary>
    /// What the locator has beside keys and hash: what a sender compares with (ADR 105). Null where nothing is
    /// compared, and in whole years until the sender has asked (ADR 167).
    /// </summary>
    public static IReadOnlyList<FixedColumn> DigestColumns { get; } =
    [
        new("sender", "text", "The reporting unit that sent it."),
        new("unit", "text", "The unit the record stands under in the message."),
        new("month", "bigint",
            "Months since year 0 of its event, in Norwegian time; 0 when it tells none. Of a year: its January."),
        new("id_digest", "bigint",
            "The first 64 bits of HMAC-SHA-256 of the local id, the highest bit turned. Of a year: of all."),
        new("content_digest", "bigint", "The first 64 bits of HMAC-SHA-256 of all that was sent."),
    ];

    /// <summary>
    /// True when messages of whole years fill the table: then a sender's local id does not tell the record's key alone.
    /// </summary>
    public bool HasYears { get; init; }

    /// <summary>The service areas of the message types that fill it.</summary>
    public IReadOnlyList<string> Areas { get; init; } = [];

    /// <summary>The column that decides the data year; null where a record tells no time.</summary>
    public TableColumn? Event { get; init; }

    /// <summary>What sensitive classes hold apart, one for each class.</summary>
    public IReadOnlyList<ApartRule> Apart { get; init; } = [];

    /// <summary>The sensitive classes that hold some of the records, or items of them, apart.</summary>
    public IEnumerable<string> Classes => Apart.Select(rule => rule.Class);

    /// <summary>The ordinary tables; those of a class for what <see cref="Places"/> gives.</summary>
    public RecordPlace Place { get; init; } = new(Name, null);

    /// <summary>The table in each place: the ordinary one, and one for each class.</summary>
    public IEnumerable<RecordTable> Places => Classes.Select(InClass).Prepend(this);

    /// <summary>For the table of a class: what it takes. Null for the ordinary one.</summary>
    public ApartRule? Rule => Apart.FirstOrDefault(rule => rule.Class == Place.Class);

    private RecordTable InClass(string @class) => this with
    {
        Place = new RecordPlace(Name, @class),
        Columns = [IsWhole, .. Columns],
    };

    private static TableColumn IsWhole { get; } = new(
        SqlName.Parse(RecordPlace.WholeColumn), ColumnKind.Boolean,
        "True for a record that is held here only; false for items of one that stands in the register.");

    /// <summary>The tables the catalogue asks for.</summary>
    public static IReadOnlyList<RecordTable> AllOf(IEnumerable<MessageType> messageTypes) =>
    [
        .. messageTypes
            .SelectMany(type => type.RecordTypes.Select(record => (Type: type, Record: record)))
            .GroupBy(pair => pair.Record.Table)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Merge([.. group])),
    ];

    public static string SqlTypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => "bigint",
        ColumnKind.Decimal => "numeric",
        ColumnKind.Text => "text",
        ColumnKind.Boolean => "boolean",
        ColumnKind.Date => "date",
        ColumnKind.Instant => "timestamp with time zone",
        ColumnKind.TextArray => "text[]",
        ColumnKind.IntegerArray => "bigint[]",
        ColumnKind.Json => "jsonb",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of column."),
    };

    private static RecordTable Merge(IReadOnlyList<(MessageType Type, RecordType Record)> fillers)
    {
        var newest = fillers[^1];
        var table = newest.Record.Table;
        if (fillers.Any(filler => filler.Type.Register != newest.Type.Register))
            throw new InvalidRecordTableException($"Table {table} is filled by more than one register.");

        var columns = new Dictionary<string, TableColumn>();
        foreach (var (type, record) in fillers)
        {
            foreach (var column in record.Columns)
            {
                var wanted = new TableColumn(SqlName.Parse(column.Name), column.Kind, column.Title)
                {
                    IsJsonText = column.IsJsonText,
                };
                if (IsFixed(column.Name))
                {
                    throw new InvalidRecordTableException(
                        $"{type.Name} {type.Version}: column {column.Name} of {table} "
                        + "has a name that the register keeps for itself.");
                }

                if (columns.TryGetValue(column.Name, out var known) && known.SqlType != wanted.SqlType)
                {
                    throw new InvalidRecordTableException(
                        $"{type.Name} {type.Version}: column {column.Name} of {table} is {wanted.SqlType}, "
                        + $"but another version says {known.SqlType}. Give the changed item a new column name.");
                }

                columns[column.Name] = wanted;
            }
        }

        return new RecordTable(
            SqlName.Parse(table), newest.Type.Register, newest.Record.Title,
            [.. fillers.Select(filler => $"{filler.Type.Name} {filler.Type.Version}")],
            [.. columns.Values], newest.Record.Contact)
        {
            HasYears = fillers.Any(filler => filler.Type.Replacement == Replacement.CumulativePerPeriod),
            Areas = [.. fillers.Select(filler => filler.Type.ServiceArea).Distinct(StringComparer.Ordinal)],
            Event = newest.Record.Columns.FirstOrDefault(column => column.Field == newest.Record.Event) is { } time
                ? columns[time.Name]
                : null,
            Apart =
            [
                .. fillers.SelectMany(filler => filler.Record.Sensitive, (filler, part) => (filler.Record, part))
                    .GroupBy(pair => pair.part.Class.Id)
                    .Select(pairs => ApartRule.Of(pairs.Last().Record, pairs.Last().part)),
            ],
        };
    }

    private static bool IsFixed(string name) =>
        FixedColumns.Concat(HistoryColumns).Any(column => column.Name == name) || name == RecordPlace.WholeColumn;
}
