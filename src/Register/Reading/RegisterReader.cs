using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Merging;
using Kilde.Register.Tables;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Register.Reading;

/// <summary>
/// Reads records as they stand or stood. What the register knew at a moment is one question everywhere: the versions
/// with <c>since</c> at or before it and <c>until</c> after it. Every reading is written to the audit log in its own
/// transaction, and fails when the log does.
/// </summary>
public sealed class RegisterReader
{
    private readonly RegisterDatabase _database;
    private readonly Func<IReadOnlyList<RecordTable>> _tables;
    private readonly AuditLog _audit;
    private readonly IReadOnlyCollection<string> _classes;

    public RegisterReader(RegisterDatabase database, DefinitionCatalogue catalogue, AuditLog audit)
        : this(database, () => RecordTable.AllOf(catalogue.MessageTypes), audit)
    {
    }

    internal RegisterReader(
        RegisterDatabase database, Func<IReadOnlyList<RecordTable>> tables, AuditLog audit,
        IReadOnlyCollection<string>? classes = null) =>
        (_database, _tables, _audit, _classes) = (database, tables, audit, classes ?? []);

    /// <summary>
    /// A reader that shows what the classes hold apart too (ADR 130). The reading of each class is in the audit log by
    /// itself.
    /// </summary>
    public RegisterReader Showing(IReadOnlyCollection<string> classes) => new(_database, _tables, _audit, classes);

    /// <summary>
    /// Every version of a record, oldest first. Empty when the sender has never sent it. Where messages replace whole
    /// years, all records that have had the local id. What a class holds of a record that stands in the register comes
    /// as versions of its own.
    /// </summary>
    /// <param name="sender">The reporting unit as it names itself.</param>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    /// <exception cref="SensitiveClassException">A class is not granted, or not of the table.</exception>
    public Task<IReadOnlyList<RecordVersion>> ReadHistoryAsync(
        string table, string sender, string localId, AccessGround ground, CancellationToken cancellation)
    {
        var layout = LayoutOf(table);
        var which = RecordOf(layout, sender, localId);
        return ReadAsync(
            new(layout, which.Standing, which.Ended, Since, which.Parameters),
            new(ground, "register.read_record", which.Subject), cancellation);
    }

    /// <summary>
    /// The record as the register knew it at the moment; null when it did not stand then. Where several have the local
    /// id, the one that came last.
    /// </summary>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    /// <exception cref="SensitiveClassException">A class is not granted, or not of the table.</exception>
    public async Task<RecordVersion?> ReadAsOfAsync(
        string table, string sender, string localId, DateTimeOffset at, AccessGround ground,
        CancellationToken cancellation)
    {
        var layout = LayoutOf(table);
        var which = RecordOf(layout, sender, localId);
        var versions = await ReadAsync(
            new(layout, place => $"{which.Standing(place)} and {KnownThen}", $"{which.Ended} and {KnownThen}", Since,
                [.. which.Parameters, At(at)]),
            new(ground, "register.read_record", which.Subject), cancellation);
        return Together(versions) is [.., var newest] ? newest : null;
    }

    /// <summary>All records of a sender as the register knew them at the moment, by local id.</summary>
    /// <param name="after">Local id to go on after; null for the beginning.</param>
    /// <param name="limit">Records at most, counted.</param>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    /// <exception cref="SensitiveClassException">A class is not granted, or not of the table.</exception>
    public async Task<IReadOnlyList<RecordVersion>> ReadSenderAsOfAsync(
        string table, string sender, DateTimeOffset at, string? after, int limit, AccessGround ground,
        CancellationToken cancellation)
    {
        const string condition = $"sender = @sender and local_id > @after and {KnownThen}";
        var versions = await ReadAsync(
            new(LayoutOf(table), _ => condition, condition, LocalId,
                [new("sender", sender), new("after", after ?? ""), new("limit", limit), At(at)]),
            new(ground, "register.read_sender", $"{table} {sender}"), cancellation);

        // Each place has given as many as were asked for; items of records beyond them are of no use yet.
        return [.. Together(versions).Take(limit)];
    }

    /// <summary>All records of a person in the table as the register knew them at the moment.</summary>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    /// <exception cref="SensitiveClassException">A class is not granted, or not of the table.</exception>
    public async Task<IReadOnlyList<RecordVersion>> ReadPersonAsOfAsync(
        string table, PersonKey person, DateTimeOffset at, AccessGround ground, CancellationToken cancellation)
    {
        const string condition = $"person_key = @person and {KnownThen}";
        return Together(await ReadAsync(
            new(LayoutOf(table), _ => condition, condition, Since, [new("person", person.Value), At(at)]),
            new(ground, "register.read_person", $"{table} {person.Value}"), cancellation));
    }

    // The one shape of every as-of question, in any table: known by then, and not yet superseded.
    private const string KnownThen = "since <= @at and until > @at";

    private static readonly Order Since = new("since, record_key", versions => versions
        .OrderBy(version => version.Since).ThenBy(version => version.RecordKey));

    private static readonly Order LocalId = new("local_id limit @limit", versions => versions
        .OrderBy(version => version.LocalId, StringComparer.Ordinal));

    // In SQL within each place, and again when what the places hold is put together.
    private sealed record Order(string Sql, Func<IEnumerable<RecordVersion>, IEnumerable<RecordVersion>> Put);

