using Dapper;
using Npgsql;

namespace Kilde.Register.Periods;

/// <summary>
/// Which patient numbers the identity messages of a period tell of, so that they can be held against those that have
/// activity (R3.07, ADR 192). They stand as the vault's keys: who is who stands in the vault only.
/// </summary>
internal static class PeriodPatients
{
    /// <summary>
    /// A message of the whole period replaces what was told in something as old or older; one of changes adds to it.
    /// </summary>
    public static async Task WriteAsync(
        long periodNo, PeriodChange change, IReadOnlyList<long[]> pages, NpgsqlTransaction transaction,
        CancellationToken cancellation)
    {
        if (change.IsWhole)
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "delete from register.period_patient where period_no = @periodNo and extracted_on <= @ExtractedOn",
                new { periodNo, change.ExtractedOn }, transaction,
                cancellationToken: cancellation));
        }

        foreach (var (pageNo, keys) in pages.Index())
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                """
                insert into register.period_patient (
                  period_no, batch_no, page_no, is_whole, extracted_on, identifier_keys)
                values (@periodNo, @BatchNo, @pageNo, @IsWhole, @ExtractedOn, @keys)
                """,
                new { periodNo, change.BatchNo, pageNo, change.IsWhole, change.ExtractedOn, keys }, transaction,
                cancellationToken: cancellation));
        }
    }
}
