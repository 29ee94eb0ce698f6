using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Overview;

/// <summary>How one version of a system has fared.</summary>
/// <param name="Refused">Submissions with errors of structure.</param>
/// <param name="StructureErrors">Broken structure rules, counted each time.</param>
public sealed record SystemErrors(
    string Vendor, string Product, string Version, int Units, int Submissions, int Refused, long Records,
    long StructureErrors, long ContentErrors, long Warnings, DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    /// <summary>Content errors and warnings for each thousand records that were taken in.</summary>
    public double? PerThousand => Records == 0 ? null : 1000.0 * (ContentErrors + Warnings) / Records;
}

/// <summary>One month of one version.</summary>
/// <param name="Findings">Content errors and warnings.</param>
public sealed record SystemMonth(
    string Version, DateOnly Month, int Submissions, int Refused, long Records, long Findings)
{
    /// <summary>Content errors and warnings for each thousand records that were taken in.</summary>
    public double? PerThousand => Records == 0 ? null : 1000.0 * Findings / Records;
}

/// <summary>A unit that uses a product.</summary>
public sealed record SystemUser(string Unit, string Name, string Version, DateTimeOffset LastAt);

/// <summary>A rule that a system breaks.</summary>
public sealed record SystemRule(string Vendor, string Product, string Version, string RuleId, long Count, int Units);

/// <summary>Which submissions are counted.</summary>
/// <param name="Vendor">Only those this vendor sent, as tokens say; null for all, which is for staff alone.</param>
/// <param name="Product">Only this one; null for all.</param>
public sealed record SystemFilter(DateTimeOffset Since, OrganizationNumber? Vendor = null, SystemName? Product = null);

/// <summary>A product as it names itself.</summary>
public sealed record SystemName(string Vendor, string Product);

/// <summary>Error statistics by vendor, product and version (R3.15, R7.45).</summary>
public sealed class CountErrors(RegisterDatabase database)
{
    private const int RulesMax = 5;

    /// <summary>Every version that has sent since a time, the most troubled first.</summary>
    public Task<IReadOnlyList<SystemErrors>> BySystemAsync(SystemFilter filter, CancellationToken cancellation) =>
        AskAsync<SystemErrors>(
            filter,
            $"""
            with sent as (
              select s.vendor, s.product, s.product_version, s.unit, count(*) as submissions,
                count(*) filter (where s.outcome = 'refused') as refused,
                sum(s.record_count) filter (where s.outcome <> 'refused') as records,
                min(s.received_at) as first_at, max(s.received_at) as last_at
              from quality.submission s
              where {Counted}
              group by s.vendor, s.product, s.product_version, s.unit
            ), broken as (
              select s.vendor, s.product, s.product_version,
                sum(r.count) filter (where r.layer = 'structure') as structure_errors,
                sum(r.count) filter (where r.layer = 'content' and r.severity = 3) as content_errors,
                sum(r.count) filter (where r.layer = 'content' and r.severity = 2) as warnings
              from quality.submission_rule r
              join quality.submission s on s.submission_id = r.submission_id
              where {Counted}
              group by s.vendor, s.product, s.product_version
            ), version as (
              select vendor, product, product_version, count(*)::integer as units,
                sum(submissions)::integer as submissions, sum(refused)::integer as refused,
                coalesce(sum(records), 0)::bigint as records, min(first_at) as first_at, max(last_at) as last_at
              from sent
              group by vendor, product, product_version
            )
            select vendor, product, product_version as version, units, submissions, refused, records,
              coalesce(structure_errors, 0)::bigint as structure_errors,
              coalesce(content_errors, 0)::bigint as content_errors, coalesce(warnings, 0)::bigint as warnings,
              first_at, last_at
            from version left join broken using (vendor, product, product_version)
            order by refused::float / submissions desc, coalesce(content_errors, 0) desc, vendor, product,
              product_version
            """,
            cancellation);

    /// <summary>The rules each version breaks most, five of each.</summary>
    public Task<IReadOnlyList<SystemRule>> RulesAsync(SystemFilter filter, CancellationToken cancellation) =>
        AskAsync<SystemRule>(
            filter,
            $"""
            select vendor, product, version, rule_id, count, units from (
              select vendor, product, version, rule_id, sum(count)::bigint as count, count(*)::integer as units,
                row_number() over (partition by vendor, product, version order by sum(count) desc, rule_id) as place
              from (
                select s.vendor, s.product, s.product_version as version, r.rule_id, s.unit, sum(r.count) as count
                from quality.submission_rule r
                join quality.submission s on s.submission_id = r.submission_id
                where {Counted}
                group by s.vendor, s.product, s.product_version, r.rule_id, s.unit) as of_unit
              group by vendor, product, version, rule_id) as ranked
            where place <= @rulesMax
            order by vendor, product, version, place
            """,
            cancellation);

    /// <summary>How each version fared month by month, the oldest first.</summary>
    public Task<IReadOnlyList<SystemMonth>> ByMonthAsync(SystemFilter filter, CancellationToken cancellation) =>
        AskAsync<SystemMonth>(
            filter,
            $"""
            with broken as (
              select r.submission_id, sum(r.count) as findings
              from quality.submission_rule r
              join quality.submission s on s.submission_id = r.submission_id and {Counted}
              where r.layer = 'content' and r.severity >= 2
              group by r.submission_id)
            select s.product_version as version,
              date_trunc('month', s.received_at at time zone 'Europe/Oslo')::date as month,
              count(*)::integer as submissions, (count(*) filter (where s.outcome = 'refused'))::integer as refused,
              coalesce(sum(s.record_count) filter (where s.outcome <> 'refused'), 0)::bigint as records,
              coalesce(sum(b.findings), 0)::bigint as findings
            from quality.submission s
            left join broken b on b.submission_id = s.submission_id
            where {Counted}
            group by 1, 2
            order by 2, 1
            """,
            cancellation);

    /// <summary>Who uses a product, by name, and which version each sent with last.</summary>
    public async Task<IReadOnlyList<SystemUser>> UsersAsync(SystemFilter filter, CancellationToken cancellation) =>
        (await AskAsync<SystemUser>(
            filter,
            $"""
            select distinct on (s.unit) s.unit, s.unit_name as name, s.product_version as version,
              s.received_at as last_at
            from quality.submission s
            where {Counted}
            order by s.unit, s.received_at desc
            """,
            cancellation)).OrderBy(user => user.Name, StringComparer.Ordinal).ToList();

    private async Task<IReadOnlyList<T>> AskAsync<T>(
        SystemFilter filter, string sql, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(
            sql, Parameters(filter), cancellationToken: cancellation))).AsList();
    }

    // Every statement groups by few things at a time: a distinct count over all submissions would sort them.
    internal const string Counted =
        """
        s.received_at >= @since and (@vendorNumber::text is null or s.vendor_number = @vendorNumber)
        and (@vendor::text is null or s.vendor = @vendor and s.product = @product)
        """;

    internal static object Parameters(SystemFilter filter) => new
    {
        filter.Since, vendorNumber = filter.Vendor?.ToString(), vendor = filter.Product?.Vendor,
        product = filter.Product?.Product, rulesMax = RulesMax,
    };
}
