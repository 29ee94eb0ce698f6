using System.Text.Json;
using Kilde.Definitions.Model;

namespace Kilde.Register.Tables;

/// <summary>What a class takes of a table's records, as the newest definition that speaks of it says.</summary>
/// <param name="Fields">Columns that are always of the class.</param>
internal sealed record ApartRule(string Class, IReadOnlyList<ApartCodes> Rows, IReadOnlyList<SqlName> Fields)
{
    /// <summary>For the comment on the class's table; another text means that the rule has changed.</summary>
    public string Text => string.Join(
        "; ", Rows.Select(codes => $"{codes.Column.Text} in {string.Join(", ", codes.All)}")
            .Concat(Fields.Select(name => $"always {name.Text}")));

    /// <summary>True for rows that are of the class as a whole.</summary>
    public string RowsSql =>
        Rows.Count == 0 ? "false" : $"({string.Join(" or ", Rows.Select(codes => codes.Sql))}) is true";

    /// <summary>True for rows of which the class holds items only.</summary>
    public string ItemsSql => Fields.Count == 0
        ? "false"
        : $"({string.Join(" or ", Fields.Select(name => $"{name} is not null"))}) and not ({RowsSql})";

    public static ApartRule Of(RecordType record, SensitivePart part) => new(
        part.Class.Id,
        [
            .. part.Rows.Select(rows => new ApartCodes(
                SqlName.Parse(record.Columns[rows.Column].Name), record.Columns[rows.Column].Kind, rows.Properties)),
        ],
        [.. part.Fields.Select(field => SqlName.Parse(record.Columns[field].Name))]);
}

/// <summary>Codes that put a record in a class: of the column, or of items in it when it is Json.</summary>
internal sealed record ApartCodes(
    SqlName Column, ColumnKind Kind, IReadOnlyDictionary<string, IReadOnlySet<string>> Properties)
{
    public IEnumerable<string> All =>
        Properties.Values.SelectMany(codes => codes).Distinct().Order(StringComparer.Ordinal);

    private string Literals => string.Join(", ", All.Select(ContactView.Literal));

    public string Sql => Kind switch
    {
        ColumnKind.TextArray => $"{Column} && array[{Literals}]",
        ColumnKind.Json => string.Join(" or ", Properties.Select(Exists)),
        _ => $"{Column} in ({Literals})",
    };

    private string Exists(KeyValuePair<string, IReadOnlySet<string>> codes)
    {
        var any = string.Join(" || ", codes.Value.Select(code => $"@ == {JsonSerializer.Serialize(code)}"));
        var path = $"$.**.{JsonSerializer.Serialize(codes.Key)} ? ({any})";
        return $"jsonb_path_exists({Column}::jsonb, {ContactView.Literal(path)}::jsonpath)";
    }
}
