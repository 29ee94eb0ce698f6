using Kilde.Definitions.Model;

namespace Kilde.Register.Tables;

/// <summary>
/// What mappings make of a record's codes, as an SQL expression: it is worked out where the rows are, in one pass over
/// any number of them, and follows the definitions of today.
/// </summary>
internal static class MappedText
{
    public static string Of(RecordTable table, IReadOnlyList<MappedCodes> codes) =>
        $"coalesce({string.Join(", ", codes.Select(mapped => Case(table, mapped)))})";

    private static string Case(RecordTable table, MappedCodes mapped)
    {
        var column = SqlName.Parse(mapped.Column);
        var isArray = ColumnOf(table, mapped.Column).Kind == ColumnKind.TextArray;
        var cases = mapped.By.Groups.Select(group =>
        {
            var of = $"array[{string.Join(", ", group.Of.Select(ContactView.Literal))}]";
            var holds = isArray ? $"{column} && {of}" : $"{column} = any ({of})";
            return $"when {holds}{During(table, group)} then {ContactView.Literal(group.Gives)}";
        });
        return $"case {string.Join(' ', cases)} end";
    }

    private static string During(RecordTable table, CodeGroup group)
    {
        var (from, to) = (group.Validity.From, group.Validity.To);
        if (from is null && to is null) return "";
        var start = table.Contact!.Start.Column!;
        var day = ColumnOf(table, start).Kind == ColumnKind.Date
            ? $"{SqlName.Parse(start)}"
            : $"({SqlName.Parse(start)} at time zone 'Europe/Oslo')::date";
        return (from is { } first ? $" and {day} >= date '{first:yyyy-MM-dd}'" : "")
            + (to is { } last ? $" and {day} <= date '{last:yyyy-MM-dd}'" : "");
    }

    private static TableColumn ColumnOf(RecordTable table, string name) =>
        table.Columns.FirstOrDefault(column => column.Name.Text == name)
        ?? throw new InvalidRecordTableException($"The contact of {table.Name.Text} asks for {name}, not a column.");
}
