using Dapper;
using Kilde.Definitions.Checks;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Quality.Checks;

/// <param name="Findings">How many there would be.</param>
public sealed record TrialCount(string Unit, int DataYear, long Findings);

/// <summary>What a check would find.</summary>
/// <param name="Limits">The limits it was tried with.</param>
/// <param name="Counts">Per unit and data year, the most first.</param>
/// <param name="Samples">Some of the findings, of as many units as there are.</param>
public sealed record CheckTrial(
    Check Check, IReadOnlyList<LimitInForce> Limits, IReadOnlyList<TrialCount> Counts,
    IReadOnlyList<FindingLine> Samples)
{
    public long Findings => Counts.Sum(count => count.Findings);
}

/// <summary>
/// Holds a check against past data years before it counts, or before it is installed: what it would find, and of whom.
/// Nothing is kept.
/// </summary>
public sealed class TryCheck(
    RegisterDatabase database, CheckLimits limits, CheckedLists lists, TimeProvider clock)
{
    public const int SamplesMax = 500;

    /// <param name="check">
    /// Need not be one of the catalogue's, but it reads views that the register has. Limits that staff have set for its
    /// id hold.
    /// </param>
    /// <param name="samples">0 to <see cref="SamplesMax"/>.</param>
    public async Task<CheckTrial> RunAsync(
        Check check, int firstYear, int lastYear, int samples, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastYear, firstYear);
        ArgumentOutOfRangeException.ThrowIfNotEqual(samples, Math.Clamp(samples, 0, SamplesMax));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);

        // Never committed: the tables it works in are temporary, and go with the transaction.
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var inForce = await limits.ReadAsync(check, transaction, cancellation);
        await ExecuteAsync(Begin, new { firstYear, lastYear }, transaction, cancellation);
        var rows = new CheckedRows(transaction, CheckedPart.Years, lists.ReadAsync, check.YearsBack);
        var rowsOf = await rows.KeepAsync(check, cancellation);
        var measured = CheckSql.Of(check).Measured(view => rowsOf[view], rows.Among(check));
        await ExecuteAsync(
            $"insert into pg_temp.tried select * from ({measured}) as m where {check.Finding}",
            RunChecks.ParametersOf(check, inForce), transaction, cancellation);
        var counts = await connection.QueryAsync<TrialCount>(new CommandDefinition(
            """
            select unit, data_year, count(*) as findings from pg_temp.tried
            group by 1, 2
            order by 3 desc, 1, 2
            """,
            transaction: transaction, cancellationToken: cancellation));
        var found = await connection.QueryAsync<TriedRow>(new CommandDefinition(
            """
            select unit, data_year, local_id, measured, basis, detail
            from (select *, row_number() over (partition by unit order by data_year desc, subject) as place
              from pg_temp.tried) as placed
            order by place, unit
            limit @samples
            """,
            new { samples }, transaction, cancellationToken: cancellation));
        return new CheckTrial(check, inForce, [.. counts], [.. found.Select(row => row.ToLine(check, clock))]);
    }

    private static Task<int> ExecuteAsync(
        string sql, object parameters, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellation));

    private const string Begin =
        """
        create temporary table tried (
          subject text, person_key bigint, unit text, data_year integer, record_key uuid, local_id text,
          measured numeric, basis numeric, detail text) on commit drop;
        create temporary table touched_unit (unit text not null, data_year integer not null) on commit drop;
        insert into pg_temp.touched_unit select '', year from generate_series(@firstYear, @lastYear) as year
        """;

    private sealed record TriedRow(
        string Unit, int DataYear, string? LocalId, decimal? Measured, decimal? Basis, string? Detail)
    {
        public FindingLine ToLine(Check check, TimeProvider clock) => new(
            Guid.Empty, check, Unit, UnitName: null, DataYear, LocalId, Measured, Basis, Detail, FindingState.Open,
            IsShadow: true, Cause: null, Answer: null, clock.GetUtcNow(), ClosedAt: null);
    }
}
