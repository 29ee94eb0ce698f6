using Kilde.Audit;
using Kilde.Kernel;
using Kilde.Quality.Calendar;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

public class CalendarTests(PostgresServer postgres)
{
    private static readonly DataYear Year = DataYear.Parse("2026");

    private static readonly IReadOnlyList<ReportingCalendar> Calendars =
        CalendarFiles.Load(Repository.At("definitions", "calendar"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2024, "2024-03-31")]
    [InlineData(2025, "2025-04-20")]
    [InlineData(2026, "2026-04-05")]
    [InlineData(2038, "2038-04-25")]
    [InlineData(2285, "2285-03-22")]
    public void Easter_is_when_it_is(int year, string sunday) =>
        NorwegianHolidays.EasterOf(year).ShouldBe(DateOnly.Parse(sunday));

    [Theory]
    [InlineData("2026-04-02", false)] // Maundy Thursday
    [InlineData("2026-04-06", false)] // Easter Monday
    [InlineData("2026-05-14", false)] // Ascension
    [InlineData("2026-05-25", false)] // Whit Monday
    [InlineData("2026-05-01", false)]
    [InlineData("2027-05-17", false)]
    [InlineData("2026-12-25", false)]
    [InlineData("2026-12-24", true)]
    [InlineData("2026-11-21", false)] // Saturday
    [InlineData("2026-11-23", true)]
    public void Working_days_leave_out_weekends_and_holidays(string day, bool isWorkingDay) =>
        NorwegianHolidays.IsWorkingDay(DateOnly.Parse(day)).ShouldBe(isWorkingDay);

    // 10 May 2026 is a Sunday and 10 January 2027 too; 24 May 2026 is Whit Sunday.
    [Theory]
    [InlineData("npr-avtalespesialist", "2026-05-11 2026-09-10 2027-01-11")]
    [InlineData("kpr-kommune", "2027-01-15")]
    [InlineData("npr-amk", "2026-05-08 2026-09-07 2027-01-12")]
    [InlineData("npr-helseforetak",
        "2026-02-04 2026-03-04 2026-04-08 2026-05-06 2026-06-03 2026-07-03 2026-09-03 2026-10-05 2026-11-04 "
        + "2026-12-03 2027-01-12")]
    public void Deadlines_fall_on_working_days(string calendar, string deadlines) =>
        string.Join(' ', PeriodsOf(calendar).Select(period => $"{period.DeadlineOn:yyyy-MM-dd}")).ShouldBe(deadlines);

    [Fact]
    public void The_second_submission_is_three_weeks_later_and_only_after_tertial_and_year() =>
        PeriodsOf("npr-helseforetak").Where(period => period.SecondOn is not null)
            .Select(period => (period.Kind, period.SecondOn!.Value)).ShouldBe(
            [
                (PeriodKind.Tertial, new DateOnly(2026, 5, 26)), (PeriodKind.Tertial, new DateOnly(2026, 9, 24)),
                (PeriodKind.Year, new DateOnly(2027, 2, 4)),
            ]);

    [Theory]
    [InlineData("2026-05-06", null, ExpectationState.Awaited)]
    [InlineData("2026-05-07", null, ExpectationState.Late)]
    [InlineData("2026-05-26", null, ExpectationState.Late)]
    [InlineData("2026-05-27", null, ExpectationState.Missing)]
    [InlineData("2027-06-10", null, ExpectationState.Missing)]
    [InlineData("2027-06-11", null, ExpectationState.Closed)]
    [InlineData("2027-06-11", "2027-06-01T10:00:00Z", ExpectationState.ReceivedLate)]
    [InlineData("2026-06-01", "2026-05-06T21:59:00Z", ExpectationState.Received)]
    [InlineData("2026-06-01", "2026-05-06T22:00:00Z", ExpectationState.ReceivedLate)]
    public void A_clock_decides_who_is_awaited_late_and_missing(string today, string? at, ExpectationState expected)
    {
        var period = PeriodsOf("npr-helseforetak").First(each => each.Kind == PeriodKind.Tertial);
        ReceivedFiles[] received = at is null ? [] : [File(period.To, at)];

        Expectation.Of(Obligation, period, received, DateOnly.Parse(today))!.State.ShouldBe(expected);
    }

