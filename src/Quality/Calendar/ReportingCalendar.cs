using Kilde.Kernel;

namespace Kilde.Quality.Calendar;

/// <summary>How long a reporting period is.</summary>
public enum PeriodKind
{
    Month = 1,
    Tertial = 2,
    Year = 3,
}

/// <summary>A period to report on. Files are cumulative, so every period begins on 1 January (R2.09).</summary>
/// <param name="Number">Month 1–12, tertial 1–3, or 1 for a year.</param>
/// <param name="DeadlineOn">The last day, a working day.</param>
/// <param name="SecondOn">The last day of the second submission; null when there is none.</param>
public sealed record ReportingPeriod(
    PeriodKind Kind, DataYear Year, int Number, DateOnly To, DateOnly DeadlineOn, DateOnly? SecondOn)
{
    public DateOnly From => Year.FirstDay;
}

/// <summary>A deadline as a calendar states it, counted from the month the period ends in.</summary>
/// <param name="MonthsAfter">1 for the month after.</param>
/// <param name="Day">Day of the month, moved to the next working day when it is none; or null.</param>
/// <param name="WorkingDay">The number of the working day in the month; or null.</param>
public sealed record DeadlineRule(int MonthsAfter, int? Day, int? WorkingDay)
{
    public DateOnly After(DateOnly periodEnd)
    {
        var month = new DateOnly(periodEnd.Year, periodEnd.Month, 1).AddMonths(MonthsAfter);
        return WorkingDay is { } number
            ? NorwegianHolidays.WorkingDayOf(month.Year, month.Month, number)
            : NorwegianHolidays.WorkingDayFrom(month.AddDays(Day!.Value - 1));
    }
}

/// <summary>One line of a calendar: the periods of a kind and their deadlines.</summary>
/// <param name="Numbers">Which months or tertials; one of value 1 for a year.</param>
public sealed record PeriodRule(
    PeriodKind Kind, IReadOnlyList<int> Numbers, DeadlineRule Deadline, DeadlineRule? Second)
{
    public IEnumerable<ReportingPeriod> In(DataYear year) => Numbers.Select(number =>
    {
        var lastMonth = Kind switch
        {
            PeriodKind.Month => number,
            PeriodKind.Tertial => 4 * number,
            _ => 12,
        };
        var to = new DateOnly(year.Year, lastMonth, 1).AddMonths(1).AddDays(-1);
        return new ReportingPeriod(Kind, year, number, to, Deadline.After(to), Second?.After(to));
    });
}

/// <summary>
/// A reporting calendar: who follows it, and what is due when. Read from <c>definitions/calendar</c>.
/// </summary>
/// <param name="IsDefault">True when units follow it that have chosen no other.</param>
public sealed record ReportingCalendar(
    string Id, LocalizedText Title, RegisterCode Register, IReadOnlyList<string> MessageTypes, bool IsDefault,
    DataYear FromYear, IReadOnlyList<PeriodRule> Rules)
{
    /// <summary>The periods of a data year in the order of their deadlines.</summary>
    public IReadOnlyList<ReportingPeriod> PeriodsOf(DataYear year) => year < FromYear
        ? []
        : [.. Rules.SelectMany(rule => rule.In(year)).OrderBy(period => period.DeadlineOn).ThenBy(period => period.To)];
}
