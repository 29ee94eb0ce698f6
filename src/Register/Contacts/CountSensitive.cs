using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;

namespace Kilde.Register.Contacts;

/// <summary>
/// How much a sensitive class holds, for who is granted it (ADR 132): nobody else is told so much as a number, and each
/// counting is in the audit log. Small numbers tell of persons; what is published of them goes by disclosure control.
/// </summary>
public sealed class CountSensitive(RegisterDatabase database, DefinitionCatalogue catalogue, AuditLog audit)
{
    private readonly IReadOnlyList<RecordTable> _tables = RecordTable.AllOf(catalogue.MessageTypes);

    /// <param name="Sender">The reporting unit as it names itself.</param>
    /// <param name="Year">
    /// The data year where messages replace whole years, otherwise the year the contact began; null where no contact is
    /// told.
    /// </param>
    /// <param name="Records">Records held whole or by some items.</param>
    /// <param name="Persons">Different known persons.</param>
    public sealed record Line(string Table, string Sender, int? Year, long Records, long Persons);

    /// <summary>What stands now, by table, sender and year.</summary>
    /// <exception cref="SensitiveClassException">The class is not granted, or there is none of the name.</exception>
    public async Task<IReadOnlyList<Line>> CountAsync(
        string className, AccessGround ground, CancellationToken cancellation)
    {
        RecordTable[] held =
            [.. _tables.SelectMany(table => table.Places).Where(table => table.Place.Class == className)];
        if (held.Length == 0) throw new SensitiveClassException($"There is no class {className}.");

        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await transaction.BecomeReaderAsync(className, cancellation);
        var counted = (await connection.QueryAsync<Counted>(new CommandDefinition(
            string.Join("\nunion all\n", held.Select(Count)), transaction: transaction, commandTimeout: 0,
            cancellationToken: cancellation))).AsList();
        await transaction.BecomePlatformAsync(cancellation);

        // The reader of a class may read its schema and nothing else.
        var years = (await connection.QueryAsync<(long, int)>(new CommandDefinition(
                "select period_no, data_year::integer from register.period where period_no = any(@numbers)",
                new { numbers = counted.Select(one => one.PeriodNo).Distinct().ToArray() }, transaction,
                cancellationToken: cancellation)))
            .ToDictionary(period => period.Item1, period => period.Item2);
        var entry = new AuditEntry(ground, "register.count_sensitive", className, counted.Count);
        await audit.AppendAsync(transaction, [entry], cancellation);
        await transaction.CommitAsync(cancellation);
        return
        [
            .. counted.Select(one => new Line(
                    one.RecordTable, one.Sender, years.TryGetValue(one.PeriodNo, out var year) ? year : one.Year,
                    one.Records, one.Persons))
                .OrderBy(line => line.Table, StringComparer.Ordinal)
                .ThenBy(line => line.Sender, StringComparer.Ordinal).ThenBy(line => line.Year),
        ];
    }

    private sealed record Counted(
        string RecordTable, string Sender, long PeriodNo, int? Year, long Records, long Persons);

    private static string Count(RecordTable table) =>
        $"""
        select {ContactView.Literal(table.Name.Text)} as record_table, sender, period_no, {YearOf(table)} as year,
          count(*) as records, count(distinct person_key) filter (where person_key >= 0) as persons
        from {table.Place.Table}
        group by 2, 3, 4
        """;

    private static string YearOf(RecordTable table)
    {
        if (table.Contact?.Start.Column is not { } start) return "null::integer";
        var isInstant = table.Columns.Any(column => column.Name.Text == start && column.Kind == ColumnKind.Instant);
        var day = isInstant ? $"{SqlName.Parse(start)} at time zone 'Europe/Oslo'" : $"{SqlName.Parse(start)}";
        return $"case when period_no = 0 then extract(year from {day})::integer end";
    }
}
