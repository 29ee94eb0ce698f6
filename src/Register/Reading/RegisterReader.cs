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

    public RegisterReader(RegisterDatabase database, DefinitionCatalogue catalogue, AuditLog audit)
        : this(database, () => RecordTable.AllOf(catalogue.MessageTypes), audit)
    {
    }

    internal RegisterReader(RegisterDatabase database, Func<IReadOnlyList<RecordTable>> tables, AuditLog audit) =>
        (_database, _tables, _audit) = (database, tables, audit);

    /// <summary>Every version of a record, oldest first. Empty when the sender has never sent it.</summary>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    public Task<IReadOnlyList<RecordVersion>> ReadHistoryAsync(
        string table, OrganizationNumber sender, string localId, AccessGround ground, CancellationToken cancellation)
    {
        var layout = LayoutOf(table);
        var key = RecordKey.Of(layout.Register, table, sender, localId);
        return ReadAsync(
            new(layout, StandsAtKey(layout), "record_key = @key", "since", [new("key", key)]),
            new(ground, "register.read_record", $"{table} {key}"), cancellation);
    }

    /// <summary>The record as the register knew it at the moment; null when it did not stand then.</summary>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    public async Task<RecordVersion?> ReadAsOfAsync(
        string table, OrganizationNumber sender, string localId, DateTimeOffset at, AccessGround ground,
        CancellationToken cancellation)
    {
        var layout = LayoutOf(table);
        var key = RecordKey.Of(layout.Register, table, sender, localId);
        var versions = await ReadAsync(
            new(layout, $"{StandsAtKey(layout)} and {KnownThen}", $"record_key = @key and {KnownThen}", "since",
                [new("key", key), At(at)]),
            new(ground, "register.read_record", $"{table} {key}"), cancellation);
        return versions.SingleOrDefault();
    }

    /// <summary>All records of a sender as the register knew them at the moment, by local id.</summary>
    /// <param name="after">Local id to go on after; null for the beginning.</param>
    /// <param name="limit">Records at most, counted.</param>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    public Task<IReadOnlyList<RecordVersion>> ReadSenderAsOfAsync(
        string table, OrganizationNumber sender, DateTimeOffset at, string? after, int limit, AccessGround ground,
        CancellationToken cancellation)
    {
        const string condition = $"sender = @sender and local_id > @after and {KnownThen}";
        return ReadAsync(
            new(LayoutOf(table), condition, condition, "local_id limit @limit",
                [new("sender", sender.ToString()), new("after", after ?? ""), new("limit", limit), At(at)]),
            new(ground, "register.read_sender", $"{table} {sender}"), cancellation);
    }

    /// <summary>All records of a person in the table as the register knew them at the moment.</summary>
    /// <exception cref="InvalidRecordTableException">No definition makes the table.</exception>
    public Task<IReadOnlyList<RecordVersion>> ReadPersonAsOfAsync(
        string table, PersonKey person, DateTimeOffset at, AccessGround ground, CancellationToken cancellation)
    {
        const string condition = $"person_key = @person and {KnownThen}";
        return ReadAsync(
            new(LayoutOf(table), condition, condition, "since, record_key", [new("person", person.Value), At(at)]),
            new(ground, "register.read_person", $"{table} {person.Value}"), cancellation);
    }

    // The one shape of every as-of question, in any table: known by then, and not yet superseded.
    private const string KnownThen = "since <= @at and until > @at";

    private sealed record Question(
        RecordTable Table, string Standing, string Ended, string Order, NpgsqlParameter[] Parameters);

    private sealed record Access(AccessGround Ground, string Action, string Subject);

    // Standing records are found by person first, as they are stored; the locator knows the person of a key.
    private static string StandsAtKey(RecordTable table) =>
        $"""
        record_key = @key
          and person_key = (select person_key from register.{table.Locator} where record_key = @key)
        """;

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
        var versions = await QueryAsync(question, transaction, cancellation);
        await _audit.AppendAsync(
            transaction, [new AuditEntry(access.Ground, access.Action, access.Subject, versions.Count)], cancellation);
        await transaction.CommitAsync(cancellation);
        return versions;
    }

    private static async Task<IReadOnlyList<RecordVersion>> QueryAsync(
        Question question, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var table = question.Table;
        var columns = string.Concat(table.Columns.Select(column => $", {column.Name}"));
        await using var command = new NpgsqlCommand(
            $"""
            select * from (
              select {Fixed}, 'infinity'::timestamptz as until, null::text as ended_by{columns}
              from register.{table.Name}
            ) as standing
            where {question.Standing}
            union all
            select * from (
              select {Fixed}, until, ended_by{columns}
              from register.{table.History}
            ) as ended
            where {question.Ended}
            order by {question.Order}
            """,
            transaction.Connection, transaction);
        command.Parameters.AddRange(question.Parameters);

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
        return new RecordVersion(
            reader.GetGuid(0), new PersonKey(reader.GetInt64(1)), OrganizationNumber.Parse(reader.GetString(2)),
            reader.GetString(3), reader.GetString(4), reader.GetGuid(5), reader.GetFieldValue<DateOnly>(6),
            reader.GetInt64(7), reader.GetFieldValue<DateTimeOffset>(8),
            endedBy is null ? null : reader.GetFieldValue<DateTimeOffset>(9), endedBy, values);
    }
}
