using Kilde.Intake.Bus;
using Kilde.Intake.Tests.Headers;
using Kilde.Platform.Development;
using Kilde.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Kilde.Intake.Tests.Bus;

/// <summary>
/// What we send counts as sent when the server has confirmed it, and a message leaves its queue when it is safe: seen
/// on a real server that refuses, whose answer is lost, and that is killed.
/// </summary>
public sealed class ConfirmTests(PostgresServer postgres, RabbitServer rabbit)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_that_the_server_does_not_take_is_sent_again()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await JudgeAsync(bus, bus.Envelope);
        var queue = BusQueues.Messages(bus.Sender);
        await FillAsync(bus, queue);

        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeTrue();
        (await UnsentAsync(bus)).ShouldBe(1);
        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeFalse();

        (await bus.TakeAsync(queue)).ShouldNotBeNull().BasicProperties.Type.ShouldBe("full");
        bus.Intake.Intake.Clock.Advance(RetryPause);
        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeTrue();
        (await UnsentAsync(bus)).ShouldBe(0);
        (await bus.TakeAsync(queue)).ShouldNotBeNull().BasicProperties.Type.ShouldBe("APPREC");
    }

    [Fact]
    public async Task A_receipt_that_has_no_queue_is_sent_again()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await JudgeAsync(bus, bus.Envelope);
        var queue = BusQueues.Messages(bus.Sender);
        await bus.Channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);

        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeTrue();
        (await UnsentAsync(bus)).ShouldBe(1);

        await using var node = bus.NewNode();
        await node.StepAsync(Cancellation);
        bus.Intake.Intake.Clock.Advance(RetryPause);
        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeTrue();
        (await UnsentAsync(bus)).ShouldBe(0);
        (await bus.TakeAsync(queue)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_receipt_whose_confirmation_is_lost_is_sent_again_with_the_same_id()
    {
        var server = await rabbit.AddressAsync();
        await using var wire = new BusWire(server);
        await using var bus = await BusKit.StartAsync(postgres, wire.Address, rabbit.NextHerId);
        await using var beside = await BusKit.StartAsync(postgres, rabbit);
        await OpenChannelOfReceiptsAsync(bus);
        await JudgeAsync(bus, bus.Envelope with { MessageId = "melding-b" });
        var queue = BusQueues.Messages(bus.Sender);

        wire.CarriesAnswers = false;
        var sending = bus.Receipts.StepAsync(Cancellation);
        await UntilAsync(async () => await beside.CountAsync(queue) == 1);
        sending.IsCompleted.ShouldBeFalse();
        (await UnsentAsync(bus)).ShouldBe(1);
        wire.Cut();
        await Should.ThrowAsync<RabbitMQClientException>(() => sending);
        (await UnsentAsync(bus)).ShouldBe(1);

        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeTrue();
        (await UnsentAsync(bus)).ShouldBe(0);
        string[] ids = [await ReceiptIdAsync(bus, beside, queue), await ReceiptIdAsync(bus, beside, queue)];
        ids[1].ShouldBe(ids[0]);
    }

    [Fact]
    public async Task A_receipt_on_its_way_when_the_server_is_killed_is_sent_when_it_is_back()
    {
        Assert.SkipUnless(PrivateRabbit.IsInstalled, "There is no RabbitMQ on this machine.");
        var folder = Directory.CreateTempSubdirectory("kilde_bus_killed_");
        var first = await PrivateRabbit.StartAsync(new PrivateRabbitOptions(folder.FullName), Cancellation);
        await using var wire = new BusWire(first.Address);
        var herIds = 300_000;
        await using var bus = await BusKit.StartAsync(postgres, wire.Address, () => ++herIds);
        await OpenChannelOfReceiptsAsync(bus);
        await JudgeAsync(bus, bus.Envelope with { MessageId = "melding-b" });

        wire.CarriesRequests = false;
        var sending = bus.Receipts.StepAsync(Cancellation);
        await UntilAsync(() => Task.FromResult(wire.IsHolding));
        await first.KillAsync();
        await Should.ThrowAsync<RabbitMQClientException>(() => sending);
        (await UnsentAsync(bus)).ShouldBe(1);
        await first.DisposeAsync();

        await using var second = await PrivateRabbit.StartAsync(
            new PrivateRabbitOptions(folder.FullName, Port: first.Port), Cancellation);
        wire.Cut();
        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeTrue();
        (await UnsentAsync(bus)).ShouldBe(0);
        await using var beside = await BusKit.StartAsync(postgres, second.Address, () => ++herIds);
        (await beside.CountAsync(BusQueues.Messages(bus.Sender))).ShouldBe(1u);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_message_leaves_its_queue_when_the_log_has_it_and_not_before()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var queue = BusQueues.Messages(bus.Mailbox);
        await using var owner = await bus.Intake.Intake.Databases.RegisterAsSuperuserAsync();
        await using var locked = await owner.BeginTransactionAsync(Cancellation);
        await Dapper.SqlMapper.ExecuteAsync(owner, "lock table intake.submission in exclusive mode");
        await bus.SendAsync(bus.Seal(bus.Envelope));

        var receiving = bus.Queues.StepAsync(Cancellation);
        await UntilAsync(async () => await bus.Intake.Intake.OneAsync<long>(
            """
            select count(*) from pg_locks
            where relation = 'intake.submission'::regclass and not granted
            """) == 1);
        await bus.Queues.DisposeAsync();
        await UntilAsync(async () => await bus.CountAsync(queue) == 1);
        await locked.RollbackAsync(Cancellation);
        await Should.ThrowAsync<Exception>(() => receiving);

        await using var other = bus.NewNode();
        while (await other.StepAsync(Cancellation))
        {
        }

        (await bus.CountAsync(queue)).ShouldBe(0u);
        (await bus.Intake.Intake.AllAsync<string>("select state from intake.submission")).ShouldBe(["received"]);
    }

    [Fact]
    public async Task A_refusal_that_the_server_does_not_take_is_sent_again_and_logged_once()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit, retrySeconds: 0.5);
        var errors = BusQueues.Errors(bus.Sender);
        await FillAsync(bus, errors);
        await bus.SendAsync("ikke kryptert"u8.ToArray());

        (await bus.Queues.StepAsync(Cancellation)).ShouldBeTrue();
        (await bus.Intake.Intake.OneAsync<long>(
            "select count(*) from intake.submission where state = 'rejected'")).ShouldBe(1);
        (await bus.TakeAsync(errors)).ShouldNotBeNull().BasicProperties.Type.ShouldBe("full");
        await UntilAsync(() => bus.Queues.StepAsync(Cancellation));

        (await bus.TakeAsync(errors)).ShouldNotBeNull().BasicProperties.Type.ShouldBe("NPR_ORD");
        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
        (await bus.CountAsync(BusQueues.Dead(bus.Mailbox))).ShouldBe(0u);
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
    }

    // With the default pause ten attempts at each would take nearly four minutes.
    [Fact]
    public async Task A_sender_without_an_error_queue_holds_nobody_up()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit, retrySeconds: 60, makesQueuesOfOthers: false);
        for (var i = 0; i < 5; i++) await bus.SendAsync("ikke kryptert"u8.ToArray());
        await bus.SendAsync(bus.Seal(bus.Envelope));

        await bus.ReadAllAsync().WaitAsync(TimeSpan.FromSeconds(50), Cancellation);

        (await bus.CountAsync(BusQueues.Dead(bus.Mailbox))).ShouldBe(5u);
        (await ReceivedAsync(bus)).ShouldBe(1);
    }

    [Fact]
    public async Task A_sender_whose_error_queue_is_full_holds_nobody_up()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit, retrySeconds: 60);
        await FillAsync(bus, BusQueues.Errors(bus.Sender));
        for (var i = 0; i < 20; i++) await bus.SendAsync("ikke kryptert"u8.ToArray());
        await bus.SendAsync(bus.Seal(bus.Envelope));

        await bus.ReadAllAsync().WaitAsync(TimeSpan.FromSeconds(50), Cancellation);

        (await bus.CountAsync(BusQueues.Dead(bus.Mailbox))).ShouldBe(4u);
        (await ReceivedAsync(bus)).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_fails_for_a_reason_of_ours_waits_while_others_are_received()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit, retrySeconds: 60);
        await using (var owner = await bus.Intake.Intake.Databases.RegisterAsSuperuserAsync())
        {
            await Dapper.SqlMapper.ExecuteAsync(
                owner, "alter table intake.envelope add constraint broken check (message_id <> 'syk') not valid");
        }

        await bus.SendAsync(bus.Seal(bus.Envelope with { MessageId = "syk" }));
        await bus.SendAsync(bus.Seal(bus.Envelope));

        await bus.ReadAllAsync().WaitAsync(TimeSpan.FromSeconds(50), Cancellation);

        (await ReceivedAsync(bus)).ShouldBe(1);
        (await bus.Intake.Intake.OneAsync<int>("select failures from intake.bus_attempt")).ShouldBe(1);
        (await bus.CountAsync(BusQueues.Dead(bus.Mailbox))).ShouldBe(0u);
        await bus.Queues.DisposeAsync();
        await UntilAsync(async () => await bus.CountAsync(BusQueues.Messages(bus.Mailbox)) == 1);
    }

    [Fact]
    public async Task A_refusal_that_nobody_can_be_told_of_ends_where_staff_look()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await FillAsync(bus, BusQueues.Errors(bus.Sender));
        await bus.SendAsync("ikke kryptert"u8.ToArray());

        await bus.ReadAllAsync();

        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
        (await bus.CountAsync(BusQueues.Dead(bus.Mailbox))).ShouldBe(1u);
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_not_even_the_dead_letter_queue_takes_goes_back_to_its_queue()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await FillAsync(bus, BusQueues.Errors(bus.Sender));
        await FillAsync(bus, BusQueues.Dead(bus.Mailbox));
        await bus.SendAsync("ikke kryptert"u8.ToArray());

        await Should.ThrowAsync<PublishException>(() => bus.ReadAllAsync());

        await UntilAsync(async () => await bus.CountAsync(BusQueues.Messages(bus.Mailbox)) == 1);
    }

    // As the owner of a bus may have made it: it has room for one message, which it has.
    private static async Task FillAsync(BusKit bus, string queue)
    {
        await bus.Channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        await bus.Channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" },
            cancellationToken: Cancellation);
        await bus.Channel.BasicPublishAsync(
            "", queue, mandatory: true, new BasicProperties { Type = "full" }, default, Cancellation);
    }

    private static async Task JudgeAsync(BusKit bus, Envelope envelope)
    {
        await bus.SendAsync(bus.Seal(envelope));
        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();
    }

    private static async Task OpenChannelOfReceiptsAsync(BusKit bus)
    {
        await JudgeAsync(bus, bus.Envelope);
        (await bus.Receipts.StepAsync(Cancellation)).ShouldBeTrue();
        (await bus.TakeAsync(BusQueues.Messages(bus.Sender))).ShouldNotBeNull();
    }

    private static Task<long> ReceivedAsync(BusKit bus) =>
        bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission where state = 'received'");

    private static Task<long> UnsentAsync(BusKit bus) =>
        bus.Intake.Intake.OneAsync<long>("select count(*) from intake.receipt where sent_at is null");

    private static async Task<string> ReceiptIdAsync(BusKit bus, BusKit beside, string queue)
    {
        var taken = (await beside.TakeAsync(queue)).ShouldNotBeNull();
        var receipt = await bus.OpenAsync(BusMessage.Of(taken.BasicProperties, taken.Body));
        return receipt.Id;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSoAsync)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSoAsync()) await Task.Delay(10, patience.Token);
    }
}
