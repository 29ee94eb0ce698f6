using System.Globalization;
using System.Text;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// The view <c>register.contact</c>: what all contacts have in common, whatever message they came with, and who the
/// person was on the day of the contact. Remade when the definitions change.
/// </summary>
internal static class ContactView
{
    /// <summary>The view that tells of persons, with the columns <see cref="Person"/> asks for.</summary>
    private const string Population = "population";

    public static async Task ReplaceAsync(
        IReadOnlyList<RecordTable> tables, IReadOnlyList<RecordView> views, NpgsqlTransaction transaction,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Statements(tables, views), transaction.Connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal static string Statements(IReadOnlyList<RecordTable> tables, IReadOnlyList<RecordView> views)
    {
        var contacts = tables.Where(table => table.Contact is not null).Select(SelectFrom).DefaultIfEmpty(Nothing);
        var population = views.FirstOrDefault(view => view.Name == Population);
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"""
                create or replace view register.contact as
                select c.*, {Person(population)}
                from (

                """)
            .AppendJoin("\nunion all\n", contacts)
            .Append("\n) as c;\n")
            .Append(Comment)
            .ToString();
    }

    // Each column looks up by itself, so that whoever does not ask for it does not pay for it. What holds from a day is
    // that of the contact's day; what was always so is the newest that is known.
    private static string Person(RecordView? population)
    {
        if (population is null) return NoPerson;
        var told = RecordViews.Query(population, isHistory: false);
        const string day = "(coalesce(c.started_at, c.ended_at) at time zone 'Europe/Oslo')::date";
        return $"""
            {AsOf("municipality")} as home_municipality,
              {AsOf("marital_status")} as marital_status,
              {Newest("sex")} as sex,
              extract(year from age({day}, {Newest("birth_date")}))::integer as age
            """;

        string AsOf(string column) =>
            $"""
            (select p.{column} from ({told}) as p
              where p.person_key = c.person_key and p.{column} is not null and p.valid_from <= {day}
              order by p.valid_from desc, p.registered_at desc limit 1)
            """;

        string Newest(string column) =>
            $"""
            (select p.{column} from ({told}) as p
              where p.person_key = c.person_key and p.{column} is not null
              order by p.registered_at desc limit 1)
            """;
    }

    private static string SelectFrom(RecordTable table)
    {
        var contact = table.Contact!;
        var kind = Text(table, contact.Kind);
        return $"""
            select '{table.Register.ToString().ToUpperInvariant()}'::text as register,
              '{table.Name.Text}'::text as record_table,
              record_key, person_key, sender,
              {Text(table, contact.Unit)} as unit,
              {Time(table, contact.Start)} as started_at,
              {Time(table, contact.End)} as ended_at,
              {Text(table, contact.ServiceArea)} as service_area,
              {kind} as kind,
              {Text(table, contact.Funding)} as funding,
              {Text(table, contact.Municipality)} as municipality,
              batch_no, since
            from register.{table.Name}
            where {Unless(contact)} and {(contact.Kind?.Codes.Count > 0 ? $"{kind} is not null" : "true")}
            """;
    }

    private static string Unless(ContactMapping contact) => string.Join(
        " and ", contact.Unless.Select(exception => exception.Code is { } code
            ? $"{SqlName.Parse(exception.Column)} is distinct from {Literal(code)}"
            : $"{SqlName.Parse(exception.Column)} is not true").DefaultIfEmpty("true"));

    private static string Text(RecordTable table, MappedItem? item) => item switch
    {
        { Column: { } column } => $"{SqlName.Parse(column)}::text",
        { Constant: { } constant } => Literal(constant),
        { Codes: { Count: > 0 } codes } => MappedText.Of(table, codes),
        _ => "null::text",
    };

    internal static string Literal(string text) =>
        $"'{text.Replace("'", "''", StringComparison.Ordinal)}'::text";

    // A day means a Norwegian day, and begins at midnight there.
    private static string Time(RecordTable table, MappedItem? item)
    {
        if (item?.Column is not { } column) return "null::timestamptz";
        return table.Columns.FirstOrDefault(candidate => candidate.Name.Text == column)?.Kind switch
        {
            ColumnKind.Instant => SqlName.Parse(column).ToString(),
            ColumnKind.Date => $"({SqlName.Parse(column)}::timestamp at time zone 'Europe/Oslo')",
            null => throw new InvalidRecordTableException(
                $"The contact of {table.Name.Text} takes its time from {column}, which is not a column of it."),
            _ => throw new InvalidRecordTableException(
                $"The contact of {table.Name.Text} takes its time from {column}, which is neither date nor instant."),
        };
    }

    private const string NoPerson =
        "null::text as home_municipality, null::text as marital_status, null::text as sex, null::integer as age";

    private const string Nothing =
        """
        select null::text as register, null::text as record_table, null::uuid as record_key,
          null::bigint as person_key, null::text as sender, null::text as unit, null::timestamptz as started_at,
          null::timestamptz as ended_at, null::text as service_area, null::text as kind, null::text as funding,
          null::text as municipality, null::bigint as batch_no, null::timestamptz as since
        where false
        """;

    private const string Comment =
        """
        comment on view register.contact is
          'Every contact that stands, from all message types, in the common contact model. '
          'A day without a time begins at midnight in Norway. The person is as the population register has it: '
          'municipality and marital status on the day of the contact, age in whole years then.';
        """;
}
