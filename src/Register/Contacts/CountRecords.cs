using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Contacts;

/// <summary>What records are counted by.</summary>
public abstract record CountedBy
{
    /// <summary>The month of a day or an instant, as days are in Norway: 01–12.</summary>
    public sealed record Month(string Column, bool IsInstant) : CountedBy;

    /// <summary>The value of a column.</summary>
    public sealed record Value(string Column) : CountedBy;

    /// <summary>The first of the units of a kind that the record refers to, by two arrays side by side.</summary>
    public sealed record Reference(string Column, string KindColumn, string Kind) : CountedBy;

    /// <summary>The reporting unit, as it names itself.</summary>
    public sealed record Sender : CountedBy;

    /// <summary>An item of what is counted of each record.</summary>
    public sealed record Item(string Name) : CountedBy;
}

/// <summary>What is counted of the records.</summary>
public abstract record CountedAmount
{
    public sealed record Rows : CountedAmount;

    public sealed record Sum(string Column) : CountedAmount;

    /// <summary>Different persons, each as the sender tells them apart.</summary>
    public sealed record Persons : CountedAmount;

    /// <summary>An item of what is counted of each record, added up.</summary>
    public sealed record ItemSum(string Name) : CountedAmount;

    /// <summary>Those of each record that lack an item.</summary>
    public sealed record Missing(string Name) : CountedAmount;
}

/// <summary>What is counted of each record: the items of a Json column, or of lists within it.</summary>
public sealed record CountedItems(string Column, IReadOnlyList<string> Path);

/// <summary>One count of the records of a table. Names come from definitions.</summary>
/// <param name="MessageType">Null where messages do not replace years.</param>
/// <param name="Field">A column to count by besides; null for none.</param>
/// <param name="Items">Null where records are counted.</param>
public sealed record RecordCount(
    string Table, string? MessageType, string? Field, IReadOnlyList<CountedBy> Keys,
    IReadOnlyList<CountedAmount> Amounts, CountedItems? Items = null);

/// <summary>
/// The register's own count of what senders have reported, as they hold it against their own (R3.08). Counts what
/// stands now, in numbers only.
/// </summary>
public sealed class CountRecords(RegisterDatabase database)
{
    /// <param name="Keys">In the order asked for; null where the record has none.</param>
    public sealed record Line(string Sender, string? Field, string?[] Keys, decimal[] Amounts);

    /// <summary>Records of a year.</summary>
    /// <param name="senders">Reporting units as they name themselves.</param>
    /// <param name="days">
    /// Where a month is among the keys, only of these days, both included; null for all that the year's files hold.
    /// </param>
    public async Task<IReadOnlyList<Line>> CountAsync(
        RecordCount count, IReadOnlyCollection<string> senders, DataYear year, (DateOnly From, DateOnly To)? days,
        CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var places = await ApartTables.ReadAsync(SqlName.Parse(count.Table), transaction, cancellation);

        // What a sender is told of its own is whole, or it could not be held against what it has.
        if (places.Count > 1) await transaction.BecomeKeeperAsync(cancellation);
        await using var command = new NpgsqlCommand(SqlOf(count, places, days is not null), connection, transaction);
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("senders", senders.ToArray());
        command.Parameters.AddWithValue("type", count.MessageType ?? "");
        command.Parameters.AddWithValue("year", year.Year);
        command.Parameters.AddWithValue("from", days?.From ?? year.FirstDay);
        command.Parameters.AddWithValue("to", days?.To ?? year.LastDay);
        command.Parameters.AddWithValue("kinds", count.Keys.Select(WordOf).ToArray());
        command.Parameters.AddWithValue("items", count.Amounts.Select(amount => ItemOf(amount) ?? "").ToArray());
        command.Parameters.AddWithValue("path", count.Items?.Path.ToArray() ?? []);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        List<Line> lines = [];
        while (await row.ReadAsync(cancellation))
        {
            lines.Add(new Line(
                row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetFieldValue<string?[]>(2),
                row.GetFieldValue<decimal[]>(3)));
        }

        return lines;
    }

    /// <summary>What senders call their units, from the table of units of their year.</summary>
    public async Task<IReadOnlyList<(string Sender, string Unit, string Name)>> UnitNamesAsync(
        string table, string idColumn, string nameColumn, string messageType, IReadOnlyCollection<string> senders,
        DataYear year, CancellationToken cancellation)
    {
        var (id, name) = (SqlName.Parse(idColumn), SqlName.Parse(nameColumn));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var names = await connection.QueryAsync<(string, string, string)>(new CommandDefinition(
            $"""
            select sender, {id}, max({name})
            from register.{SqlName.Parse(table)}
            where sender = any(@senders) and {name} <> '' and period_no in ({Periods})
            group by sender, {id}
            """,
            new { senders = senders.ToArray(), type = messageType, year = year.Year },
            commandTimeout: 0,
            cancellationToken: cancellation));
        return names.AsList();
    }

    private const string Periods =
        """
        select period_no from register.period
        where sender = any(@senders) and message_type = @type and data_year = @year
        """;

