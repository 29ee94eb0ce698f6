using FsCheck;
using FsCheck.Fluent;
using Kilde.Audit;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;
using Npgsql;
using static Kilde.Intake.Tests.Kit.Messages;

namespace Kilde.Intake.Tests.Merging;

public class MergeSubmissionsTests(PostgresServer postgres)
{
    private static readonly AccessGround Staff = new(new Actor("user", "ansatt-1"), "drift");

    private static readonly OrganizationNumber[] Units =
        [UnitA, UnitB, OrganizationNumber.Parse("910000047"), OrganizationNumber.Parse("910000055")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepted_submissions_become_records_in_the_order_they_came()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await PlainRegister.StartAsync(intake);
        foreach (var content in (string[])["1=10 2=20", "1=11", "-2 3=30"])
            await intake.Log.StoreAsync(Message(content), Cancellation);

        await register.MergeAllAsync();

        (await register.RecordsAsync(UnitA)).ShouldBe(
            new Dictionary<string, long> { ["1"] = 11, ["3"] = 30 }, ignoreOrder: true);
        (await intake.AllAsync<string>("select distinct state from intake.submission")).ShouldBe(["merged"]);
        (await intake.OneAsync<long>("select count(*) from intake.waiting")).ShouldBe(0);
    }

    [Fact]
    public async Task A_submission_that_fails_for_a_reason_of_ours_is_set_aside_and_the_rest_go_on()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await PlainRegister.StartAsync(intake);
        var ids = new List<Guid>();
        for (var i = 0; i < 9; i++) ids.Add(await StoreAsync(intake, $"{i}={i}"));
        register.Trouble = submission =>
        {
            if (submission.SubmissionId == ids[4]) throw new InvalidOperationException("A fault of ours.");
        };

        await register.MergeAllAsync();