    private sealed record Question(
        RecordTable Table, Func<RecordPlace, string> Standing, string Ended, Order Order, NpgsqlParameter[] Parameters);

    private sealed record Access(AccessGround Ground, string Action, string Subject);

    private sealed record Which(
        Func<RecordPlace, string> Standing, string Ended, NpgsqlParameter[] Parameters, string Subject);

    // Standing records are found by person first, as they are stored; the locator knows the person of a key. In a table
    // of whole years the key holds more than the sender's local id, and the sender's records are looked through.
    private static Which RecordOf(RecordTable table, string sender, string localId)
    {
        if (table.HasYears)
        {
            const string condition = "sender = @sender and local_id = @localId";
            return new Which(
                _ => condition, condition, [new("sender", sender), new("localId", localId)],
                $"{table.Name.Text} {sender}");
        }

        var key = RecordKey.Of(table.Register, table.Name.Text, sender, localId);
        return new Which(
            place => $"""
                record_key = @key and person_key = (
                  select person_key from {place.Locator} where period_no = 0 and record_key = @key)
                """,
            "record_key = @key", [new("key", key)], $"{table.Name.Text} {key}");
    }

    private static NpgsqlParameter At(DateTimeOffset at) =>
        new("at", NpgsqlDbType.TimestampTz) { Value = at.UtcDateTime };

    private RecordTable LayoutOf(string table) =>
        _tables().FirstOrDefault(candidate => candidate.Name.Text == table)
        ?? throw new InvalidRecordTableException($"No definition makes a table named {table}.");

    private async Task<IReadOnlyList<RecordVersion>> ReadAsync(
        Question question, Access access, CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var versions = await QueryAsync(question, question.Table, transaction, cancellation);
        List<AuditEntry> entries = [new(access.Ground, access.Action, access.Subject, versions.Count)];
        foreach (var className in _classes)
        {
            var held = question.Table.Places.FirstOrDefault(table => table.Place.Class == className)
                ?? throw new SensitiveClassException($"{question.Table.Name.Text} holds nothing apart as {className}.");
            await transaction.BecomeReaderAsync(className, cancellation);
            var apart = await QueryAsync(question, held, transaction, cancellation);
            await transaction.BecomePlatformAsync(cancellation);
            versions.AddRange(apart);
            entries.Add(new(access.Ground, "register.read_sensitive", $"{className} {access.Subject}", apart.Count));
        }

        await _audit.AppendAsync(transaction, entries, cancellation);
        await transaction.CommitAsync(cancellation);
        return [.. question.Order.Put(versions)];
    }

    // What stood at one moment: items go into the record they belong to.
    private static IReadOnlyList<RecordVersion> Together(IReadOnlyList<RecordVersion> versions)
    {
        var items = versions.Where(version => !version.IsWhole).ToLookup(version => version.RecordKey);
        return items.Count == 0
            ? versions
            : [.. versions.Where(version => version.IsWhole)
                .Select(version => items[version.RecordKey].Aggregate(version, With))];
    }

    private static RecordVersion With(RecordVersion whole, RecordVersion items) => whole with
    {
        Values = [.. whole.Values.Zip(items.Values, (own, item) => own.Value is null ? item : own)],
    };

    private static async Task<List<RecordVersion>> QueryAsync(
        Question question, RecordTable table, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var columns = string.Concat(table.Columns.Select(column => $", {column.Name}"));
        await using var command = new NpgsqlCommand(
            $"""
            select * from (
              select {Fixed}, 'infinity'::timestamptz as until, null::text as ended_by{columns}
              from {table.Place.Table}
            ) as standing
            where {question.Standing(table.Place)}
            union all
            select * from (
              select {Fixed}, until, ended_by{columns}
              from {table.Place.History}
            ) as ended
            where {question.Ended}
            order by {question.Order.Sql}
            """,
            transaction.Connection, transaction);
        foreach (var parameter in question.Parameters) command.Parameters.Add(parameter.Clone());

        var versions = new List<RecordVersion>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) versions.Add(VersionIn(reader, table));
        return versions;
    }

    private const string Fixed =
        "record_key, person_key, sender, unit, local_id, submission_id, extracted_on, batch_no, since";

    private const int FixedCount = 11;

    private static RecordVersion VersionIn(NpgsqlDataReader reader, RecordTable table)
    {
        var values = new KeyValuePair<string, object?>[table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = reader.IsDBNull(FixedCount + i) ? null : reader.GetValue(FixedCount + i);
            values[i] = new(table.Columns[i].Name.Text, value is DateTime time ? new DateTimeOffset(time) : value);
        }

        var endedBy = reader.IsDBNull(10) ? null : reader.GetString(10);
        var version = new RecordVersion(
            reader.GetGuid(0), new PersonKey(reader.GetInt64(1)), reader.GetString(2),
            reader.GetString(3), reader.GetString(4), reader.GetGuid(5), reader.GetFieldValue<DateOnly>(6),
            reader.GetInt64(7), reader.GetFieldValue<DateTimeOffset>(8),
            endedBy is null ? null : reader.GetFieldValue<DateTimeOffset>(9), endedBy, values)
        {
            Class = table.Place.Class,
        };

        // The first column of a class's table is no item of the record.
        return version.Class is null
            ? version
            : version with { IsWhole = (bool)values[0].Value!, Values = values[1..] };
    }
}
