using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Periods;
using Kilde.Register.Tables;
using Npgsql;

namespace Kilde.Register.Contacts;

/// <summary>
/// Holds the patients that specialist care has reported activity of (NPR's module ord) against those its identity
/// messages tell of (R3.07): patient numbers, each within its reporting unit (ADR 192).
/// </summary>
/// <remarks>Compares what stands now, and tells numbers only.</remarks>
public sealed class CountActivity(RegisterDatabase database)
{
    private const string ActivityType = "NPR_ORD";

    /// <param name="Active">Patients with activity.</param>
    /// <param name="WithoutActivity">Patients that identity messages tell of, without activity.</param>
    /// <param name="WithoutIdentity">Patients with activity that no identity message tells of.</param>
    public sealed record PatientCount(int Active, int WithoutActivity, int WithoutIdentity);

    /// <param name="senders">Reporting units as they name themselves.</param>
    /// <returns>
    /// Null while one half of the year has not come, or it is not known which patients the identity messages told of.
    /// </returns>
    public async Task<PatientCount?> CountPatientsAsync(
        IReadOnlyCollection<string> senders, DataYear year, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var tables = await PeriodTable.TablesOfAsync(ActivityType, transaction, cancellation);
        var asked = new { senders = senders.ToArray(), year = year.Year, activity = ActivityType };
        var apart = await ReadApartAsync(tables, asked, transaction, cancellation);
        return await connection.QuerySingleOrDefaultAsync<PatientCount>(new CommandDefinition(
            SqlOf(tables),
            new { asked.senders, asked.year, asked.activity, apart },
            transaction,
            commandTimeout: 0,
            cancellationToken: cancellation));
    }

    // What a sender is told of its own is whole, or it could not be held against what it has. Few are held apart.
    private static async Task<long[]> ReadApartAsync(
        IReadOnlyList<SqlName> tables, object asked, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        HashSet<long> patients = [];
        foreach (var table in tables)
        {
            var places = await ApartTables.ReadAsync(table, transaction, cancellation);
            foreach (var place in places.Where(place => place.Class is not null))
            {
                patients.UnionWith(await transaction.KeepAsync(
                    place,
                    () => transaction.Connection!.QueryAsync<long>(new CommandDefinition(
                        $"""
                        {PatientsOf(place)} and {RecordPlace.WholeColumn} and period_no in (
                          select period_no from register.period
                          where sender = any(@senders) and message_type = @activity and data_year = @year)
                        """,
                        asked, transaction, commandTimeout: 0, cancellationToken: cancellation)),
                    cancellation));
            }
        }

        return [.. patients];
    }

    // Names are those of definitions, checked and quoted; values are parameters. Key 0 is of records about no patient.
    private static string SqlOf(IReadOnlyList<SqlName> tables) =>
        $"""
        with year as materialized (
          select period_no, message_type from register.period
          where sender = any(@senders) and message_type in (@activity, 'NPR_IDE') and data_year = @year
        ), active as (
          select unnest(@apart::bigint[]) as identifier_key{string.Concat(tables.Select(table =>
            $" union {PatientsOf(new RecordPlace(table, null))} and period_no in (select period_no from year)"))}
        ), told as (
          select distinct unnest(identifier_keys) as identifier_key
          from register.period_patient where period_no in (select period_no from year)
        )
        select count(active.identifier_key)::integer as active,
          (count(*) filter (where active.identifier_key is null))::integer as without_activity,
          (count(*) filter (where told.identifier_key is null))::integer as without_identity
        from active full join told using (identifier_key)
        having (select count(distinct message_type) from year) = 2
          and not exists (
            select from year
            where message_type <> @activity and not exists (
              select from register.period_patient as patient
              where patient.period_no = year.period_no and patient.is_whole))
        """;

    private static string PatientsOf(RecordPlace place) =>
        $"select identifier_key from {place.Table} where sender = any(@senders) and identifier_key <> 0";
}