    [Theory]
    [InlineData("2027-06-10", 400)]
    [InlineData("2027-06-11", 0)]
    public void Days_are_counted_for_as_long_as_somebody_asks(string today, int days)
    {
        var period = PeriodsOf("npr-helseforetak").First(each => each.Kind == PeriodKind.Tertial);

        Expectation.Of(Obligation, period, [], DateOnly.Parse(today))!.DaysLate.ShouldBe(days);
    }

    [Fact]
    public void A_file_covers_the_periods_before_its_end_in_the_same_year_and_no_others()
    {
        var today = new DateOnly(2026, 6, 1);
        var periods = PeriodsOf("npr-helseforetak");

        var received = new[] { File(new DateOnly(2026, 4, 30), "2026-05-04T10:00:00Z") };

        periods.Where(period => Expectation.Of(Obligation, period, received, today)!.Files > 0)
            .Max(period => period.To).ShouldBe(new DateOnly(2026, 4, 30));
        var lastYear = new[] { File(new DateOnly(2025, 12, 31), "2026-01-04T10:00:00Z") };
        Expectation.Of(Obligation, periods[0], lastYear, today)!.Files.ShouldBe(0);
    }

    [Fact]
    public void Nobody_is_expected_outside_the_obligation()
    {
        var period = PeriodsOf("npr-helseforetak")[0];

        Expectation.Of(Obligation with { FromOn = new(2026, 2, 1) }, period, [], period.To).ShouldBeNull();
        Expectation.Of(Obligation with { ToOn = new(2026, 1, 30) }, period, [], period.To).ShouldBeNull();
    }

    [Theory]
    [InlineData("periods: []", "there are no periods")]
    [InlineData("periods: [{ kind: week, deadline: { day: 1 } }]", "kind is month, tertial or year")]
    [InlineData("periods: [{ kind: month, months: [13], deadline: { day: 1 } }]", "a month is 1–12")]
    [InlineData("periods: [{ kind: year }]", "a period needs its deadline")]
    [InlineData("periods: [{ kind: year, deadline: { day: 31 } }]", "day is 1–28")]
    [InlineData("periods: [{ kind: year, deadline: { day: 1, working-day: 2 } }]", "either day or working-day")]
    [InlineData("periods: [{ kind: year, dedline: { day: 1 } }]", "dedline")]
    public void A_calendar_that_is_wrong_says_how(string periods, string mistake)
    {
        const string Head =
            "calendar: x\ntitle: { nb: x, nn: x, en: x }\nregister: npr\nmessage-types: [A]\nfrom-year: 2020\n";

        Should.Throw<CalendarFileException>(() => CalendarFiles.Read(Head + periods, "x.yaml"))
            .Message.ShouldContain(mistake);
    }

    [Fact]
    public void A_calendar_is_called_something_in_three_languages()
    {
        const string Wrong =
            "calendar: x\ntitle: { nb: x, nn: x }\nregister: npr\nmessage-types: [A]\nfrom-year: 2020\nperiods: []\n";

        Should.Throw<CalendarFileException>(() => CalendarFiles.Read(Wrong, "x.yaml"))
            .Message.ShouldContain("three languages");
        CalendarFiles.Load(Repository.At("definitions", "calendar"))
            .ShouldAllBe(calendar => calendar.Title.Nn != null && calendar.Title.En != null);
    }

    [Fact]
    public async Task What_came_is_held_against_what_is_expected_and_a_refused_file_does_not_count()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        quality.Clock.Now = new DateTimeOffset(2026, 6, 10, 8, 0, 0, TimeSpan.Zero);
        await quality.RecordAsync(Cases.Activity);
        await quality.RecordAsync(Cases.Refused with { Unit = Cases.OtherUnit });
        var calendar = Get(quality);

        var tertial = (await calendar.ReadAsync(Year, unit: null, Cancellation))
            .Single(period => period is { Calendar.Id: "npr-helseforetak", Period.To: { Month: 4 } });
        var late = await calendar.LateAsync(Cancellation);

