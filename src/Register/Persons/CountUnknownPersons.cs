using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Platform.Databases;
using Kilde.Register.Tables;

namespace Kilde.Register.Persons;

/// <summary>
/// Activity whose person is not known, per reporting unit: kept and counted, and joined to the person when the identity
/// comes (R4.21). Records that are about no person, such as units, are not among it. Says nothing of anyone: counts,
/// record keys and the sender's own ids.
/// </summary>
public sealed class CountUnknownPersons
{
    private readonly RegisterDatabase _database;
    private readonly Func<IEnumerable<MessageType>> _types;

    public CountUnknownPersons(RegisterDatabase database, DefinitionCatalogue catalogue)
        : this(database, () => catalogue.MessageTypes)
    {
    }

    internal CountUnknownPersons(RegisterDatabase database, Func<IEnumerable<MessageType>> types) =>
        (_database, _types) = (database, types);

    /// <param name="Records">All records of the unit in the table.</param>
    /// <param name="Unknown">Those without a known person.</param>
    public sealed record UnitCount(string Table, string Sender, long Records, long Unknown)
    {
        public double Share => Records == 0 ? 0 : (double)Unknown / Records;
    }

    /// <param name="PeriodNo">The year it belongs to, in register.period; 0 for none.</param>
    /// <param name="NamesSomeone">False when the record came without any identifier and cannot become known.</param>
    public sealed record UnknownRecord(
        Guid RecordKey, string LocalId, string Unit, long PeriodNo, DateTimeOffset Since, bool NamesSomeone);

    /// <summary>The units that have activity without a known person, those with most first.</summary>
    public async Task<IReadOnlyList<UnitCount>> CountAsync(CancellationToken cancellation)
    {
        var ofNobody = _types().SelectMany(type => type.RecordTypes).ToLookup(record => record.Table)
            .Where(records => records.All(record => record.PersonSource == PersonSource.None))
            .Select(records => records.Key).ToHashSet(StringComparer.Ordinal);
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var counts = new List<UnitCount>();
        foreach (var (place, _) in await RecordColumns.ReadAsync(transaction, cancellation))
        {
            if (place is not { Class: null, Name: var table } || ofNobody.Contains(table.Text)) continue;
            counts.AddRange(await connection.QueryAsync<UnitCount>(new CommandDefinition(
                $"""
                with unknown as (
                  select sender, count(*) as unknown
                  from register.{table}
                  where person_key < 0
                  group by sender
                )
                select '{table.Text}' as "table", sender,
                  (select count(*) from register.{table} as record where record.sender = unknown.sender) as records,
                  unknown
                from unknown
                """,
                transaction: transaction, cancellationToken: cancellation)));
        }

        return [.. counts.OrderByDescending(count => count.Unknown).ThenBy(count => count.Sender)];
    }

    /// <summary>The records themselves, oldest first.</summary>
    /// <param name="limit">Records at most, counted.</param>
    /// <exception cref="InvalidRecordTableException">The name cannot be a table's.</exception>
    public async Task<IReadOnlyList<UnknownRecord>> ListAsync(
        string table, string sender, int limit, CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        var records = await connection.QueryAsync<UnknownRecord>(new CommandDefinition(
            $"""
            select record_key, local_id, unit, period_no, since, identifier_key <> 0 as names_someone
            from register.{SqlName.Parse(table)}
            where person_key < 0 and sender = @sender
            order by since, record_key
            limit @limit
            """,
            new { sender, limit }, cancellationToken: cancellation));
        return records.AsList();
    }
}
