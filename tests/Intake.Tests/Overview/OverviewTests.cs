using Kilde.Audit;
using Kilde.Intake.Overview;
using Kilde.Intake.Retention;
using Kilde.Intake.Senders;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;
using static Kilde.Intake.Tests.Kit.Messages;

namespace Kilde.Intake.Tests.Overview;

public class OverviewTests(PostgresServer postgres)
{
    private static readonly AccessGround Staff = new(new Actor("user", "ansatt-1"), "drift");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submissions_are_found_by_state_unit_vendor_type_and_time()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await FillAsync(intake);
        var find = new FindSubmissions(intake.Databases.Register);
        async Task<int> Count(SubmissionFilter filter) =>
            (await find.FindAsync(filter, after: null, 100, Cancellation)).Submissions.Count;

        (await Count(new SubmissionFilter())).ShouldBe(5);
        (await Count(new SubmissionFilter(SubmissionState.Rejected))).ShouldBe(1);
        (await Count(new SubmissionFilter(SubmissionState.Merged))).ShouldBe(2);
        (await Count(new SubmissionFilter(SubmissionState.SetAside))).ShouldBe(1);
        (await Count(new SubmissionFilter(SubmissionState.Accepted))).ShouldBe(1);
        (await Count(new SubmissionFilter(SubmissionState.Received))).ShouldBe(0);
        (await Count(new SubmissionFilter(Unit: UnitB))).ShouldBe(1);
        (await Count(new SubmissionFilter(Vendor: UnitB))).ShouldBe(0);
        (await Count(new SubmissionFilter(Vendor: Vendor, MessageType: Consultation.Name))).ShouldBe(5);
        (await Count(new SubmissionFilter(ReceivedFrom: intake.Clock.Now.AddDays(1)))).ShouldBe(0);
        (await Count(new SubmissionFilter(ReceivedBefore: intake.Clock.Now.AddDays(1)))).ShouldBe(5);

