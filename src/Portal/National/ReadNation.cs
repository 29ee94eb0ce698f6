using Kilde.Definitions;
using Kilde.Definitions.Rules;
using Kilde.Intake.Overview;
using Kilde.Intake.Silence;
using Kilde.Kernel;
using Kilde.Quality.Calendar;
using Kilde.Quality.Overview;

namespace Kilde.Portal.National;

/// <summary>
/// Who reports, who is late and who is odd, in the whole country: what each module keeps, asked for once, whatever the
/// number of units, and put together here.
/// </summary>
public sealed class ReadNation(
    ListFeeds feeds, GetCalendar calendar, CountUnanswered unanswered, FindSilences silences,
    DefinitionCatalogue definitions, TimeProvider clock)
{
    private const string NprPrefix = "NPR_";

    public async Task<Nation> ReadAsync(NationQuery query, CancellationToken cancellation)
    {
        var today = DataYear.Of(Norwegian.Day(clock.GetUtcNow()));
        var years = await calendar.YearsAsync(cancellation);
        var year = years.FirstOrDefault(each => each.Year.Year == query.Year)?.Year
            ?? years.FirstOrDefault(each => each.HasFiles)?.Year ?? today;
        var facts = new Facts(
            year,
            await feeds.ReadAsync(cancellation),
            [.. (await calendar.ReadAsync(year, unit: null, cancellation)).SelectMany(period => period.Expectations)],
            await unanswered.ReadAsync(year, cancellation),
            // A feed is silent now: it tells nothing of a year that is over.
            year == today ? await silences.FindAsync(units: null, cancellation) : []);
        var all = Units(facts, query);
        return new Nation(
            year, years.Count == 0 ? [today] : [.. years.Select(each => each.Year)],
            [.. facts.Types.Where(type => query.Register is not { } of || RegisterOf(type) == of)],
            Counties(all, query, today));
    }

    private static List<CountyStanding> Counties(List<UnitStanding> units, NationQuery query, DataYear today)
    {
        var placed = units.ToLookup(unit => unit.Municipality);
        var counties = MunicipalityCode.InUse(today.Year).GroupBy(code => code.County!.Value)
            .Where(county => query.County is null || county.Key == query.County)
            .Select(county => new CountyStanding(
                county.Key,
                [.. county.Select(code => new MunicipalityStanding(code, [.. placed[code]]))],
                [.. county.SelectMany(code => placed[code])]))
            .ToList();
        if (query.County is null && placed[null].Any())
            counties.Add(new CountyStanding(null, [], [.. placed[null]]));
        return counties;
    }

    private List<UnitStanding> Units(Facts facts, NationQuery query)
    {
        var places = Places(facts);
        var expected = facts.Expectations.Where(each => IsAsked(each.Obligation.MessageType))
            .ToLookup(each => each.Obligation.Unit);
        var fed = facts.Feeds.Where(feed => IsAsked(feed.MessageType) && IsInForce(feed, facts.Year))
            .ToLookup(feed => feed.Unit);
        var silent = facts.Silences.Where(each => IsAsked(each.MessageType)).ToLookup(each => each.Unit);
        var found = facts.Findings.Where(each => query.Register is null || each.Check.Register == query.Register)
            .ToLookup(each => each.Unit, StringComparer.Ordinal);
        return
        [
            .. expected.Select(unit => unit.Key).Concat(fed.Select(unit => unit.Key)).Distinct()
                .Select(unit => Standing(
                    unit, places, facts.Year, [.. expected[unit]], [.. fed[unit]], silent[unit].FirstOrDefault(),
                    [.. found[unit.ToString()]]))
                .OrderByDescending(unit => unit.Standing).ThenByDescending(unit => unit.DaysLateMax)
                .ThenBy(unit => unit.Name, StringComparer.Ordinal),
        ];

        bool IsAsked(string type) =>
            (query.Type is null || type == query.Type)
            && (query.Register is not { } of || RegisterOf(type) == of);
    }

    // What a calendar covers stands as the calendar says; of the rest it is known whether something has come.
    private static UnitStanding Standing(
        OrganizationNumber unit, Dictionary<OrganizationNumber, MunicipalityCode> places, DataYear year,
        List<Expectation> expected, List<Feed> fed, OpenSilence? silence, List<UnitFindings> found)
    {
        var covered = expected.Select(each => each.Obligation.MessageType).ToHashSet(StringComparer.Ordinal);
        var free = fed.Where(feed => !covered.Contains(feed.MessageType)).ToList();
        var come = free.Count(feed => feed.LastReceivedAt is { } at && Norwegian.Day(at).Year >= year.Year);
        var late = expected.Where(each => each.State is ExpectationState.Late or ExpectationState.Missing).ToList();
        return new UnitStanding(
            unit, fed.FirstOrDefault()?.UnitName ?? expected[0].Obligation.Name,
            places.TryGetValue(unit, out var place) ? place : null,
            [.. covered.Union(free.Select(feed => feed.MessageType)).Order(StringComparer.Ordinal)],
            expected.Count(each => each.State is ExpectationState.Received or ExpectationState.ReceivedLate) + come,
            expected.Count(each => each.State == ExpectationState.Awaited) + free.Count - come,
            late.Count, late.Count == 0 ? 0 : late.Max(each => each.DaysLate),
            expected.Count(each => each.State == ExpectationState.Closed), fed.Max(feed => feed.LastReceivedAt),
            silence, CountOf(RuleLevel.Error), CountOf(RuleLevel.Warning));

        int CountOf(RuleLevel level) => found.Where(each => each.Check.Level == level).Sum(each => each.Findings);
    }

    // A unit is where its municipality number says; else where the enterprise that is responsible for it is.
    private Dictionary<OrganizationNumber, MunicipalityCode> Places(Facts facts)
    {
        var own = new Dictionary<OrganizationNumber, MunicipalityCode>();
        foreach (var (unit, type, institutions) in facts.Named)
        {
            // A number of four digits in NPR is a unit's own, and no municipality.
            if (own.ContainsKey(unit) || RegisterOf(type) != RegisterCode.Kpr) continue;
            if (institutions.Select(PlaceOf).FirstOrDefault(code => code is not null) is { } place) own[unit] = place;
        }

        var ofEnterprise = new Dictionary<OrganizationNumber, MunicipalityCode>(own);
        foreach (var feed in facts.Feeds)
        {
            if (feed.Enterprise is { } enterprise && own.TryGetValue(feed.Unit, out var place))
                ofEnterprise.TryAdd(enterprise, place);
        }

        foreach (var feed in facts.Feeds)
        {
            if (feed.Enterprise is { } enterprise && ofEnterprise.TryGetValue(enterprise, out var place))
                own.TryAdd(feed.Unit, place);
        }

        return own;
    }

    private MunicipalityCode? PlaceOf(string institution) =>
        MunicipalityCode.TryParse(institution, out var code) && !code.IsSpecial
        && code.MapTo(Norwegian.Day(clock.GetUtcNow()).Year) is [var today, ..]
            ? today
            : null;

    private static bool IsInForce(Feed feed, DataYear year) =>
        feed.FromOn <= year.LastDay && (feed.ToOn is not { } to || to >= year.FirstDay);

    private RegisterCode RegisterOf(string type) =>
        definitions.MessageTypes.FirstOrDefault(each => each.Name == type)?.Register
        ?? (type.StartsWith(NprPrefix, StringComparison.Ordinal) ? RegisterCode.Npr : RegisterCode.Kpr);

    private sealed record Facts(
        DataYear Year, IReadOnlyList<Feed> Feeds, IReadOnlyList<Expectation> Expectations,
        IReadOnlyList<UnitFindings> Findings, IReadOnlyList<OpenSilence> Silences)
    {
        public IEnumerable<string> Types => Feeds.Select(feed => feed.MessageType)
            .Concat(Expectations.Select(each => each.Obligation.MessageType)).Distinct().Order(StringComparer.Ordinal);

        public IEnumerable<(OrganizationNumber Unit, string Type, IReadOnlyList<string> Institutions)> Named =>
            Feeds.Select(feed => (feed.Unit, feed.MessageType, feed.Institutions))
                .Concat(Expectations.Select(each =>
                    (each.Obligation.Unit, each.Obligation.MessageType, each.Obligation.Institutions)));
    }
}
