using Kilde.Definitions.Checks;
using Kilde.Register.Tables;

namespace Kilde.Register.Reading;

/// <summary>What the views of <c>definitions/views/</c> are called in SQL, for modules that read them.</summary>
public static class RecordViewSql
{
    /// <summary>The records that stand.</summary>
    public static string Of(RecordView view) => $"register.{SqlName.Parse(view.Name)}";

    /// <summary>Earlier versions, and records that are no more.</summary>
    public static string OfHistory(RecordView view) => $"register.{SqlName.Parse(view.Name + "_history")}";

    /// <summary>
    /// The units and data years (<c>sender</c>, <c>data_year</c>) that some records of the sources stand at, or have
    /// stood at: told of whether they count or not, and found by their keys.
    /// </summary>
    /// <param name="named">
    /// A table with the records' <c>record_table</c>, <c>record_key</c> and <c>person_key</c>.
    /// </param>
    public static IEnumerable<string> UnitYearsOf(IReadOnlyCollection<ViewSource> sources, string named) =>
    [
        .. RecordViews.UnitYears(sources, isHistory: false, named),
        .. RecordViews.UnitYears(sources, isHistory: true, named),
    ];

    /// <summary>The columns with their types, as a table of the view's rows declares them.</summary>
    public static string ColumnsOf(RecordView view) => string.Join(", ", RecordView.FixedColumns.Concat(view.Columns)
        .Select(column => $"{SqlName.Parse(column.Name)} {TypeOf(column.Kind)}"));

    /// <summary>Rows that a parameter brings, as a JSON array of objects with the columns that are not null.</summary>
    public static string OfJson(RecordView view, string parameter) =>
        $"jsonb_to_recordset(@{parameter}::jsonb) as listed ({ColumnsOf(view)})";

    /// <summary>The type of a column.</summary>
    public static string TypeOf(ViewColumnKind kind) => kind switch
    {
        ViewColumnKind.Integer => "bigint",
        ViewColumnKind.Decimal => "numeric",
        ViewColumnKind.Date => "date",
        ViewColumnKind.Instant => "timestamp with time zone",
        ViewColumnKind.Boolean => "boolean",
        ViewColumnKind.TextArray => "text[]",
        _ => "text",
    };
}
