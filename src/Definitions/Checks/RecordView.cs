namespace Kilde.Definitions.Checks;

/// <summary>What a column of a <see cref="RecordView"/> holds.</summary>
public enum ViewColumnKind
{
    Text = 1,
    Integer,
    Decimal,
    Date,
    Instant,
    Boolean,
    TextArray,
}

/// <param name="Name">Lower snake_case.</param>
public sealed record ViewColumn(string Name, ViewColumnKind Kind);

/// <summary>One record table that shows in a view, and where each of the view's columns comes from.</summary>
/// <param name="Table">Record table, for example <c>iplos_tjeneste</c>.</param>
/// <param name="Columns">
/// The SQL expression over the table's columns that gives each column of the view; those left out are null. Of the
/// fixed columns, <c>sender</c>, <c>unit</c>, <c>local_id</c> and <c>data_year</c> may be given too.
/// </param>
/// <param name="Each">
/// SQL that gives several values for one row of the table, as <c>jsonb_array_elements(…)</c>: the view then has a row
/// for each, called <c>each</c> in the expressions. Null: one row for one.
/// </param>
/// <param name="Where">SQL condition on the table's columns; null shows all rows.</param>
/// <param name="With">
/// Other record tables that the expressions look up in, always among the records of the same person.
/// </param>
public sealed record ViewSource(
    string Table, IReadOnlyDictionary<string, string> Columns, string? Each, string? Where, IReadOnlyList<string> With);

/// <summary>
/// Which record tables count for a sender's year when several have told of the same: of a view's lines, the first that
/// fits a row decides. The others are left out, so that nothing is counted twice (R2.14).
/// </summary>
/// <param name="Tables">The record tables that count; empty: the row does not count, whatever table it is of.</param>
/// <param name="WholeYearsOf">
/// Message types that hold a whole year and fill the tables: the line fits only years whose file has come. Empty for
/// tables that are filled day by day.
/// </param>
/// <param name="From">First data year; null: the first there is.</param>
/// <param name="To">Last data year; null: no end is known.</param>
/// <param name="Senders">Organisation numbers of the reporting units it is about; empty: all.</param>
/// <param name="Where">SQL condition on the view's columns; null fits all rows.</param>
public sealed record CountingLine(
    IReadOnlyList<string> Tables, IReadOnlyList<string> WholeYearsOf, int? From, int? To,
    IReadOnlyList<string> Senders, string? Where);

/// <summary>Rows that the platform itself tells, for checks to hold records against.</summary>
public enum RecordList
{
    /// <summary>Who has to have reported which data year, by the calendar, under which numbers.</summary>
    ExpectedReports = 1,

    /// <summary>How complete quality registries and the register are, held against each other, by unit.</summary>
    RegistryCompleteness,
}

/// <summary>
/// Records that are the same in kind though they came with different messages, in one shape: a municipal service is a
/// service whether it stood in the annual file or in an event. Written in <c>definitions/views/</c>.
/// </summary>
public sealed class RecordView
{
    /// <summary>Columns that every view begins with; each record table has them.</summary>
    public static IReadOnlyList<ViewColumn> FixedColumns { get; } =
    [
        new("record_table", ViewColumnKind.Text),
        new("record_key", ViewColumnKind.Text),
        new("person_key", ViewColumnKind.Integer),
        new("sender", ViewColumnKind.Text),
        new("unit", ViewColumnKind.Text),
        new("local_id", ViewColumnKind.Text),
        new("submission_id", ViewColumnKind.Text),
        new("data_year", ViewColumnKind.Integer),
    ];

    /// <summary>Lower snake_case; also the name of the SQL view.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>The columns beside the fixed ones.</summary>
    public required IReadOnlyList<ViewColumn> Columns { get; init; }

    /// <summary>Where the rows come from; none when it is a list.</summary>
    public required IReadOnlyList<ViewSource> Sources { get; init; }

    /// <summary>
    /// Which tables count where several tell of the same; empty when all do. The view shows all rows, and its last
    /// column tells which count.
    /// </summary>
    public IReadOnlyList<CountingLine> Counting { get; init; } = [];

    /// <summary>The view that this one shows the counting rows of; null when it stands by itself.</summary>
    public RecordView? CountedOf { get; init; }

    /// <summary>Every record table that a row may depend on.</summary>
    public IEnumerable<string> Tables => Sources.SelectMany(source => source.With.Prepend(source.Table)).Distinct();

    /// <summary>The column that tells whether a row counts, in views where not all do.</summary>
    public const string CountsColumn = "counts";

    /// <summary>The list whose rows it has, instead of records; null when it has records.</summary>
    public RecordList? List { get; init; }
}
