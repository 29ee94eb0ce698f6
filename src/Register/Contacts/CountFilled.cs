using System.Text;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Contacts;

/// <summary>How often a column has a value, and how often that value says that it is not known.</summary>
public sealed record FilledColumn(RecordColumn Column, long Filled, long Unknown);

/// <summary>What a table holds of a year.</summary>
/// <param name="Senders">Reporting units as they name themselves.</param>
/// <param name="Months">Months that have records, counted.</param>
public sealed record FilledTable(
    RecordType Type, long Records, IReadOnlyList<string> Senders, int Months, IReadOnlyList<FilledColumn> Columns);

/// <summary>
/// Counts a year's records and how many have each item: what the declaration of quality tells (R7.04). Numbers only.
/// </summary>
public sealed class CountFilled(RegisterDatabase database)
{
    /// <summary>Codes whose title begins so say that something is not known.</summary>
    private static readonly string[] UnknownTitles = ["ukjent", "ikke kjent", "uoppgitt", "ikke oppgitt"];

    /// <param name="type">The message type whose records are counted, newest version.</param>
    /// <param name="senders">Only records of these reporting units, as they name themselves; null for all.</param>
    public async Task<FilledTable> CountAsync(
        MessageType type, RecordType record, DataYear year, IReadOnlyCollection<string>? senders,
        CancellationToken cancellation)
    {
        var (table, where) = (SqlName.Parse(record.Table), WhereOf(type, record));
        await using var command = database.Source.CreateCommand(SqlOf(table, where, record));
        command.CommandTimeout = 0;
        AddYear(command, type, year);
        command.Parameters.Add(new NpgsqlParameter("senders", NpgsqlDbType.Array | NpgsqlDbType.Text)
        {
            Value = senders is null ? DBNull.Value : senders.ToArray(),
        });
        for (var i = 0; i < record.Columns.Count; i++)
            command.Parameters.AddWithValue($"u{i}", UnknownOf(record.Columns[i]));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new FilledTable(
            record, row.GetInt64(0), row.GetFieldValue<string[]>(1), row.GetInt32(2),
            [
                .. record.Columns.Select((column, i) =>
                    new FilledColumn(column, row.GetInt64(3 + (2 * i)), row.GetInt64(4 + (2 * i)))),
            ]);
    }

    private static string SqlOf(SqlName table, string where, RecordType record)
    {
        var columns = new StringBuilder();
        for (var i = 0; i < record.Columns.Count; i++)
        {
            var name = SqlName.Parse(record.Columns[i].Name);
            var unknown = IsCode(record.Columns[i]) ? $"count(*) filter (where {name} = any(@u{i}))" : "0::bigint";
            columns.Append($", count({name}), {unknown}");
        }

        var month = EventOf(record) is { } column
            ? $"count(distinct extract(month from {column}))::integer"
            : "0";
        return
            $"""
            select count(*), coalesce(array_agg(distinct sender order by sender), '{EmptyArray}'), {month}{columns}
            from register.{table} as record
            where {where} and (@senders::text[] is null or sender = any(@senders))
            """;
    }

    private const string EmptyArray = "{}";

    // Names are those of definitions, checked and quoted.
    private static string WhereOf(MessageType type, RecordType record)
    {
        if (type.Replacement == Replacement.CumulativePerPeriod)
        {
            return """
                period_no in (
                  select period_no from register.period where message_type = @type and data_year = @year)
                """;
        }

        return EventOf(record) is { } column ? $"{column} >= @from and {column} < @until" : "@from < @until";
    }

    private static string? EventOf(RecordType record)
    {
        var column = record.Columns.FirstOrDefault(column => column.Field == record.Event);
        return column?.Kind switch
        {
            ColumnKind.Date => SqlName.Parse(column.Name).ToString(),
            ColumnKind.Instant => $"({SqlName.Parse(column.Name)} at time zone 'Europe/Oslo')::date",
            _ => null,
        };
    }

    private static void AddYear(NpgsqlCommand command, MessageType type, DataYear year)
    {
        command.Parameters.AddWithValue("type", type.Name);
        command.Parameters.AddWithValue("year", year.Year);
        command.Parameters.AddWithValue("from", year.FirstDay);
        command.Parameters.AddWithValue("until", year.LastDay.AddDays(1));
    }

    private static bool IsCode(RecordColumn column) =>
        column is { Kind: ColumnKind.Text, Field.CodeList: not null } && UnknownOf(column).Length > 0;

    private static string[] UnknownOf(RecordColumn column) =>
    [
        .. (column.Field.CodeList?.Codes ?? [])
            .Where(code => UnknownTitles.Any(title =>
                code.Text.StartsWith(title, StringComparison.OrdinalIgnoreCase)))
            .Select(code => code.Value.Value).Distinct(),
    ];
}
