using Kilde.Kernel;
using Kilde.Quality.Calendar;
using Kilde.Quality.Checks;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>Who has not reported: 2019, when 13 municipalities were missing because of mergers (R7.07).</summary>
public sealed class ExpectedReportTests(PostgresServer postgres)
{
    private const int Year = 2019;
    private const int Missing = 13;

    private static readonly MunicipalityCode[] All = [.. MunicipalityCode.InUse(Year)];

    // Municipalities that became another the year after. Some are missing; those that merged with them have sent under
    // their old numbers, and the others under their new ones.
    private static readonly MunicipalityCode[] Merged =
        [.. All.Where(code => code.LastYear == Year && code.MapTo(Year + 1).Count == 1)];

    [Fact]
    public async Task Of_422_municipalities_exactly_the_13_that_no_number_of_theirs_has_sent_are_missing()
    {
        All.Length.ShouldBe(422);
        var missing = Merged.Take(Missing).ToList();
        var theirs = missing.Select(code => code.MapTo(Year + 1)[0]).ToHashSet();
        string[] senders = [.. All.Except(missing)
            .Select(code => Merged.Contains(code) ? code.MapTo(Year + 1)[0] : code)
            .Where(code => !theirs.Contains(code)).Select(code => $"{code}")];
        string[] siblings = [.. Merged.Except(missing).Where(code => theirs.Contains(code.MapTo(Year + 1)[0]))
            .Select(code => $"{code}")];
        await using var register = await CheckedRegister.StartWholeAsync(postgres, new AllMunicipalities());
        await SeedAsync(register, [.. senders.Concat(siblings).Distinct()]);

        await register.FollowAllAsync();

        var found = await FindAsync(register);
        found.Select(each => each.Unit).ShouldBe(missing.Select(code => $"{code}"), ignoreOrder: true);
        found.ShouldAllBe(each => each.DataYear == Year);
    }

    [Fact]
    public async Task A_municipality_that_sends_late_is_missing_no_longer_within_the_hour()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres, new AllMunicipalities());
        await SeedAsync(register, [.. All.Skip(1).Select(code => $"{code}")]);
        await register.FollowAllAsync();
        (await FindAsync(register)).ShouldHaveSingleItem().Unit.ShouldBe($"{All[0]}");

        await SeedAsync(register, [$"{All[0]}"]);
        await register.QueryAsync<int>($"insert into quality.due_year values ({Year}) returning 1");
        register.Clock.Advance(FollowChanges.YearPause);
        await register.FollowAllAsync();

        (await FindAsync(register)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1567", 2018, "1567", "5061")]
    [InlineData("5061", 2018, "1567", "5061")]
    [InlineData("1567", 2019, "5061", "1567")]
    public void A_municipality_is_expected_under_the_number_it_had_and_known_by_those_it_has_had(
        string configured, int year, string sender, string knownAs)
    {
        DataYear.TryFrom(year, out var dataYear);
        var rule = new PeriodRule(PeriodKind.Year, [1], new DeadlineRule(1, 15, null), Second: null);
        var calendar = new ReportingCalendar(
            "kpr-kommune", new(""), RegisterCode.Kpr, ["KPR_IPLOS"], true, dataYear, [rule]);
        var obligation = new ReportingObligation(
            Sender, "Rindal", "KPR_IPLOS", dataYear.FirstDay, null)
        {
            Institutions = [configured],
        };
        var period = calendar.PeriodsOf(dataYear).Single();
        var expectation = Expectation.Of(obligation, period, [], period.DeadlineOn.AddDays(1))!;

        var expected = ExpectedReports.Of(dataYear, [new CalendarPeriod(calendar, period, [expectation])]);

        expected.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            each => each.Sender.ShouldBe(sender),
            each => each.KnownAs.ShouldContain(knownAs),
            each => each.KnownAs.ShouldContain("974760673"));
    }

    private static Task<IReadOnlyList<FindingLine>> FindAsync(CheckedRegister register) =>
        register.Get<FindFindings>().FindAsync(
            new FindingFilter(Unit: null, "KPR-OMS-031"), 500, TestContext.Current.CancellationToken);

    private static async Task SeedAsync(CheckedRegister register, string[] senders) =>
        await register.QueryAsync<int>(
            """
            with period as (
              insert into register.period (
                period_no, sender, message_type, data_year, submission_id, extracted_on, batch_no)
              select coalesce((select max(period_no) from register.period), 0) + row_number() over (), sender,
                'KPR_IPLOS', @Year, gen_random_uuid(), date '2020-01-15', 1
              from unnest(@senders) as sender
              returning period_no, sender
            )
            insert into register.iplos_tjeneste (
              person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
              batch_no, since, period_no, tj_tjen_type, tj_fra_dato)
            select period_no, 1, gen_random_uuid(), sender, sender, '1', gen_random_uuid(), gen_random_uuid(),
              date '2020-01-15', 1, now(), period_no, '6', date '2019-02-01'
            from period
            returning 1
            """,
            new { senders, Year });

    /// <summary>Each municipality of the year has its own number, and has to send since then.</summary>
    private sealed class AllMunicipalities : IReportingObligations
    {
        public Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<ReportingObligation>>([.. All.Select(code =>
                new ReportingObligation(
                    NumberOf(code), code.Name, "KPR_IPLOS", new DateOnly(Year, 1, 1), new DateOnly(Year, 12, 31))
                {
                    Institutions = [$"{code}"],
                })]);

        // The first of a hundred with a right check digit.
        private static OrganizationNumber NumberOf(MunicipalityCode code) =>
            Enumerable.Range(0, 100).Select(n => $"{900_000_000 + (code.Number * 1000) + n}")
                .Select(text => OrganizationNumber.TryParse(text, out var number) ? number : default)
                .First(number => number != default);
    }
}
