using Dapper;
using Kilde.Definitions.Rules;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Calendar;
using Kilde.Quality.Overview;

namespace Kilde.Quality.FollowUps;

/// <summary>
/// Units that someone ought to call, by reason, from what stands now: late, many invalid rows, errors that are not
/// explained, a year that is not signed. Silence is intake's to tell. One query for each reason, whatever the number of
/// units.
/// </summary>
public sealed class FindShortfalls(
    RegisterDatabase database, GetCalendar calendar, IReadOnlyList<ReportingCalendar> calendars,
    CountUnanswered unanswered, TimeProvider clock)
{
    private const int RowDays = 90;

    // Many: one in twenty, and not a handful.
    private const double InvalidShareMin = 0.05;
    private const int InvalidRowsMin = 10;

    // A sender has this long to explain before anyone calls.
    private const int UnexplainedDays = 14;

    public async Task<IReadOnlyList<Shortfall>> FindAsync(CancellationToken cancellation)
    {
        var late = await calendar.LateAsync(cancellation);
        return
        [
            .. late.Select(LateOf),
            .. await InvalidAsync(cancellation),
            .. await UnexplainedAsync(cancellation),
            .. await UnsignedAsync(cancellation),
        ];
    }

    private static Shortfall LateOf(LateSender sender)
    {
        var days = sender.Behind.Select(each => each.Expectation.Period.DeadlineOn).ToList();
        var types = sender.Behind.Select(each => each.Expectation.Obligation.MessageType).Distinct();
        return new Shortfall(
            sender.Unit, sender.Name, new ShortfallDetail.Overdue([.. types], sender.Behind.Count),
            Norwegian.StartOf(days.Min().AddDays(1)), Norwegian.StartOf(days.Max().AddDays(1)));
    }

    private async Task<IEnumerable<Shortfall>> InvalidAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<InvalidRow>(new CommandDefinition(
            """
            with received as materialized (
              select submission_id, unit, unit_name, record_count, received_at
              from quality.submission
              where received_at >= @since and outcome = 'in_register'
            ), broken as (
              select s.unit, sum(r.count)::bigint as broken, min(s.received_at) as since,
                max(s.received_at) as newest_at
              from received s
              join quality.submission_rule r on r.submission_id = s.submission_id
              where r.layer = 'content' and r.severity = 3
              group by s.unit
            )
            select s.unit, max(s.unit_name) as name, sum(s.record_count)::bigint as records, b.broken, b.since,
              b.newest_at
            from received s
            join broken b using (unit)
            where b.broken >= @rowsMin
            group by s.unit, b.broken, b.since, b.newest_at
            having b.broken >= @shareMin * sum(s.record_count)
            """,
            new { since = clock.GetUtcNow().AddDays(-RowDays), rowsMin = InvalidRowsMin, shareMin = InvalidShareMin },
            cancellationToken: cancellation));
        return rows.Select(row => new Shortfall(
            OrganizationNumber.Parse(row.Unit), row.Name,
            new ShortfallDetail.Invalid(row.Broken, row.Records, RowDays), row.Since, row.NewestAt));
    }

    private async Task<IEnumerable<Shortfall>> UnexplainedAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow().AddDays(-UnexplainedDays);
        return
            from found in await unanswered.ReadAsync(year: null, cancellation)
            where found.Check.Level == RuleLevel.Error && found.OldestAt < before
            group found by (found.Unit, found.Name) into unit
            where OrganizationNumber.TryParse(unit.Key.Unit, provider: null, out _)
            let most = unit.MaxBy(each => each.Findings)!
            select new Shortfall(
                OrganizationNumber.Parse(unit.Key.Unit), unit.Key.Name ?? unit.Key.Unit,
                new ShortfallDetail.Unanswered(
                    unit.Sum(each => each.Findings), most.Check.Id, most.Check.Titles),
                unit.Min(each => each.OldestAt), unit.Max(each => each.OldestAt));
    }

    private async Task<IEnumerable<Shortfall>> UnsignedAsync(CancellationToken cancellation)
    {
        DataYear.TryFrom(Norwegian.Day(clock.GetUtcNow()).Year - 1, out var year);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<UnsignedRow>(new CommandDefinition(
            """
            select y.unit, y.name, y.since, y.newest_at, coalesce(g.kind = 'signed', false) as is_signed
            from (
              select s.unit, max(s.unit_name) as name, min(s.finished_at) as since, max(s.finished_at) as newest_at
              from quality.submission s
              where s.outcome = 'in_register' and s.message_type = any(@types) and s.period_to between @from and @to
              group by s.unit) y
            left join lateral (
              select n.kind, n.signed_at from quality.sign_off n
              where n.unit = y.unit and n.data_year = @year order by n.sign_off_no desc limit 1) g on true
            where g.kind is distinct from 'signed' or g.signed_at < y.newest_at
            """,
            new
            {
                types = calendars.SelectMany(each => each.MessageTypes).Distinct().ToArray(), year = year.Year,
                from = year.FirstDay, to = year.LastDay,
            },
            cancellationToken: cancellation));
        return rows.Select(row => new Shortfall(
            OrganizationNumber.Parse(row.Unit), row.Name, new ShortfallDetail.UnsignedYear(year, row.IsSigned),
            row.Since, row.NewestAt));
    }

    private sealed record InvalidRow(
        string Unit, string Name, long Records, long Broken, DateTimeOffset Since, DateTimeOffset NewestAt);

    private sealed record UnsignedRow(
        string Unit, string Name, DateTimeOffset Since, DateTimeOffset NewestAt, bool IsSigned);
}
