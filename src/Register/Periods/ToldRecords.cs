using Dapper;
using Npgsql;

namespace Kilde.Register.Periods;

/// <summary>
/// Which records of a period change messages have told of since the newest message of the whole period (ADR 189). A
/// record that was told of as it stood before, or was deleted, has nothing in it that shows when.
/// </summary>
internal static class ToldRecords
{
    /// <summary>The records that were told of in something newer than the day.</summary>
    public static async Task<IEnumerable<Guid>> ReadAsync(
        long periodNo, DateOnly extractedOn, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        await transaction.Connection!.QueryAsync<Guid>(new CommandDefinition(
            """
            select unnest(record_keys) from register.period_told
            where period_no = @periodNo and extracted_on > @extractedOn
            """,
            new { periodNo, extractedOn }, transaction,
            cancellationToken: cancellation));

    public static Task WriteAsync(
        long periodNo, string table, PeriodChange change, IEnumerable<Guid> keys, NpgsqlTransaction transaction,
        CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into register.period_told (period_no, batch_no, record_table, extracted_on, record_keys)
            values (@periodNo, @BatchNo, @table, @ExtractedOn, @keys)
            """,
            new { periodNo, table, change.BatchNo, change.ExtractedOn, keys = keys.ToArray() }, transaction,
            cancellationToken: cancellation));

    /// <summary>The whole period has been told anew: what is as old or older touches nothing any more.</summary>
    public static Task ForgetAsync(
        long periodNo, DateOnly extractedOn, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "delete from register.period_told where period_no = @periodNo and extracted_on <= @extractedOn",
            new { periodNo, extractedOn }, transaction,
            cancellationToken: cancellation));
}
