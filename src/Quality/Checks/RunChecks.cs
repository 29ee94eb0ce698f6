using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Quality.Checks;

/// <summary>How a run of one check went.</summary>
/// <param name="Measured">Measurements that were kept.</param>
/// <param name="Opened">New findings.</param>
/// <param name="Closed">Findings that are no more.</param>
public sealed record CheckOutcome(Check Check, long Measured, long Opened, long Closed);

/// <summary>
/// Holds checks against the register: against all of it, or against what has changed. Both are the same queries; the
/// latter reads the records of the persons, or of the units' years, that were touched.
/// </summary>
public sealed class RunChecks(
    RegisterDatabase database, DefinitionCatalogue catalogue, CheckLimits limits, CheckedLists lists,
    TimeProvider clock)
{
    /// <summary>Runs are one at a time: each measures what stands, so the last to begin must end last.</summary>
    private const string OneAtATime =
        """
        select pg_advisory_xact_lock(hashtextextended('quality.checks', 0));
        -- There is one such run at a time, and it sorts millions of rows.
        set local work_mem = '256MB';
        -- It reads temporary tables, of which the server holds this much (temp_buffers) and the planner does not know.
        set local effective_cache_size = '8MB'
        """;

    /// <summary>Units' years in one run: other runs, of what has just come, wait for it.</summary>
    private const int UnitYearsAtOnce = 100;

    public IReadOnlyList<Check> Checks => catalogue.Checks;

    /// <summary>Holds checks against all records, in one transaction.</summary>
    /// <param name="tell">Told of each check when it has been run.</param>
    public async Task RunAsync(
        IReadOnlyList<Check> checks, Action<CheckOutcome> tell, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        var rows = new CheckedRows(transaction, CheckedPart.All, lists.ReadAsync);
        foreach (var check in checks)
        {
            var outcome = await RunAsync(check, rows, transaction, cancellation);
            await ExecuteAsync(
                """
                insert into quality.checked (check_id, digest, checked_at) values (@Id, @Digest, @now)
                on conflict (check_id) do update set digest = excluded.digest, checked_at = excluded.checked_at
                """,
                new { check.Id, CheckSql.Of(check).Digest, now = clock.GetUtcNow() }, transaction, cancellation);
            tell(outcome);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Checks that have not been held against the whole register as they stand now, or not for a day when they read a
    /// list: it changes without any record doing so.
    /// </summary>
    public async Task<IReadOnlyList<Check>> FindUncheckedAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var known = await connection.QueryAsync<(string Id, string Digest)>(new CommandDefinition(
            "select check_id, digest from quality.checked where checked_at > @aDayAgo or check_id <> all(@ofLists)",
            new
            {
                aDayAgo = clock.GetUtcNow().AddDays(-1),
                ofLists = Checks.Where(check => check.Reads.Any(view => view.List is not null))
                    .Select(check => check.Id).ToArray(),
            },
            cancellationToken: cancellation));
        var digests = known.ToDictionary(each => each.Id, each => each.Digest, StringComparer.Ordinal);
        return [.. Checks.Where(check => digests.GetValueOrDefault(check.Id) != CheckSql.Of(check).Digest)];
    }

    /// <summary>
    /// Judges what was measured anew, as the limits are now. Nothing is measured, and no record is read.
    /// </summary>
    public async Task<CheckOutcome> JudgeAsync(
        Check check, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        return await JudgeAsync(check, 0, "true", "withdrawn", await ParametersAsync(check, transaction, cancellation),
            transaction, cancellation);
    }

    /// <summary>Checks what stands in the temporary table <c>touched</c>, which the feed has made.</summary>
    internal async Task<IReadOnlyList<CheckOutcome>> RunTouchedAsync(
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        var tables = await TouchedTablesAsync(transaction, cancellation);
        Check[] touched = [.. Checks.Where(check => check.Reads.Any(view => IsOf(view, tables)))];
        if (touched.Length == 0) return [];

        RecordView[] views = [.. touched.SelectMany(check => check.Reads).Distinct().Where(view => IsOf(view, tables))];
        var ofUnits = touched.Where(check => check.Scope != CheckScope.Person)
            .SelectMany(check => check.Reads).ToHashSet();
        await ExecuteAsync(
            CheckStatements.KeepTouched(views.Where(ofUnits.Contains), tables), null, transaction, cancellation);
        if (CheckStatements.KeepOutcounted(views, tables) is { } outcounted)
            await ExecuteAsync(outcounted, null, transaction, cancellation);
        if (touched.Any(check => check.Scope == CheckScope.Year))
            await ExecuteAsync(CheckStatements.KeepDueYears, null, transaction, cancellation);
        if (touched.Any(check => check.Scope == CheckScope.Unit))
        {
            await ExecuteAsync(
                CheckStatements.KeepDueUnits,
                new { now = clock.GetUtcNow(), tables = tables.Order(StringComparer.Ordinal).ToArray() },
                transaction, cancellation);
        }

        return await RunTouchedAsync(
            [.. touched.Where(check => check.Scope == CheckScope.Person)], transaction, cancellation);
    }

    /// <summary>
    /// Checks of units' years, of some of those that were touched before the time. A unit's year is read whole, so it
    /// is checked once for all that comes within some minutes.
    /// </summary>
    /// <returns>False when none was due.</returns>
    public async Task<bool> RunDueUnitsAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from quality.due_unit where touched_at <= @before)", new { before },
            cancellationToken: cancellation))) return false;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        var tables = (await connection.QueryAsync<string>(new CommandDefinition(
            CheckStatements.TakeDueUnits, new { before, unitsMax = UnitYearsAtOnce }, transaction,
            cancellationToken: cancellation))).ToHashSet(StringComparer.Ordinal);
        await ExecuteAsync("analyze touched_unit", null, transaction, cancellation);
        await RunTouchedAsync(
            [.. Checks.Where(check =>
                check.Scope == CheckScope.Unit && check.Reads.Any(view => IsOf(view, tables)))],
            transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>
    /// Checks of whole years, of the years that have been touched since the last time. A year is too much to read for
    /// every change, so they are checked now and then.
    /// </summary>
    public async Task<IReadOnlyList<CheckOutcome>> RunDueYearsAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        var years = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            CheckStatements.TakeDueYears, transaction: transaction, cancellationToken: cancellation));
        if (years == 0) return [];
        var outcomes = await RunTouchedAsync(
            [.. Checks.Where(check => check.Scope == CheckScope.Year)], transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        return outcomes;
    }

    private async Task<IReadOnlyList<CheckOutcome>> RunTouchedAsync(
        IReadOnlyList<Check> checks, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var rows = new CheckedRows(
            transaction, CheckedPart.Touched, lists.ReadAsync,
            checks.Select(check => check.YearsBack).DefaultIfEmpty().Max());
        var outcomes = new List<CheckOutcome>();
        foreach (var check in checks) outcomes.Add(await RunAsync(check, rows, transaction, cancellation));
        return outcomes;
    }

    private async Task<CheckOutcome> RunAsync(
        Check check, CheckedRows rows, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var parameters = await ParametersAsync(check, transaction, cancellation);
        var rowsOf = await rows.KeepAsync(check, cancellation);
        var among = rows.Among(check);
        var measured = CheckSql.Of(check).Measured(view => rowsOf[view], among);
        var count = await transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
            CheckStatements.Keep(measured, among), parameters, transaction, commandTimeout: 0,
            cancellationToken: cancellation));
        return await JudgeAsync(check, count, among, "corrected", parameters, transaction, cancellation);
    }

    private static async Task<CheckOutcome> JudgeAsync(
        Check check, long measured, string among, string closing, DynamicParameters parameters,
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        parameters.Add("closing", closing);
        parameters.Add("isShadow", check.Status == CheckStatus.Shadow);
        var (opened, closed) = await transaction.Connection!.QuerySingleAsync<(long, long)>(new CommandDefinition(
            CheckStatements.Judge(check.Finding, among), parameters, transaction, commandTimeout: 0,
            cancellationToken: cancellation));
        return new CheckOutcome(check, measured, opened, closed);
    }

    private async Task<DynamicParameters> ParametersAsync(
        Check check, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var parameters = ParametersOf(check, await limits.ReadAsync(check, transaction, cancellation));
        parameters.Add("check", check.Id);
        parameters.Add("now", clock.GetUtcNow());
        return parameters;
    }

    /// <summary>What a check's own SQL needs.</summary>
    internal static DynamicParameters ParametersOf(Check check, IReadOnlyList<LimitInForce> limits)
    {
        var parameters = new DynamicParameters();
        parameters.Add("firstYear", check.FirstDataYear);
        parameters.Add("lastYear", check.LastDataYear ?? int.MaxValue);
        foreach (var (name, value) in CheckSql.Of(check).Ends) parameters.Add(name, value);
        foreach (var limit in limits) parameters.Add(limit.Limit.Name, limit.Value);
        return parameters;
    }

    /// <summary>The record tables of the temporary table <c>touched</c>.</summary>
    internal static async Task<IReadOnlySet<string>> TouchedTablesAsync(
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var tables = await transaction.Connection!.QueryAsync<string>(new CommandDefinition(
            "select distinct record_table from touched", transaction: transaction, cancellationToken: cancellation));
        return tables.ToHashSet(StringComparer.Ordinal);
    }

    internal static bool IsOf(RecordView view, IReadOnlySet<string> tables) =>
        view.Tables.Any(tables.Contains);

    private static Task<int> ExecuteAsync(
        string sql, object? parameters, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellation));
}
