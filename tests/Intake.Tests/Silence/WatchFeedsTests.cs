using Kilde.Audit;
using Kilde.Intake.Log;
using Kilde.Intake.Overview;
using Kilde.Intake.Senders;
using Kilde.Intake.Silence;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static Kilde.Intake.Tests.Kit.Messages;

namespace Kilde.Intake.Tests.Silence;

public class WatchFeedsTests(PostgresServer postgres)
{
    private const string Type = "HST_Konsultasjon";

    private static readonly AccessGround Staff = new(new Actor("user", "ansatt-1"), "drift");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feed_that_stops_is_shown_the_same_day_and_is_well_when_something_comes()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await ConfigureAsync(intake);
        var monday = new DateTimeOffset(2026, 6, 14, 22, 0, 0, TimeSpan.Zero);
        await FillAsync(intake, monday);
        var watch = new WatchFeeds(
            intake.Databases.Register, intake.Clock, NullLogger<WatchFeeds>.Instance);
        var find = new FindSilences(intake.Databases.Register);
        intake.Clock.Now = monday.AddHours(9).AddMinutes(5);
        await watch.StepAsync(Cancellation);
        (await find.FindAsync(units: null, Cancellation)).ShouldBeEmpty();

        intake.Clock.Now = monday.AddHours(15).AddMinutes(5);
        await watch.StepAsync(Cancellation);

        var silence = (await find.FindAsync([UnitA], Cancellation)).ShouldHaveSingleItem();
        silence.IsSilent.ShouldBeTrue();
        silence.Since.ShouldBe(monday.AddHours(9));
        silence.Expected.ShouldBeInRange(100, 140);
        silence.OneIn.ShouldBeGreaterThan(10_000);
        (await find.FindAsync([UnitB], Cancellation)).ShouldBeEmpty();
        var shown = await new FindSenders(intake.Databases.Register, intake.Clock).FindAsync(UnitA, Cancellation);
        shown!.Obligations.Single(one => one.MessageType == Type).Silence.ShouldBe(silence);

        await SendAsync(intake, monday.AddHours(15).AddMinutes(20));
        intake.Clock.Now = monday.AddHours(15).AddMinutes(30);
        await watch.StepAsync(Cancellation);
        (await find.FindAsync(units: null, Cancellation)).ShouldBeEmpty();
    }

    private static Task ConfigureAsync(TestIntake intake) =>
        new ConfigureSender(intake.Databases.Register, intake.Audit, intake.Clock).ConfigureAsync(
            new SenderConfiguration(
                UnitA, "Helsestasjonen", null, [], [new SenderVendor(Vendor)],
                [new Obligation(Type, new DateOnly(2026, 1, 1))]),
            Staff, Cancellation);

    // Twenty records an hour from seven to four each working day, and on the last day until nine.
    private static Task<StoreOutcome[]> FillAsync(TestIntake intake, DateTimeOffset monday) => Task.WhenAll(
        from day in Enumerable.Range(-60, 61)
        let date = monday.AddDays(day)
        where FeedHours.GroupOf(NorwegianDay.Of(date)) == DayGroup.WorkDay
        from hour in Enumerable.Range(7, day == 0 ? 2 : 9)
        select SendAsync(intake, date.AddHours(hour).AddMinutes(10)));

    private static Task<StoreOutcome> SendAsync(TestIntake intake, DateTimeOffset at) => intake.Log.StoreAsync(
        Message($"{at.ToUnixTimeSeconds()}=1", at: at) with { RecordCount = 20 }, Cancellation);
}
