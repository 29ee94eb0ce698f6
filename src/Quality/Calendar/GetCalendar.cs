using Dapper;
using Kilde.Definitions;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Calendar;

/// <summary>One period of one calendar, with everyone who is expected.</summary>
public sealed record CalendarPeriod(
    ReportingCalendar Calendar, ReportingPeriod Period, IReadOnlyList<Expectation> Expectations)
{
    public int Count(ExpectationState state) => Expectations.Count(each => each.State == state);
}

/// <summary>A unit that is behind, with the last sign of life (R3.21).</summary>
public sealed record LateSender(
    OrganizationNumber Unit, string Name, IReadOnlyList<(ReportingCalendar Calendar, Expectation Expectation)> Behind,
    DateTimeOffset? LastReceivedAt)
{
    public int DaysLateMax => Behind.Max(each => each.Expectation.DaysLate);
}

/// <summary>A data year that some calendar covers.</summary>
/// <param name="HasFiles">True when files about it are in the register.</param>
public sealed record CalendarYear(DataYear Year, bool HasFiles);

/// <summary>
/// The reporting calendar as it stands today: what is due when, and who is expected, has come, is late or is missing
/// (R2.10, R2.11). Of a year that no definition of a type takes, nothing is expected.
/// </summary>
public sealed class GetCalendar(
    RegisterDatabase database, IReportingObligations obligations, IReadOnlyList<ReportingCalendar> calendars,
    DefinitionCatalogue definitions, TimeProvider clock)
{
    /// <summary>The years the calendars cover, this one first and back to the first of any.</summary>
    public async Task<IReadOnlyList<CalendarYear>> YearsAsync(CancellationToken cancellation)
    {
        if (calendars.Count == 0) return [];
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var filed = await connection.QueryAsync<int>(new CommandDefinition(
            """
            select distinct extract(year from period_to)::integer from quality.submission
            where outcome = 'in_register' and message_type = any(@types) and period_to is not null
            """,
            new { types = calendars.SelectMany(calendar => calendar.MessageTypes).Distinct().ToArray() },
            cancellationToken: cancellation));
        var first = calendars.Min(calendar => calendar.FromYear);
        var years = filed.ToHashSet();
        return
        [
            .. from year in YearsFrom(DataYear.Of(Norwegian.Day(clock.GetUtcNow())), first)
               select new CalendarYear(year, years.Contains(year.Year)),
        ];
    }

    /// <summary>The periods of a data year, by deadline.</summary>
    /// <param name="unit">Only this unit; null for all, which is for staff.</param>
    public async Task<IReadOnlyList<CalendarPeriod>> ReadAsync(
        DataYear year, OrganizationNumber? unit, CancellationToken cancellation)
    {
        var facts = await FactsAsync(year, unit, cancellation);
        return
        [
            .. from calendar in calendars
               from period in calendar.PeriodsOf(year)
               let expected = ExpectedOf(calendar, period, facts).ToList()
               where expected.Count > 0 || unit is null
               orderby period.DeadlineOn, calendar.Id
               select new CalendarPeriod(calendar, period, expected),
        ];
    }

    /// <summary>Units that are late or missing this data year or the last, the longest first.</summary>
    public async Task<IReadOnlyList<LateSender>> LateAsync(CancellationToken cancellation)
    {
        var year = DataYear.Of(Norwegian.Day(clock.GetUtcNow()));
        DataYear.TryFrom(year.Year - 1, out var before);
        var periods = (await ReadAsync(before, unit: null, cancellation))
            .Concat(await ReadAsync(year, unit: null, cancellation));
        var behind = (
            from period in periods
            from each in period.Expectations
            where each.State is ExpectationState.Late or ExpectationState.Missing
            select (period.Calendar, Expectation: each)).ToLookup(each => each.Expectation.Obligation.Unit);
        var last = await LastReceivedAsync([.. behind.Select(unit => unit.Key.ToString())], cancellation);
        return
        [
            .. behind.Select(unit => new LateSender(
                    unit.Key, unit.First().Expectation.Obligation.Name, [.. unit], last.GetValueOrDefault(unit.Key)))
                .OrderByDescending(sender => sender.DaysLateMax).ThenBy(sender => sender.Name),
        ];
    }

    private static IEnumerable<DataYear> YearsFrom(DataYear newest, DataYear first)
    {
        for (var year = newest.Year; year >= first.Year; year--)
        {
            if (DataYear.TryFrom(year, out var each)) yield return each;
        }
    }

    private static IEnumerable<Expectation> ExpectedOf(
        ReportingCalendar calendar, ReportingPeriod period, Facts facts) =>
        facts.Obligations
            .Where(obligation => facts.CalendarOf(obligation) == calendar.Id)
            .Select(obligation => Expectation.Of(
                obligation, period, facts.Received[(obligation.Unit, obligation.MessageType)], facts.Today))
            .OfType<Expectation>()
            .OrderByDescending(each => each.State).ThenBy(each => each.Obligation.Name);

    private async Task<Facts> FactsAsync(DataYear year, OrganizationNumber? unit, CancellationToken cancellation)
    {
        var types = calendars.SelectMany(calendar => calendar.MessageTypes).Distinct()
            .Where(type => definitions.TakesYear(type, year)).ToHashSet(StringComparer.Ordinal);
        var expected = (await obligations.ReadAsync(cancellation))
            .Where(obligation => types.Contains(obligation.MessageType) && (unit is null || obligation.Unit == unit))
            .ToList();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var received = await connection.QueryAsync<ReceivedRow>(new CommandDefinition(
            """
            select unit, message_type, period_to, min(received_at) as first_at, max(received_at) as last_at,
              count(*)::integer as count
            from quality.submission
            where outcome = 'in_register' and message_type = any(@types) and period_to between @from and @to
              and (@unit::text is null or unit = @unit)
            group by unit, message_type, period_to
            """,
            new { types = types.ToArray(), from = year.FirstDay, to = year.LastDay, unit = unit?.ToString() },
            cancellationToken: cancellation));
        var chosen = await connection.QueryAsync<(string Unit, string Calendar)>(new CommandDefinition(
            "select unit, calendar from quality.calendar_choice", cancellationToken: cancellation));
        return new Facts(
            expected,
            received.Select(row => row.ToFiles()).ToLookup(files => (files.Unit, files.MessageType)),
            chosen.ToDictionary(each => OrganizationNumber.Parse(each.Unit), each => each.Calendar),
            calendars, Norwegian.Day(clock.GetUtcNow()));
    }

    private async Task<Dictionary<OrganizationNumber, DateTimeOffset?>> LastReceivedAsync(
        string[] units, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<LastRow>(new CommandDefinition(
            """
            select unit, max(received_at) as received_at from quality.submission where unit = any(@units) group by unit
            """,
            new { units },
            cancellationToken: cancellation));
        return rows.ToDictionary(row => OrganizationNumber.Parse(row.Unit), row => (DateTimeOffset?)row.ReceivedAt);
    }

    private sealed record Facts(
        IReadOnlyList<ReportingObligation> Obligations,
        ILookup<(OrganizationNumber, string), ReceivedFiles> Received,
        Dictionary<OrganizationNumber, string> Chosen, IReadOnlyList<ReportingCalendar> Calendars, DateOnly Today)
    {
        // The unit's own choice where it covers the type, else the default of the type.
        public string? CalendarOf(ReportingObligation obligation)
        {
            var serving = Calendars.Where(calendar => calendar.MessageTypes.Contains(obligation.MessageType)).ToList();
            var own = Chosen.GetValueOrDefault(obligation.Unit);
            return (serving.Find(calendar => calendar.Id == own) ?? serving.Find(calendar => calendar.IsDefault))?.Id;
        }
    }

    private sealed record ReceivedRow(
        string Unit, string MessageType, DateOnly PeriodTo, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Count)
    {
        public ReceivedFiles ToFiles() =>
            new(OrganizationNumber.Parse(Unit), MessageType, PeriodTo, FirstAt, LastAt, Count);
    }

    private sealed record LastRow(string Unit, DateTimeOffset ReceivedAt);
}