    // Names are those of definitions, checked and quoted; values are parameters.
    private static string SqlOf(RecordCount count, IReadOnlyList<RecordPlace> places, bool isOfDays)
    {
        var field = count.Field is { } column ? SqlName.Parse(column).ToString() : "null::text";
        string[] keys = [.. count.Keys.Select((key, i) => $"{SqlOf(key, i)} as k{i}")];
        string[] columns = [.. keys.Select((_, i) => $"k{i}")];
        var where = PeriodOf(count) + (isOfDays ? string.Concat(count.Keys.Select(DaysOf)) : "");
        string[] amounts = [.. count.Amounts.Select((amount, i) => $"{SqlOf(amount, i)} as a{i}")];
        return
            $"""
            select sender, field, array[{string.Join(", ", columns)}]::text[] as keys,
              array[{string.Join(", ", amounts.Select((_, i) => $"a{i}"))}]::numeric[] as amounts
            from (
              select {string.Join(", ", [.. columns.Prepend("sender, field"), .. amounts])}
              from (
                select {string.Join(", ", ColumnsOf(count).Concat(ItemsOf(count)).Concat(keys)
                  .Prepend($"{field} as field"))}
                from {From(count, places)}{EachOf(count.Items)}
                where sender = any(@senders){where}
              ) keyed
              group by {string.Join(", ", columns.Prepend("sender, field"))}
            ) counted
            """;
    }

    // What the amounts are counted of.
    private static IEnumerable<string> ColumnsOf(RecordCount count) =>
        count.Amounts.OfType<CountedAmount.Sum>().Select(sum => SqlName.Parse(sum.Column).ToString())
            .Concat(["sender", "identifier_key", "period_no"]).Distinct();

    private static string From(RecordCount count, IReadOnlyList<RecordPlace> places)
    {
        if (places is [var only]) return $"{only.Table} r";
        var named = count.Keys.SelectMany<CountedBy, string>(key => key switch
        {
            CountedBy.Month month => [month.Column],
            CountedBy.Value value => [value.Column],
            CountedBy.Reference reference => [reference.Column, reference.KindColumn],
            _ => [],
        }).Concat(count.Field is { } field ? [field] : [])
            .Concat(count.Items is { Column: var items } ? [items] : [])
            .Select(column => SqlName.Parse(column).ToString());
        var columns = string.Join(", ", ColumnsOf(count).Concat(named).Distinct());
        var held = places.Select(place =>
            $"select {columns} from {place.Table}{(place.Class is null ? "" : $" where {RecordPlace.WholeColumn}")}");
        return $"({string.Join(" union all ", held)}) r";
    }

    private static string PeriodOf(RecordCount count) =>
        count.MessageType is null ? "" : $" and period_no in ({Periods})";

    private static string SqlOf(CountedBy key, int index) => key switch
    {
        CountedBy.Month { IsInstant: true } month =>
            $"to_char({SqlName.Parse(month.Column)} at time zone 'Europe/Oslo', 'MM')",
        CountedBy.Month month => $"to_char({SqlName.Parse(month.Column)}, 'MM')",
        CountedBy.Value value => $"{SqlName.Parse(value.Column)}::text",
        CountedBy.Reference reference =>
            $"{SqlName.Parse(reference.Column)}"
            + $"[array_position({SqlName.Parse(reference.KindColumn)}, @kinds[{index + 1}])]",
        CountedBy.Item => $"item ->> @kinds[{index + 1}]",
        _ => "sender",
    };

    // What stands beside the key in the SQL: never a part of it.
    private static string WordOf(CountedBy key) => key switch
    {
        CountedBy.Reference reference => reference.Kind,
        CountedBy.Item item => item.Name,
        _ => "",
    };

    private static string? ItemOf(CountedAmount amount) => amount switch
    {
        CountedAmount.ItemSum sum => sum.Name,
        CountedAmount.Missing missing => missing.Name,
        _ => null,
    };

    private static IEnumerable<string> ItemsOf(RecordCount count) =>
        count.Amounts.Select((amount, i) => ItemOf(amount) is null ? null : $"item ->> @items[{i + 1}] as v{i}")
            .OfType<string>();

    // One row for each item, and for each of the items within it.
    private static string EachOf(CountedItems? items)
    {
        if (items is null) return "";
        var within = items.Path.Select((_, i) => $", jsonb_array_elements(i{i} -> @path[{i + 1}]) as i{i + 1}");
        return
            $"""
             cross join lateral (
                  select i{items.Path.Count} as item
                  from jsonb_array_elements(r.{SqlName.Parse(items.Column)}::jsonb) as i0{string.Concat(within)}
                ) each
            """;
    }

    private static string DaysOf(CountedBy key) => key switch
    {
        CountedBy.Month { IsInstant: true } month =>
            $" and {SqlName.Parse(month.Column)} >= @from::timestamp at time zone 'Europe/Oslo'"
            + $" and {SqlName.Parse(month.Column)} < (@to::date + 1)::timestamp at time zone 'Europe/Oslo'",
        CountedBy.Month month => $" and {SqlName.Parse(month.Column)} between @from and @to",
        _ => "",
    };

    private static string SqlOf(CountedAmount amount, int index) => amount switch
    {
        CountedAmount.ItemSum => $"coalesce(sum(v{index}::numeric), 0)",
        CountedAmount.Missing => $"count(*) filter (where v{index} is null)",
        CountedAmount.Sum sum => $"coalesce(sum({SqlName.Parse(sum.Column)}), 0)",
        CountedAmount.Persons => "count(distinct nullif(identifier_key, 0))",
        _ => "count(*)",
    };
}
