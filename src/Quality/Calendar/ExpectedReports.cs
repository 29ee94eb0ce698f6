using System.Text.Json.Nodes;
using Kilde.Kernel;

namespace Kilde.Quality.Calendar;

/// <summary>Who has to have reported a data year by now.</summary>
/// <param name="Sender">What it calls itself in its messages: the municipality number of the year, else its number.
/// </param>
/// <param name="KnownAs">Every number a report of the year may have come under, its own included.</param>
/// <param name="DueOn">The last day; it is passed.</param>
public sealed record ExpectedReport(
    string Calendar, int DataYear, string Sender, string Name, IReadOnlyCollection<string> KnownAs, DateOnly DueOn);

/// <summary>
/// The list that checks hold records against to see who has not reported (R7.07): everyone the calendar expects a
/// whole year from, whose deadline is passed. A municipality is expected under the number it had that year, and has
/// reported when one it has become, or was before, has sent the year.
/// </summary>
public sealed class ExpectedReports(GetCalendar calendar)
{
    /// <summary>A report of a year may come under a municipality number this many years newer or older.</summary>
    private const int YearsAround = 10;

    /// <summary>Rows of the view <c>expected_report</c>.</summary>
    internal async Task<JsonArray> ReadAsync(CancellationToken cancellation)
    {
        var rows = new JsonArray();
        foreach (var (year, _) in await calendar.YearsAsync(cancellation))
        {
            foreach (var each in Of(year, await calendar.ReadAsync(year, unit: null, cancellation)))
                rows.Add(RowOf(each));
        }

        return rows;
    }

    /// <summary>Pure: what is expected of a year, one for each calendar and sender.</summary>
    public static IReadOnlyList<ExpectedReport> Of(DataYear year, IReadOnlyList<CalendarPeriod> periods)
    {
        var before = Enumerable.Range(year.Year - YearsAround, YearsAround)
            .SelectMany(MunicipalityCode.InUse).Distinct()
            .SelectMany(old => old.MapTo(year.Year), (old, now) => (Old: old, Now: now))
            .ToLookup(each => each.Now, each => each.Old);
        var expected =
            from period in periods
            where period.Period.Kind == PeriodKind.Year
            from each in period.Expectations
            where each.State != ExpectationState.Awaited
            from name in NamesOf(each.Obligation, year)
            group (each.Obligation, period.Period.DeadlineOn) by (period.Calendar.Id, Name: name) into same
            let units = same.Select(each => $"{each.Obligation.Unit}")
            select new ExpectedReport(
                same.Key.Id, year.Year, same.Key.Name, NameOf(same.Key.Name, same.First().Obligation),
                [.. units.Prepend(same.Key.Name).Concat(CodesAround(same.Key.Name, year, before)).Distinct()],
                same.Max(each => each.DeadlineOn));
        return [.. expected];
    }

    // Institutions report apart; a unit that has none reports by its own number.
    private static IEnumerable<string> NamesOf(ReportingObligation obligation, DataYear year)
    {
        List<MunicipalityCode> codes = [];
        foreach (var name in obligation.Institutions)
        {
            if (MunicipalityCode.TryParse(name, out var code)) codes.Add(code);
        }

        return codes.Count == 0
            ? [$"{obligation.Unit}"]
            : codes.SelectMany(code => InYear(code, year)).Distinct().Select(code => $"{code}");
    }

    // What a municipality is in the year: itself, what it has become, or what it was made of.
    private static IEnumerable<MunicipalityCode> InYear(MunicipalityCode code, DataYear year)
    {
        var mapped = code.MapTo(year.Year);
        return mapped.Count > 0 ? mapped : MunicipalityCode.InUse(year.Year).Where(old => Becomes(old, code));
    }

    private static bool Becomes(MunicipalityCode old, MunicipalityCode code) =>
        old.LastYear is { } last
        && Enumerable.Range(last + 1, YearsAround).Any(year => old.MapTo(year).Contains(code));

    private static IEnumerable<string> CodesAround(
        string name, DataYear year, ILookup<MunicipalityCode, MunicipalityCode> before) =>
        MunicipalityCode.TryParse(name, out var code)
            ? Enumerable.Range(year.Year, YearsAround).SelectMany(code.MapTo).Concat(before[code])
                .Select(each => $"{each}")
            : [];

    private static string NameOf(string sender, ReportingObligation obligation) =>
        MunicipalityCode.TryParse(sender, out var code) ? code.Name : obligation.Name;

    private static JsonObject RowOf(ExpectedReport each) => new()
    {
        ["sender"] = each.Sender,
        ["unit"] = each.Sender,
        ["data_year"] = each.DataYear,
        ["calendar"] = each.Calendar,
        ["name"] = each.Name,
        ["known_as"] = new JsonArray([.. each.KnownAs.Select(name => JsonValue.Create(name))]),
        ["due_on"] = each.DueOn.ToString("O", provider: null),
    };
}

/// <summary>Where no host tells who has to send, nobody is expected.</summary>
internal sealed class NoObligations : IReportingObligations
{
    public Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ReportingObligation>>([]);
}
