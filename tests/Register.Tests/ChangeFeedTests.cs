using Dapper;
using Kilde.Register.Feed;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;
using Microsoft.Extensions.Options;
using static Kilde.Register.Tests.Kit.Messages;
using static Kilde.Register.Tests.Kit.PlainVault;

namespace Kilde.Register.Tests;

public class ChangeFeedTests(PostgresServer postgres)
{
    private const int Everything = 1_000_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_consumer_gets_whole_batches_in_order_and_none_twice()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var feed = new ChangeFeed(register.Databases.Register, register.Clock);
        await feed.AddConsumerAsync("views", 0, Cancellation);
        await register.MergeAsync(Submission([new("1", Person("a"), 1), new("2", Person("a"), 2)]));
        await register.MergeAsync(Submission([new("1", Person("a"), 1), new("2", Person("b"), 2)]));
        await register.MergeAsync(Submission([], deleted: ["1"]));

        var seen = new List<RegisterChange>();
        var readings = 0;
        for (; await feed.ConsumeAsync("views", 2, (_, changes) => Collect(seen, changes), Cancellation); readings++)
            readings.ShouldBeLessThan(5);

        readings.ShouldBe(2);
        seen.Select(change => (change.BatchNo, change.Kind, change.RecordKey == KeyOf("1"))).ShouldBe(
        [
            (1, ChangeKind.Insert, seen[0].RecordKey == KeyOf("1")),
            (1, ChangeKind.Insert, seen[1].RecordKey == KeyOf("1")),
            (2, ChangeKind.Move, false),
            (3, ChangeKind.Delete, true),
        ]);
    }

    [Fact]
    public async Task A_consumer_that_fails_gets_the_same_again_and_its_writes_are_undone()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var feed = new ChangeFeed(register.Databases.Register, register.Clock);
        await feed.AddConsumerAsync("views", 0, Cancellation);
        await register.MergeAsync(Submission([new("1", Person("a"), 1)]));

        await Should.ThrowAsync<InvalidOperationException>(() => feed.ConsumeAsync(
            "views", Everything, (_, _) => throw new InvalidOperationException("The consumer's own trouble."),
            Cancellation));
        var seen = new List<RegisterChange>();
        await feed.ConsumeAsync("views", Everything, (_, changes) => Collect(seen, changes), Cancellation);

        seen.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_feed_is_trimmed_of_what_is_old_and_everyone_has_passed()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var feed = new ChangeFeed(register.Databases.Register, register.Clock);
        var options = Options.Create(new RegisterOptions { FeedDaysMin = 30 });
        await feed.AddConsumerAsync("ahead", 0, Cancellation);
        await feed.AddConsumerAsync("behind", 0, Cancellation);
        for (var value = 1; value <= 3; value++)
            await register.MergeAsync(Submission([new("1", Person("a"), value)]));
        await feed.ConsumeAsync("ahead", Everything, (_, _) => Task.CompletedTask, Cancellation);
        await feed.ConsumeAsync("behind", 1, (_, _) => Task.CompletedTask, Cancellation);
        await feed.ConsumeAsync("behind", 1, (_, _) => Task.CompletedTask, Cancellation);

        (await TrimAsync(daysLater: 29)).ShouldBe([1, 2, 3]);
        (await TrimAsync(daysLater: 31)).ShouldBe([3]);
        var late = await Should.ThrowAsync<InvalidOperationException>(() =>
            feed.AddConsumerAsync("late", 1, Cancellation));
        late.Message.ShouldContain("trimmed");
        await feed.AddConsumerAsync("late", 2, Cancellation);
        await feed.AddConsumerAsync("ahead", 0, Cancellation);

        var seen = new List<RegisterChange>();
        await feed.ConsumeAsync("behind", Everything, (_, changes) => Collect(seen, changes), Cancellation);
        seen.ShouldHaveSingleItem().BatchNo.ShouldBe(3);
        (await TrimAsync(daysLater: 31)).ShouldBe([3]);
        await feed.ConsumeAsync("late", Everything, (_, _) => Task.CompletedTask, Cancellation);
        (await TrimAsync(daysLater: 31)).ShouldBeEmpty();

        async Task<IEnumerable<long>> TrimAsync(int daysLater)
        {
            var clock = new FixedClock(register.Clock.GetUtcNow().AddDays(daysLater));
            var trim = new TrimFeed(register.Databases.Register, clock, options);
            while (await trim.StepAsync(Cancellation)) { }
            await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
            return await connection.QueryAsync<long>("select batch_no from register.change order by batch_no");
        }
    }

    [Fact]
    public async Task An_unknown_consumer_is_refused() =>
        await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await using var register = await TestRegister.StartAsync(postgres);
            var feed = new ChangeFeed(register.Databases.Register, register.Clock);
            await feed.ConsumeAsync("nobody", Everything, (_, _) => Task.CompletedTask, Cancellation);
        });

    [Fact]
    public async Task With_many_writers_and_failing_consumers_each_change_is_seen_once_and_in_order()
    {
        const int writers = 6;
        const int mergesEach = 12;
        await using var register = await TestRegister.StartAsync(postgres);
        var feed = new ChangeFeed(register.Databases.Register, register.Clock);
        await using (var setup = await register.Databases.RegisterOwner.OpenConnectionAsync(Cancellation))
        {
            await setup.ExecuteAsync(
                "create table register.seen (consumer text, place bigint, batch_no bigint, record_key uuid)");
        }

        string[] consumers = ["one", "two", "three"];
        foreach (var consumer in consumers) await feed.AddConsumerAsync(consumer, 0, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        // Each consumer runs twice, as on two nodes, and fails now and then before its commit.
        var reading = consumers.SelectMany(consumer => new[] { consumer, consumer })
            .Select((consumer, i) => ReadAsync(register, feed, consumer, failEvery: 3 + i, stop.Token)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < mergesEach; i++)
                await register.MergeAsync(Submission([new($"{writer}-{i % 4}", Person($"p{writer}"), i)]));
        })));

        var newest = (await feed.ReadStateAsync(Cancellation)).NewestBatchNo;
        newest.ShouldBe(writers * mergesEach);
        await Wait.UntilAsync(async () =>
            (await feed.ReadStateAsync(Cancellation)).Consumers.All(consumer => consumer.BatchNo == newest));
        await stop.CancelAsync();
        await Task.WhenAll(reading);

        await using var connection = await register.Source.OpenConnectionAsync(Cancellation);
        foreach (var consumer in consumers)
        {
            var seen = await connection.QueryAsync<long>(
                "select batch_no from register.seen where consumer = @consumer order by place", new { consumer });
            seen.ShouldBe(Enumerable.Range(1, writers * mergesEach).Select(number => (long)number), consumer);
        }
    }

    [Fact]
    public async Task A_follower_is_woken_by_the_merge()
    {
        await using var register = await TestRegister.StartAsync(postgres);
        var feed = new ChangeFeed(register.Databases.Register, register.Clock);
        await feed.AddConsumerAsync("views", 0, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var seen = new TaskCompletionSource();

        var following = feed.FollowAsync(
            "views", Everything, TimeSpan.FromMinutes(10),
            (_, _) =>
            {
                seen.TrySetResult();
                return Task.CompletedTask;
            },
            stop.Token);
        await register.MergeAsync(Submission([new("1", Person("a"), 1)]));

        await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => following);
    }

    private static Task Collect(List<RegisterChange> seen, IReadOnlyList<RegisterChange> changes)
    {
        seen.AddRange(changes);
        return Task.CompletedTask;
    }

    private static async Task ReadAsync(
        TestRegister register, ChangeFeed feed, string consumer, int failEvery, CancellationToken stop)
    {
        for (var turn = 1; !stop.IsCancellationRequested; turn++)
        {
            var fails = turn % failEvery == 0;
            try
            {
                var found = await feed.ConsumeAsync(
                    consumer, changesMax: 5,
                    async (transaction, changes) =>
                    {
                        await transaction.Connection!.ExecuteAsync(
                            """
                            insert into register.seen
                            select @consumer, (select count(*) from register.seen where consumer = @consumer) + place,
                              batch_no, record_key
                            from unnest(@batchNos, @keys) with ordinality as change (batch_no, record_key, place)
                            """,
                            new
                            {
                                consumer,
                                batchNos = changes.Select(change => change.BatchNo).ToArray(),
                                keys = changes.Select(change => change.RecordKey).ToArray(),
                            },
                            transaction);
                        if (fails) throw new InvalidOperationException("The process is gone.");
                    },
                    CancellationToken.None);
                if (!found) await Task.Delay(10, CancellationToken.None);
            }
            catch (InvalidOperationException) when (fails)
            {
                // As a crash would: nothing was committed, and another turn comes.
            }
        }
    }
}
