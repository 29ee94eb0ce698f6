using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Log;
using Kilde.Intake.Overview;
using Kilde.Intake.Senders;
using Kilde.Intake.Silence;
using Kilde.Intake.Tests.Kit;
using Kilde.Register;
using Kilde.Register.Chains;
using Kilde.Register.Comparing;
using Kilde.Register.Tables;
using Kilde.Testing;
using Microsoft.Extensions.Options;
using static Kilde.Intake.Tests.Kit.Messages;

namespace Kilde.Intake.Tests.Silence;

/// <summary>What is known to be missing is told at once, of a feed of any size.</summary>
public class LackTests(PostgresServer postgres)
{
    private static readonly AccessGround Staff = new(new Actor("user", "ansatt-1"), "drift");

    private static readonly DigestPlace March = new($"{UnitA}", RecordMonth.Of(new DateOnly(2026, 3, 1)));
    private static readonly DigestPlace April = new($"{UnitA}", RecordMonth.Of(new DateOnly(2026, 4, 1)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_lacking_is_what_the_sender_has_more_of()
    {
        new HeardPlace(March, new DigestSum(3, 7), new DigestSum(3, 7), Missing: 1).Lacking.ShouldBe(0);
        new HeardPlace(March, new DigestSum(3, 7), new DigestSum(1, 5)).Lacking.ShouldBe(2);
        new HeardPlace(March, new DigestSum(1, 5), new DigestSum(3, 7)).Lacking.ShouldBe(0);
        new HeardPlace(March, new DigestSum(3, 7), new DigestSum(3, 8), Missing: 2).Needed.ShouldBe(5);
    }

    [Fact]
    public async Task A_feed_of_two_records_that_lacks_one_is_told_until_the_sender_tells_that_it_has_come()
    {
        await using var intake = await StartAsync();
        var hear = new HearOwnCounts(intake.Databases.Register, intake.Clock);

        await HearAsync(hear, March, March, new HeardPlace(March, new DigestSum(2, 9), new DigestSum(1, 4)));

        var found = (await FindAsync(intake)).ShouldHaveSingleItem();
        found.ShouldSatisfyAllConditions(
            () => found.Unit.ShouldBe(UnitA), () => found.MessageType.ShouldBe(Consultation.Name),
            () => found.Lack.ShouldBe(LackCause.Told), () => found.Lacking.ShouldBe(1),
            () => found.IsSilent.ShouldBeFalse(), () => found.Since.ShouldBe(intake.Clock.Now));
        var shown = await new FindSenders(intake.Databases.Register, intake.Clock).FindAsync(UnitA, Cancellation);
        shown!.Obligations.Single(one => one.MessageType == Consultation.Name).Silence.ShouldBe(found);

        // Another month is told of by itself, and adds up.
        await HearAsync(hear, April, April, new HeardPlace(April, new DigestSum(5, 9), new DigestSum(2, 4)));
        (await FindAsync(intake)).ShouldHaveSingleItem().Lacking.ShouldBe(4);
        await HearAsync(hear, April, April, new HeardPlace(April, new DigestSum(5, 9), new DigestSum(5, 9)));
        (await FindAsync(intake)).ShouldHaveSingleItem().Lacking.ShouldBe(1);

        await HearAsync(hear, March, April, new HeardPlace(March, new DigestSum(2, 9), new DigestSum(2, 9)));
        (await FindAsync(intake)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_here_is_not_lacking()
    {
        await using var intake = await StartAsync();
        var hear = new HearOwnCounts(intake.Databases.Register, intake.Clock);
        await intake.Log.StoreAsync(Message("1=1 2=2"), Cancellation);

        await HearAsync(hear, March, March, new HeardPlace(March, new DigestSum(2, 9), new DigestSum(0, 0)));
        (await FindAsync(intake)).ShouldBeEmpty();

        await HearAsync(hear, March, March, new HeardPlace(March, new DigestSum(5, 9), new DigestSum(0, 0)));
        (await FindAsync(intake)).ShouldHaveSingleItem().Lacking.ShouldBe(3);
    }

    [Fact]
    public async Task It_closes_by_itself_when_the_records_have_come()
    {
        await using var intake = await StartAsync();
        await new RegisterTables(Options.Create(new RegisterOptions { Partitions = 2 }))
            .EnsureAsync(intake.Databases.RegisterOwner, Catalogue, Cancellation);
        var hear = new HearOwnCounts(intake.Databases.Register, intake.Clock);
        var watch = WatchOf(intake, hear);
        await HearAsync(hear, March, April,
            new HeardPlace(March, new DigestSum(2, 9), default), new HeardPlace(April, new DigestSum(1, 3), default));

        await ComeAsync(intake, March, (1, 4));
        await StepAsync(intake, watch);
        (await FindAsync(intake)).ShouldHaveSingleItem().Lacking.ShouldBe(2);

        await ComeAsync(intake, March, (2, 5));
        await ComeAsync(intake, April, (3, 3));
        await StepAsync(intake, watch);
        (await FindAsync(intake)).ShouldBeEmpty();
        (await intake.OneAsync<long>("select count(*) from intake.lack_place")).ShouldBe(0);
    }

    [Fact]
    public async Task What_could_not_be_counted_when_it_came_is_counted_the_next_time()
    {
        await using var intake = await StartAsync();
        await new RegisterTables(Options.Create(new RegisterOptions { Partitions = 2 }))
            .EnsureAsync(intake.Databases.RegisterOwner, Catalogue, Cancellation);
        var hear = new HearOwnCounts(intake.Databases.Register, intake.Clock);
        await HearAsync(hear, March, March, new HeardPlace(March, new DigestSum(1, 4), default));
        await ComeAsync(intake, March, (1, 4));

        // A node that has no such definition cannot tell what has come.
        var folder = Directory.CreateTempSubdirectory("kilde-nothing-");
        folder.CreateSubdirectory("messages");
        await StepAsync(intake, WatchOf(intake, hear, DefinitionCatalogue.Load(folder.FullName)));
        folder.Delete(recursive: true);
        (await FindAsync(intake)).ShouldHaveSingleItem().Lacking.ShouldBe(1);

        await StepAsync(intake, WatchOf(intake, hear));
        (await FindAsync(intake)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_unit_that_is_no_longer_to_send_lacks_nothing()
    {
        await using var intake = await StartAsync();
        var hear = new HearOwnCounts(intake.Databases.Register, intake.Clock);
        await HearAsync(hear, March, March, new HeardPlace(March, new DigestSum(2, 9), new DigestSum(1, 4)));
        await ConfigureAsync(intake, to: new DateOnly(2026, 3, 1));

        await StepAsync(intake, WatchOf(intake, hear));

        (await FindAsync(intake)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hole_in_a_chain_is_told_the_same_day_and_is_gone_when_it_is_filled()
    {
        await using var intake = await StartAsync();
        await intake.Log.StoreAsync(Message("1=1"), Cancellation);
        await using (var connection = await intake.Databases.RegisterAsSuperuserAsync())
            await connection.ExecuteAsync("delete from intake.waiting");
        var watch = WatchOf(intake, new HearOwnCounts(intake.Databases.Register, intake.Clock));
        await LinkAsync(intake, 1);
        await LinkAsync(intake, 4);

        await StepAsync(intake, watch, minutes: 30);
        (await FindAsync(intake)).ShouldBeEmpty("messages may pass each other on their way");
        await StepAsync(intake, watch, minutes: 40);

        var found = (await FindAsync(intake)).ShouldHaveSingleItem();
        (found.Unit, found.Lack, found.Lacking).ShouldBe((UnitA, LackCause.Chain, 2));

        await LinkAsync(intake, 2);
        await StepAsync(intake, watch, minutes: 90);
        (await FindAsync(intake)).ShouldHaveSingleItem().Lacking.ShouldBe(1);
        await LinkAsync(intake, 3);
        await StepAsync(intake, watch);
        (await FindAsync(intake)).ShouldBeEmpty();
    }

    private async Task<TestIntake> StartAsync()
    {
        var intake = await TestIntake.StartAsync(postgres);
        await ConfigureAsync(intake, to: null);
        return intake;
    }

    private static Task ConfigureAsync(TestIntake intake, DateOnly? to) =>
        new ConfigureSender(intake.Databases.Register, intake.Audit, intake.Clock).ConfigureAsync(
            new SenderConfiguration(
                UnitA, "Helsestasjonen", null, [], [new SenderVendor(Vendor)],
                [new Obligation(Consultation.Name, new DateOnly(2026, 1, 1), to)]),
            Staff, Cancellation);

    private static Task HearAsync(
        HearOwnCounts hear, DigestPlace from, DigestPlace to, params HeardPlace[] places) => hear.HearAsync(
        UnitA, Consultation, Records, from.Month, to.Month, places, Cancellation);

    private static Task<IReadOnlyList<OpenSilence>> FindAsync(TestIntake intake) =>
        new FindSilences(intake.Databases.Register).FindAsync([UnitA], Cancellation);

    private static WatchLacks WatchOf(
        TestIntake intake, HearOwnCounts hear, DefinitionCatalogue? catalogue = null) => new(
        intake.Databases.Register, catalogue ?? Catalogue, new CompareRecords(intake.Databases.Register, intake.Audit),
        new FindChainHoles(intake.Databases.Register), hear, intake.Clock);

    private static async Task StepAsync(TestIntake intake, WatchLacks watch, int minutes = 11)
    {
        intake.Clock.Now += TimeSpan.FromMinutes(minutes);
        await watch.StepAsync(Cancellation);
    }

    // As a merge leaves it.
    private static async Task ComeAsync(TestIntake intake, DigestPlace place, (long Id, long Content) digest)
    {
        intake.Clock.Now += TimeSpan.FromMinutes(1);
        await intake.Log.StoreAsync(Message($"{digest.Id}=1", at: intake.Clock.Now), Cancellation);
        await using var connection = await intake.Databases.RegisterAsSuperuserAsync();
        await connection.ExecuteAsync(
            """
            delete from intake.waiting;
            update intake.submission set state = 'merged', merged_at = @now where state = 'accepted';
            """,
            new { now = intake.Clock.Now.UtcDateTime });
        await connection.ExecuteAsync(
            $"""
            insert into register.{Records.Table}_locator
              (record_key, person_key, row_hash, period_no, sender, unit, month, id_digest, content_digest)
            values (gen_random_uuid(), 1, gen_random_uuid(), 0, @unit, @unit, @month, @id, @content)
            """,
            new { unit = $"{UnitA}", month = (long)place.Month.Number, id = digest.Id, content = digest.Content });
    }

    private static async Task LinkAsync(TestIntake intake, int serial)
    {
        await using var connection = await intake.Databases.RegisterAsSuperuserAsync();
        await connection.ExecuteAsync(
            """
            insert into register.chain_link (
              sender, message_type, link_id, original_id, previous_id, serial, status, record_keys, submission_id,
              batch_no, came_at)
            select '5001', @type, @id, @id, @previous, @serial, 'N', '{}',
              (select submission_id from intake.submission limit 1), 1, @now
            """,
            new
            {
                type = Consultation.Name, id = new Guid(serial, 0, 0, new byte[8]),
                previous = new Guid(serial - 1, 0, 0, new byte[8]), serial, now = intake.Clock.Now.UtcDateTime,
            });
    }
}
