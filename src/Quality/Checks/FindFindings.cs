using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Overview;

namespace Kilde.Quality.Checks;

/// <summary>Which findings to list.</summary>
/// <param name="Unit">Only this unit's, and none in the shadow; null for all, which is for staff alone.</param>
/// <param name="State">Null: those that stand.</param>
/// <param name="Before">The last finding of the page before.</param>
public sealed record FindingFilter(
    OrganizationNumber? Unit, string? CheckId = null, FindingState? State = null, int? DataYear = null,
    Guid? Before = null);

/// <summary>What the checks have found.</summary>
public sealed class FindFindings(RegisterDatabase database, DefinitionCatalogue catalogue)
{
    private readonly Dictionary<string, Check> _checks =
        catalogue.Checks.ToDictionary(check => check.Id, StringComparer.Ordinal);

    /// <summary>Findings, the newest first.</summary>
    /// <param name="limit">1 to 500.</param>
    public async Task<IReadOnlyList<FindingLine>> FindAsync(
        FindingFilter filter, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 500));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<FindingRow>(new CommandDefinition(
            $"""
            {Select}
            where {MayBeSeen} and f.check_id = any(@checks)
              and (@state::text is null and f.closed_at is null or f.state = @state)
              and (@dataYear::integer is null or f.data_year = @dataYear)
              and (@before::uuid is null or (f.opened_at, f.finding_id) < (
                select b.opened_at, b.finding_id from quality.finding b where b.finding_id = @before))
            order by f.opened_at desc, f.finding_id desc
            limit @limit
            """,
            new
            {
                unit = filter.Unit?.ToString(),
                checks = filter.CheckId is { } id ? [id] : _checks.Keys.ToArray(),
                state = filter.State is { } state ? FindingTable.NameOf(state) : null,
                filter.DataYear,
                filter.Before,
                limit,
            },
            cancellationToken: cancellation));
        return [.. rows.Where(row => _checks.ContainsKey(row.CheckId)).Select(row => row.ToLine(_checks))];
    }

    /// <summary>One finding; null when it is not there, or another's.</summary>
    /// <param name="unit">Only this unit's; null for staff.</param>
    public async Task<FindingWithHistory?> GetAsync(
        Guid findingId, OrganizationNumber? unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<FindingRow>(new CommandDefinition(
            $"{Select} where {MayBeSeen} and f.finding_id = @findingId",
            new { findingId, unit = unit?.ToString() },
            cancellationToken: cancellation));
        if (row is null || !_checks.ContainsKey(row.CheckId)) return null;
        var history = await connection.QueryAsync<FindingEvent>(new CommandDefinition(
            """
            select kind, detail, actor, occurred_at from quality.finding_event
            where finding_id = @findingId order by event_no
            """,
            new { findingId },
            cancellationToken: cancellation));
        return new FindingWithHistory(row.ToLine(_checks), history.AsList());
    }

    /// <summary>How each check stands, those with most that is unanswered first.</summary>
    /// <param name="unit">Only this unit's; null for staff.</param>
    public async Task<IReadOnlyList<CheckStanding>> CountAsync(
        OrganizationNumber? unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = (await connection.QueryAsync<CountRow>(new CommandDefinition(
            $"""
            with of_unit as (
              select f.check_id, f.unit, count(*) filter (where f.closed_at is null) as standing,
                count(*) filter (where f.state in ('open', 'seen')) as unanswered,
                count(*) filter (where f.state = 'corrected') as corrected,
                min(f.opened_at) filter (where f.closed_at is null) as oldest_at
              from quality.finding f
              where {MayBeSeen}
              group by f.check_id, f.unit
            )
            select check_id, sum(standing)::integer as standing, sum(unanswered)::integer as unanswered,
              (count(*) filter (where standing > 0))::integer as units, sum(corrected)::integer as corrected,
              min(oldest_at) as oldest_at
            from of_unit
            group by check_id
            """,
            new { unit = unit?.ToString() },
            cancellationToken: cancellation))).ToDictionary(row => row.CheckId, StringComparer.Ordinal);
        return
        [
            .. _checks.Values.Where(check => unit is null || check.Status == CheckStatus.Active)
                .Select(check => rows.GetValueOrDefault(check.Id) is { } row
                    ? new CheckStanding(check, row.Standing, row.Unanswered, row.Units, row.Corrected, row.OldestAt)
                    : new CheckStanding(check, 0, 0, 0, 0, null))
                .OrderByDescending(each => each.Unanswered).ThenByDescending(each => each.Standing)
                .ThenBy(each => each.Check.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Faults that several senders of one system have, the most widespread first.</summary>
    /// <param name="unitsMin">How many senders make it the system's and not the sender's.</param>
    /// <param name="filter">Whose systems, and which; its time is not used, for what stands stands.</param>
    public async Task<IReadOnlyList<FindingCluster>> ClusterAsync(
        int unitsMin, SystemFilter? filter, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ClusterRow>(new CommandDefinition(
            """
            with standing as (
              select check_id, unit, opened_at, count(*) as findings
              from quality.finding
              where closed_at is null and (@vendorNumber::text is null or not is_shadow) group by 1, 2, 3
            )
            select f.check_id, s.vendor, s.product,
              (array_agg(s.product_version order by f.opened_at, s.product_version))[1] as first_version,
              (array_agg(s.product_version order by f.opened_at desc, s.product_version desc))[1] as last_version,
              count(distinct f.unit)::integer as units, sum(f.findings)::integer as findings
            from standing f
            cross join lateral (
              select vendor, product, product_version, vendor_number from quality.submission s
              where s.institution = f.unit and s.received_at <= f.opened_at and s.outcome = 'in_register'
              order by s.received_at desc limit 1) as s
            where (@vendorNumber::text is null or s.vendor_number = @vendorNumber)
              and (@vendor::text is null or s.vendor = @vendor and s.product = @product)
            group by f.check_id, s.vendor, s.product
            having count(distinct f.unit) >= @unitsMin
            order by count(distinct f.unit) desc, sum(f.findings) desc, f.check_id
            """,
            new
            {
                unitsMin, vendorNumber = filter?.Vendor?.ToString(), vendor = filter?.Product?.Vendor,
                product = filter?.Product?.Product,
            },
            cancellationToken: cancellation));
        return
        [
            .. rows.Where(row => _checks.ContainsKey(row.CheckId)).Select(row => new FindingCluster(
                _checks[row.CheckId], row.Vendor, row.Product, row.FirstVersion, row.LastVersion, row.Units,
                row.Findings)),
        ];
    }

    /// <summary>
    /// A unit's own findings that count; all for staff. A unit may name itself otherwise in its messages.
    /// </summary>
    internal const string MayBeSeen =
        $"(@unit::text is null or (not f.is_shadow and f.unit = {UnitNames.AnyOfUnit}))";

    private const string Select =
        """
        select f.finding_id, f.check_id, f.unit, f.data_year, f.local_id, f.measured, f.basis, f.detail, f.state,
          f.is_shadow, f.cause, f.answer, f.opened_at, f.closed_at,
          (select s.unit_name from quality.submission s where s.institution = f.unit
            order by s.received_at desc limit 1) as unit_name
        from quality.finding f
        """;

    private sealed record FindingRow(
        Guid FindingId, string CheckId, string Unit, int DataYear, string? LocalId, decimal? Measured, decimal? Basis,
        string? Detail, string State, bool IsShadow, string? Cause, string? Answer, DateTimeOffset OpenedAt,
        DateTimeOffset? ClosedAt, string? UnitName)
    {
        public FindingLine ToLine(Dictionary<string, Check> checks) => new(
            FindingId, checks[CheckId], Unit, UnitName, DataYear, LocalId, Measured, Basis, Detail,
            FindingTable.StateOf(State), IsShadow, Cause is null ? null : FindingTable.CauseOf(Cause), Answer, OpenedAt,
            ClosedAt);
    }

    private sealed record CountRow(
        string CheckId, int Standing, int Unanswered, int Units, int Corrected, DateTimeOffset? OldestAt);

    private sealed record ClusterRow(
        string CheckId, string Vendor, string Product, string FirstVersion, string LastVersion, int Units,
        int Findings);
}
