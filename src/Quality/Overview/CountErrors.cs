using Dapper;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Overview;

/// <summary>How one version of a system has fared.</summary>
/// <param name="Refused">Submissions with errors of structure.</param>
/// <param name="StructureErrors">Broken structure rules, counted each time.</param>
public sealed record SystemErrors(
    string Vendor, string Product, string Version, int Units, int Submissions, int Refused, long Records,
    long StructureErrors, long ContentErrors, long Warnings)
{
    /// <summary>Content errors and warnings for each thousand records that were taken in.</summary>
    public double? PerThousand => Records == 0 ? null : 1000.0 * (ContentErrors + Warnings) / Records;
}

/// <summary>A rule that a system breaks.</summary>
public sealed record SystemRule(string Vendor, string Product, string Version, string RuleId, long Count, int Units);

/// <summary>Error statistics by vendor, product and version (R3.15, R7.45).</summary>
public sealed class CountErrors(RegisterDatabase database)
{
    private const int RulesMax = 5;

    /// <summary>Every version that has sent since a time, the most troubled first.</summary>
    public async Task<IReadOnlyList<SystemErrors>> BySystemAsync(
        DateTimeOffset since, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<SystemErrors>(new CommandDefinition(
            """
            with broken as (
              select r.submission_id, sum(r.count) filter (where r.layer = 'structure') as structure_errors,
                sum(r.count) filter (where r.layer = 'content' and r.severity = 3) as content_errors,
                sum(r.count) filter (where r.layer = 'content' and r.severity = 2) as warnings
              from quality.submission_rule r
              join quality.submission s on s.submission_id = r.submission_id and s.received_at >= @since
              group by r.submission_id)
            select s.vendor, s.product, s.product_version as version, count(distinct s.unit)::integer as units,
              count(*)::integer as submissions, (count(*) filter (where s.outcome = 'refused'))::integer as refused,
              coalesce(sum(s.record_count) filter (where s.outcome <> 'refused'), 0)::bigint as records,
              coalesce(sum(b.structure_errors), 0)::bigint as structure_errors,
              coalesce(sum(b.content_errors), 0)::bigint as content_errors,
              coalesce(sum(b.warnings), 0)::bigint as warnings
            from quality.submission s
            left join broken b on b.submission_id = s.submission_id
            where s.received_at >= @since
            group by s.vendor, s.product, s.product_version
            order by (count(*) filter (where s.outcome = 'refused'))::float / count(*) desc,
              coalesce(sum(b.content_errors), 0) desc, s.vendor, s.product, s.product_version
            """,
            new { since },
            cancellationToken: cancellation))).AsList();
    }

    /// <summary>The rules each version breaks most, five of each.</summary>
    public async Task<IReadOnlyList<SystemRule>> RulesAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<SystemRule>(new CommandDefinition(
            """
            select vendor, product, version, rule_id, count, units from (
              select s.vendor, s.product, s.product_version as version, r.rule_id, sum(r.count)::bigint as count,
                count(distinct s.unit)::integer as units,
                row_number() over (
                  partition by s.vendor, s.product, s.product_version order by sum(r.count) desc, r.rule_id) as place
              from quality.submission_rule r
              join quality.submission s on s.submission_id = r.submission_id
              where s.received_at >= @since
              group by s.vendor, s.product, s.product_version, r.rule_id) as ranked
            where place <= @rulesMax
            order by vendor, product, version, place
            """,
            new { since, rulesMax = RulesMax },
            cancellationToken: cancellation))).AsList();
    }
}
