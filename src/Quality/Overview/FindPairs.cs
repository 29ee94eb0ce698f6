using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Overview;

/// <summary>One half of a pair, as it came last.</summary>
public sealed record PairHalf(Guid SubmissionId, DateTimeOffset ReceivedAt, DateOnly? ExtractedOn);

/// <summary>
/// The ordinary message and the identity message of one unit and period. One without the other cannot be used (R2.08).
/// </summary>
/// <param name="WithoutActivity">Identities that met no activity; null when not counted.</param>
/// <param name="ActivityWithoutIdentity">Patients with activity and no identity; null when not counted.</param>
public sealed record Pair(
    OrganizationNumber Unit, string UnitName, DateOnly To, PairHalf? Activity, PairHalf? Identities,
    int? WithoutActivity, int? ActivityWithoutIdentity)
{
    public bool IsWhole => Activity is not null && Identities is not null;

    /// <summary>True when both halves were taken out of the EHR on the same day, as they should be.</summary>
    public bool IsSameExtract => Activity?.ExtractedOn == Identities?.ExtractedOn;
}

/// <summary>The pairs of a year: broken ones first.</summary>
public sealed class FindPairs(RegisterDatabase database)
{
    public async Task<IReadOnlyList<Pair>> FindAsync(
        DataYear year, OrganizationNumber? unit, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 1_000));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            Select,
            new { from = year.FirstDay, to = year.LastDay, unit = unit?.ToString(), limit },
            cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToPair())];
    }

    /// <summary>The years that halves have come of, the newest first.</summary>
    public async Task<IReadOnlyList<DataYear>> YearsAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var days = await connection.QueryAsync<DateOnly>(new CommandDefinition(
            """
            select max(period_to) from quality.submission
            where message_type in ('NPR_ORD', 'NPR_IDE') and outcome = 'in_register' and period_to is not null
            group by extract(year from period_to)
            order by 1 desc
            """,
            cancellationToken: cancellation));
        return [.. days.Select(DataYear.Of)];
    }

    // The newest of each half counts; a file that was refused or only checked is no half. The half that came last
    // was counted against the other.
    private const string Select =
        """
        with half as (
          select distinct on (unit, period_to, message_type) unit, unit_name, period_to, message_type, submission_id,
            received_at, extracted_on, identities_without_activity, activity_without_identity, finished_at
          from quality.submission
          where message_type in ('NPR_ORD', 'NPR_IDE') and outcome = 'in_register'
            and period_to between @from and @to and (@unit::text is null or unit = @unit)
          order by unit, period_to, message_type, received_at desc, submission_id desc)
        select coalesce(a.unit, i.unit) as unit, coalesce(a.unit_name, i.unit_name) as unit_name, period_to,
          a.submission_id as activity_id, a.received_at as activity_at, a.extracted_on as activity_extracted,
          i.submission_id as identity_id, i.received_at as identity_at, i.extracted_on as identity_extracted,
          case when a.finished_at > i.finished_at then a.identities_without_activity
            else i.identities_without_activity end as without_activity,
          case when a.finished_at > i.finished_at then a.activity_without_identity
            else i.activity_without_identity end as activity_without_identity
        from (select * from half where message_type = 'NPR_ORD') a
        full join (select * from half where message_type = 'NPR_IDE') i using (unit, period_to)
        order by (a.submission_id is null or i.submission_id is null) desc, period_to desc, unit
        limit @limit
        """;

    private sealed record Row(
        string Unit, string UnitName, DateOnly PeriodTo, Guid? ActivityId, DateTimeOffset? ActivityAt,
        DateOnly? ActivityExtracted, Guid? IdentityId, DateTimeOffset? IdentityAt, DateOnly? IdentityExtracted,
        int? WithoutActivity, int? ActivityWithoutIdentity)
    {
        public Pair ToPair() => new(
            OrganizationNumber.Parse(Unit), UnitName, PeriodTo, Half(ActivityId, ActivityAt, ActivityExtracted),
            Half(IdentityId, IdentityAt, IdentityExtracted), WithoutActivity, ActivityWithoutIdentity);

        private static PairHalf? Half(Guid? id, DateTimeOffset? at, DateOnly? extracted) =>
            id is null ? null : new PairHalf(id.Value, at!.Value, extracted);
    }
}