        (await register.RecordsAsync(UnitA)).Keys.Order().ShouldBe(["0", "1", "2", "3", "5", "6", "7", "8"]);
        (await intake.OneAsync<(Guid, string, string)>(
            "select submission_id, cause_code, cause_type from intake.set_aside"))
            .ShouldBe((ids[4], "INT-110", nameof(InvalidOperationException)));
        (await intake.OneAsync<string>("select state from intake.submission where submission_id = @id",
            new { id = ids[4] }))
            .ShouldBe("set_aside");
        (await intake.OneAsync<long>("select count(*) from audit.entry where action = 'submission.set_aside'"))
            .ShouldBe(1);
    }

    [Fact]
    public async Task A_payload_that_cannot_be_read_is_set_aside_with_its_own_code()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await PlainRegister.StartAsync(intake);
        var (damaged, lost) = (await StoreAsync(intake, "1=1"), await StoreAsync(intake, "2=2"));
        await StoreAsync(intake, "3=3");
        await intake.AllAsync<int>(
            "update intake.payload set ciphertext = set_byte(ciphertext, 0, 255 - get_byte(ciphertext, 0)) "
            + "where submission_id = @damaged", new { damaged });
        await intake.AllAsync<int>("delete from intake.payload where submission_id = @lost", new { lost });

        await register.MergeAllAsync();

        (await intake.AllAsync<(Guid, string)>(
            "select submission_id, cause_code from intake.set_aside order by cause_code"))
            .ShouldBe([(lost, "INT-101"), (damaged, "INT-102")]);
        (await register.RecordsAsync(UnitA)).Keys.ShouldBe(["3"]);
    }

    [Fact]
    public async Task A_replayed_submission_does_not_undo_what_came_after_it()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await PlainRegister.StartAsync(intake);
        var faulty = await StoreAsync(intake, "1=10 2=20 3=30 4=40 -5");
        register.Trouble = submission =>
        {
            if (submission.SubmissionId == faulty) throw new InvalidOperationException("A fault of ours.");
        };
        await StoreAsync(intake, "2=21 -3 5=50");
        await register.MergeAllAsync();
        register.Trouble = _ => { };

        var outcome = await Replay(intake).ReplayAsync(faulty, Staff, Cancellation);
        await StoreAsync(intake, "4=41");
        await register.MergeAllAsync();

        outcome.ShouldBe(ReplayOutcome.Queued);
        (await register.RecordsAsync(UnitA)).ShouldBe(
            new Dictionary<string, long> { ["1"] = 10, ["2"] = 21, ["4"] = 41, ["5"] = 50 }, ignoreOrder: true);
        var detail = (await new GetSubmission(intake.Databases.Register).FindAsync(faulty, Cancellation))
            .ShouldNotBeNull();
        detail.Summary.State.ShouldBe(SubmissionState.Merged);
        detail.History.Select(happening => happening.Kind)
            .ShouldBe(["received", "set_aside", "replayed", "merged"], ignoreOrder: true);
        (await intake.OneAsync<string>(
            "select actor_id from audit.entry where action = 'submission.replayed_by_staff'"))
            .ShouldBe("ansatt-1");
    }

    [Fact]
    public async Task Only_what_is_set_aside_and_still_has_its_payload_can_be_replayed()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await PlainRegister.StartAsync(intake);
        register.Trouble = _ => throw new InvalidOperationException("A fault of ours.");
        var faulty = await StoreAsync(intake, "1=10");
        await register.MergeAllAsync();
        var waiting = await StoreAsync(intake, "2=20");
        await intake.AllAsync<int>("delete from intake.payload where submission_id = @faulty", new { faulty });

        (await Replay(intake).ReplayAsync(Guid.CreateVersion7(), Staff, Cancellation)).ShouldBe(ReplayOutcome.NotFound);
        (await Replay(intake).ReplayAsync(waiting, Staff, Cancellation)).ShouldBe(ReplayOutcome.NotSetAside);
        (await Replay(intake).ReplayAsync(faulty, Staff, Cancellation)).ShouldBe(ReplayOutcome.PayloadRemoved);
        (await intake.OneAsync<string>("select state from intake.submission where submission_id = @faulty",
            new { faulty }))
            .ShouldBe("set_aside");
    }

    [Fact]
    public async Task While_the_database_is_away_nothing_is_set_aside()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var register = await PlainRegister.StartAsync(intake);
        await StoreAsync(intake, "1=10");
        var away = true;
        register.Trouble = _ =>
        {
            if (away) throw new NpgsqlException("Away.", new System.Net.Sockets.SocketException(111));
        };
        var step = register.NewMerge().NewWorker();

        await Should.ThrowAsync<NpgsqlException>(() => step(Cancellation));
        away = false;
        await register.MergeAllAsync();

        (await intake.OneAsync<long>("select count(*) from intake.set_aside")).ShouldBe(0);
        (await register.RecordsAsync(UnitA)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_submission_that_always_times_out_is_set_aside_in_the_end()
    {
        await using var intake = await TestIntake.StartAsync(postgres, new IntakeOptions { MergeAttemptsMax = 3 });
        var register = await PlainRegister.StartAsync(intake);
        var slow = await StoreAsync(intake, "1=10");
        await StoreAsync(intake, "2=20");
        register.Trouble = submission =>
        {
            if (submission.SubmissionId == slow) throw new TimeoutException();
        };
        var step = register.NewMerge().NewWorker();

        var timeouts = 0;
        for (var i = 0; i < 20; i++)
        {
            try
            {
                await step(Cancellation);
            }
            catch (TimeoutException)
            {
                timeouts++;
            }
        }

        timeouts.ShouldBe(2);
        (await intake.OneAsync<Guid>("select submission_id from intake.set_aside")).ShouldBe(slow);
        (await register.RecordsAsync(UnitA)).Keys.ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_batch_takes_from_many_queues_but_no_more_than_its_limits()
    {
        await using var intake = await TestIntake.StartAsync(
            postgres, new IntakeOptions { MergeLanesMax = 2, MergeSubmissionsMax = 4 });
        var register = await PlainRegister.StartAsync(intake);
        foreach (var unit in Units)
        {
            for (var i = 0; i < 5; i++) await intake.Log.StoreAsync(Message($"{i}=1", From(unit)), Cancellation);
        }

        await register.NewMerge().NewWorker()(Cancellation);

        (await intake.AllAsync<long>("select count(*) from kit.diary group by sender")).ShouldBe([2, 2]);
        await register.MergeAllAsync();
        (await intake.OneAsync<long>("select count(*) from kit.diary")).ShouldBe(20);
    }

    [Fact]
    public void Whatever_is_interleaved_and_killed_each_submission_is_merged_once_and_in_its_turn() =>
        Prop.ForAll(
            Gen.Choose(0, 3).ListOf(60).Two().ToArbitrary(),
            pair => InterleaveAsync([.. pair.Item1], [.. pair.Item2]).GetAwaiter().GetResult())
        .Check(Config.QuickThrowOnFailure.WithMaxTest(4));

    // Sends to the chosen units while three workers merge, some submissions fail, and connections are ended at random.
    private async Task InterleaveAsync(int[] units, int[] events)
    {
        await using var intake = await TestIntake.StartAsync(
            postgres, new IntakeOptions { MergeSubmissionsMax = 7, MergeLanesMax = 3 });
        var register = await PlainRegister.StartAsync(intake);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var workers = Enumerable.Range(0, 3).Select(_ => WorkAsync(register, stop.Token)).ToArray();

        for (var i = 0; i < units.Length; i++)
        {
            await SendAsync(intake, Message($"x={i} {i}={i}", From(Units[units[i]])));
            if (events[i] == 0) await intake.EndConnectionsAsync();
        }

        for (var i = 0; i < 400 && await WaitingAsync(intake) > 0; i++) await Task.Delay(25, Cancellation);
        await stop.CancelAsync();
        await Task.WhenAll(workers);

        var merged = await intake.AllAsync<(Guid Id, long Sequence, string Sender)>(
            """
            select d.submission_id, s.lane_sequence, d.sender
            from kit.diary d join intake.submission s using (submission_id)
            order by d.no
            """);
        merged.Select(one => one.Id).Distinct().Count().ShouldBe(units.Length);
        merged.Count.ShouldBe(units.Length);
        foreach (var lane in merged.GroupBy(one => one.Sender))
            lane.Select(one => one.Sequence).ShouldBe(Enumerable.Range(1, lane.Count()).Select(i => (long)i));
        (await intake.OneAsync<long>("select count(*) from intake.submission where state <> 'merged'")).ShouldBe(0);
        (await intake.OneAsync<long>("select count(*) from intake.set_aside")).ShouldBe(0);
    }

    private static async Task WorkAsync(PlainRegister register, CancellationToken stop)
    {
        var step = register.NewMerge().NewWorker();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!await step(stop)) await Task.Delay(5, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (NpgsqlException)
            {
                // The connection was ended; the worker comes back, as WorkerLoop does.
            }
        }
    }

    private static async Task SendAsync(TestIntake intake, AcceptedMessage message)
    {
        while (true)
        {
            try
            {
                await intake.Log.StoreAsync(message with { Proof = Message("").Proof }, Cancellation);
                return;
            }
            catch (StorageUnavailableException)
            {
                // Sent again, as senders do.
            }
        }
    }

    private static async Task<long> WaitingAsync(TestIntake intake)
    {
        try
        {
            return await intake.OneAsync<long>("select count(*) from intake.waiting");
        }
        catch (NpgsqlException)
        {
            return 1;
        }
    }

    private static async Task<Guid> StoreAsync(TestIntake intake, string content) =>
        ((StoreOutcome.Stored)await intake.Log.StoreAsync(Message(content), Cancellation)).SubmissionId;

    private static ReplaySubmission Replay(TestIntake intake) =>
        new(intake.Databases.Register, intake.Audit, intake.Signal, intake.Clock);
}