        tertial.Expectations.Select(each => (each.Obligation.Unit, each.State)).ShouldBe(
            [(Cases.OtherUnit, ExpectationState.Missing), (Cases.Unit, ExpectationState.ReceivedLate)]);
        late.First(sender => sender.Unit == Cases.OtherUnit).LastReceivedAt.ShouldBe(Cases.Received);
        (await calendar.ReadAsync(Year, Cases.OtherUnit, Cancellation))
            .ShouldAllBe(period => period.Expectations.All(each => each.Obligation.Unit == Cases.OtherUnit));
    }

    [Fact]
    public async Task A_year_long_past_is_closed_but_shows_what_comes_of_it_all_the_same()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        quality.Clock.Now = new DateTimeOffset(2026, 6, 10, 8, 0, 0, TimeSpan.Zero);
        await quality.RecordAsync(Cases.Activity with
        {
            Message = Cases.Activity.Message with { From = new(2019, 1, 1), To = new(2019, 12, 31) },
        });
        var calendar = Get(quality);

        var years = await calendar.YearsAsync(Cancellation);
        var year = (await calendar.ReadAsync(DataYear.Parse("2019"), unit: null, Cancellation))
            .Single(period => period is { Calendar.Id: "npr-helseforetak", Period.Kind: PeriodKind.Year });

        years.Select(each => each.Year.Year).ShouldBe([2026, 2025, 2024, 2023, 2022, 2021, 2020, 2019]);
        years.Where(each => each.HasFiles).Select(each => each.Year.Year).ShouldBe([2019]);
        year.Expectations.Select(each => (each.Obligation.Unit, each.State)).ShouldBe(
            [(Cases.OtherUnit, ExpectationState.Closed), (Cases.Unit, ExpectationState.ReceivedLate)]);
        (await calendar.LateAsync(Cancellation)).ShouldAllBe(sender => sender.DaysLateMax <= 400);
    }

    // IPLOS 3.7 is for 2019 only; KPR_IDE has no definition at all.
    [Theory]
    [InlineData("2019", 1)]
    [InlineData("2020", 0)]
    public async Task Nobody_is_expected_to_send_what_no_definition_takes(string year, int expected)
    {
        await using var quality = await TestQuality.StartAsync(postgres);

        var periods = await Get(quality).ReadAsync(DataYear.Parse(year), Cases.ThirdUnit, Cancellation);

        periods.Sum(period => period.Expectations.Count).ShouldBe(expected);
    }

    [Fact]
    public async Task A_unit_follows_the_calendar_that_was_chosen_for_it()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        var choose = new ChooseCalendar(
            quality.Get<Kilde.Platform.Databases.RegisterDatabase>(), quality.Get<AuditLog>(), Calendars,
            quality.Clock);
        var ground = new AccessGround(new Actor("user", "staff"), "portal");

        (await choose.ChooseAsync(Cases.Unit, "npr-avtalespesialist", ground, Cancellation)).ShouldBeTrue();
        (await choose.ChooseAsync(Cases.Unit, "finnes-ikke", ground, Cancellation)).ShouldBeFalse();

        var own = await Get(quality).ReadAsync(Year, Cases.Unit, Cancellation);
        own.Select(period => period.Calendar.Id).Distinct().ShouldBe(["npr-avtalespesialist"]);
        (await quality.QueryAsync<string>("select action from audit.entry")).ShouldBe(["calendar.chosen"]);
    }

    private static ReportingObligation Obligation { get; } =
        new(Cases.Unit, "Nordvika sykehus", "NPR_ORD", new DateOnly(2019, 1, 1), ToOn: null);

    private static ReceivedFiles File(DateOnly to, string at) =>
        new(Cases.Unit, "NPR_ORD", to, DateTimeOffset.Parse(at), DateTimeOffset.Parse(at), 1);

    private static IReadOnlyList<ReportingPeriod> PeriodsOf(string calendar) =>
        Calendars.Single(each => each.Id == calendar).PeriodsOf(Year);

    private static GetCalendar Get(TestQuality quality) => new(
        quality.Get<Kilde.Platform.Databases.RegisterDatabase>(), new TwoHospitals(), Calendars,
        TestForms.Catalogue, quality.Clock);

    private sealed class TwoHospitals : IReportingObligations
    {
        public Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<ReportingObligation>>(
            [
                Obligation, Obligation with { Unit = Cases.OtherUnit, Name = "Solbakken sykehus" },
                Obligation with { MessageType = "HST_Avtale" },
                Obligation with { Unit = Cases.ThirdUnit, Name = "Furuset kommune", MessageType = "KPR_IPLOS" },
                Obligation with { Unit = Cases.ThirdUnit, Name = "Furuset kommune", MessageType = "KPR_IDE" },
            ]);
    }
}