        var counts = await new CountSubmissions(intake.Databases.Register).CountAsync(
            intake.Clock.Now.AddDays(-1), unit: null, Cancellation);
        counts.ShouldBe(new SubmissionCounts(1, 1, 5, 2, 1, intake.Clock.Now));
    }

    [Fact]
    public async Task Pages_hold_every_submission_once()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        for (var i = 0; i < 23; i++)
        {
            await intake.Log.StoreAsync(
                Message($"{i}=1", at: intake.Clock.Now.AddMinutes(i / 3)), Cancellation);
        }

        var find = new FindSubmissions(intake.Databases.Register);
        var seen = new List<SubmissionSummary>();
        string? after = null;
        do
        {
            var page = await find.FindAsync(new SubmissionFilter(Unit: UnitA), after, 5, Cancellation);
            seen.AddRange(page.Submissions);
            after = page.Next;
        }
        while (after is not null);

        seen.Select(one => one.SubmissionId).Distinct().Count().ShouldBe(23);
        seen.ShouldBe(seen.OrderByDescending(one => one.ReceivedAt).ThenByDescending(
            one => one.SubmissionId.ToString()));
        await Should.ThrowAsync<FormatException>(() => find.FindAsync(new SubmissionFilter(), "nonsense", 5,
            Cancellation));
    }

    [Fact]
    public async Task A_submission_is_found_by_its_own_id_and_by_what_its_sender_was_given()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var message = Message("1=10");
        await intake.Log.StoreAsync(message, Cancellation);
        var again = Message("1=10");
        await intake.Log.StoreAsync(again, Cancellation);
        var get = new GetSubmission(intake.Databases.Register);

        var detail = (await get.FindAsync(message.CorrelationId, Cancellation)).ShouldNotBeNull();

        detail.Timings.ShouldHaveSingleItem().Step.ShouldBe("read");
        detail.HasPayload.ShouldBeTrue();
        detail.LaneSequence.ShouldBe(1);
        detail.History.Select(happening => happening.Kind).ShouldBe(["received", "repeated"]);
        (await get.FindAsync(detail.Summary.SubmissionId, Cancellation))!.PayloadHash.ShouldBe(detail.PayloadHash);
        (await get.FindAsync(again.CorrelationId, Cancellation))!.Summary.ShouldBe(detail.Summary);
        (await get.FindAsync(Guid.CreateVersion7(), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_feed_tells_of_new_submissions_and_of_changes()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await PlainRegister.StartAsync(intake);
        var events = new SubmissionEvents(intake.Databases.Register);
        await intake.Log.StoreAsync(Message("1=10"), Cancellation);
        var first = await events.ReadAsync(intake.Clock.Now.AddSeconds(-1), unit: null, 100, Cancellation);

        intake.Clock.Advance(TimeSpan.FromMinutes(1));
        await register.MergeAllAsync();
        var then = await events.ReadAsync(first[^1].ChangedAt, unit: null, 100, Cancellation);

        first.ShouldHaveSingleItem().State.ShouldBe(SubmissionState.Accepted);
        then.ShouldHaveSingleItem().State.ShouldBe(SubmissionState.Merged);
        (await events.ReadAsync(then[^1].ChangedAt.AddMinutes(1), unit: null, 100, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Senders_show_what_they_owe_and_how_long_they_have_been_silent()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await new ConfigureSender(intake.Databases.Register, intake.Audit, intake.Clock).ConfigureAsync(
            new SenderConfiguration(
                UnitA, "Helsestasjonen", null, [], [new SenderVendor(Vendor)],
                [
                    new Obligation(Consultation.Name, new DateOnly(2026, 1, 1)),
                    new Obligation("HST_Avtale", new DateOnly(2027, 1, 1)),
                ]),
            Staff, Cancellation);
        await intake.Log.StoreAsync(Message("1=10"), Cancellation);
        intake.Clock.Advance(TimeSpan.FromDays(3));
        var find = new FindSenders(intake.Databases.Register, intake.Clock);

        var sender = (await find.FindAsync("stasjon", afterUnit: null, 10, Cancellation)).ShouldHaveSingleItem();

        sender.Vendors.ShouldBe([Vendor]);
        sender.Obligations.Select(one => (one.MessageType, one.SilentDays, one.SoftwareVersion))
            .ShouldBe([("HST_Avtale", null, null), (Consultation.Name, 3, "1.2")]);
        (await find.FindAsync(UnitB, Cancellation)).ShouldBeNull();
        (await find.FindAsync(null, UnitA, 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_day_without_changes_differs_from_a_day_without_submission()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var first = new DateOnly(2026, 2, 2);
        foreach (var day in (int[])[0, 1, 2, 3, 4, 6, 5, 9])
            await intake.Log.StoreAsync(Message(day == 4 ? "" : $"{day}=1", From(UnitA, first.AddDays(day))),
                Cancellation);
        await intake.Log.StoreAsync(Message("9=1", From(UnitA, first.AddDays(9))), Cancellation);

        var series = await new GetSeries(intake.Databases.Register, intake.Clock).GetAsync(
            UnitA, Consultation.Name, first, first.AddDays(9), Cancellation);

        series.RhythmDays.ShouldBe(1);
        var days = series.Days.ToDictionary(day => day.ExtractedOn.DayNumber - first.DayNumber);
        days[4].ShouldBe(new SeriesDay(first.AddDays(4), 1, 0, 0, CameLate: false, IsHole: false));
        days[5].CameLate.ShouldBeTrue();
        days[9].Repeats.ShouldBe(1);
        days.Values.Where(day => day.IsHole).Select(day => day.ExtractedOn.DayNumber - first.DayNumber)
            .ShouldBeSubsetOf([7, 8]);
        days.ShouldContainKey(0);
    }

    [Fact]
    public async Task Payloads_go_some_days_after_merge_and_proofs_when_they_have_expired()
    {
        await using var intake = await TestIntake.StartAsync(postgres, new IntakeOptions { PayloadDaysKept = 10 });
        var register = await PlainRegister.StartAsync(intake);
        await intake.Log.StoreAsync(Message("1=10"), Cancellation);
        await register.MergeAllAsync();
        await intake.Log.StoreAsync(Message("2=20"), Cancellation);
        var remove = new RemoveExpired(
            intake.Databases.Register, intake.Clock, Microsoft.Extensions.Options.Options.Create(intake.Options));

        intake.Clock.Advance(TimeSpan.FromDays(9));
        await remove.StepAsync(Cancellation);
        (await intake.OneAsync<(long, long)>(
            "select (select count(*) from intake.payload), (select count(*) from intake.used_proof)")).ShouldBe((2, 0));

        intake.Clock.Advance(TimeSpan.FromDays(2));
        await remove.StepAsync(Cancellation);
        (await intake.AllAsync<string>(
            "select s.state from intake.payload join intake.submission s using (submission_id)")).ShouldBe(
                ["accepted"]);
    }

    // One of each state, and a merged one of another unit.
    private static async Task FillAsync(TestIntake intake)
    {
        var register = await PlainRegister.StartAsync(intake);
        register.Trouble = submission =>
        {
            if (submission.Content.Batches[0].LocalIds is ["9"]) throw new InvalidOperationException(
                "A fault of ours.");
        };
        await intake.Log.StoreAsync(Message("1=10"), Cancellation);
        await intake.Log.StoreAsync(Message("9=10"), Cancellation);
        await intake.Log.StoreAsync(Message("1=10", From(UnitB)), Cancellation);
        await register.MergeAllAsync();
        await intake.Log.StoreAsync(Message("2=20"), Cancellation);
        await intake.Log.StoreAsync(Refused(2008), Cancellation);
    }
}
