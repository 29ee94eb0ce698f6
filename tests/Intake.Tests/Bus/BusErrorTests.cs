using System.Text;
using Kilde.Intake.Bus;
using Kilde.Intake.Headers;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Kilde.Intake.Tests.Bus;

/// <summary>Errors that others put into our error queues: staff may see that they came.</summary>
public sealed class BusErrorTests(PostgresServer postgres, RabbitServer rabbit)
{
    private const string Original = "0195a3c1-8d2e-7c4b-9f10-2b7d5e6a1c33";

    // A synthetic person: the month has 80 added.
    private const string Personal = "Pasient 01810149732 finnes ikke";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_error_is_told_in_the_log_and_taken_from_its_queue()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);

        await bus.Channel.BasicPublishAsync(
            "", BusQueues.Errors(bus.Mailbox), mandatory: true,
            ErrorOf(bus, Original, "transport:expired-certificate"), default(ReadOnlyMemory<byte>), Cancellation);
        await bus.ReadAllAsync();

        bus.ToldByQueues.Lines.ShouldHaveSingleItem().ShouldBe((
            LogLevel.Warning,
            $"{bus.Sender} has not received the message {Original} from {bus.Mailbox}: transport:expired-certificate"));
        (await bus.CountAsync(BusQueues.Errors(bus.Mailbox))).ShouldBe(0u);
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(0);
    }

    [Fact]
    public async Task What_an_error_says_in_its_own_words_is_not_told()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var error = ErrorOf(bus, Personal, Personal);
        error.Headers![BusMessage.FromHerIdName] = Personal;
        error.Type = Personal;

        await bus.Channel.BasicPublishAsync(
            "", BusQueues.Errors(bus.Mailbox), mandatory: true, error, Encoding.UTF8.GetBytes(Personal), Cancellation);
        await bus.ReadAllAsync();

        bus.ToldByQueues.Lines.ShouldHaveSingleItem().Text.ShouldBe(
            $"unknown has not received the message unknown from {bus.Mailbox}: unknown");
        (await bus.CountAsync(BusQueues.Errors(bus.Mailbox))).ShouldBe(0u);
    }

    /// <summary>As somebody else's program answers our receipt, whichever version of AMQP it reads.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_error_names_the_receipt_that_was_not_received(bool hasSections)
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(bus.Seal(bus.Envelope));
        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();
        await bus.Receipts.StepAsync(Cancellation);
        var receipt = (await bus.TakeAsync(BusQueues.Messages(bus.Sender))).ShouldNotBeNull();
        var message = BusMessage.Of(receipt.BasicProperties, receipt.Body);
        var fault = new BusFault(BusFaultCode.MissingCertificate, Personal);

        if (hasSections)
        {
            await BusSending.SendErrorAsync(
                bus.Channel, message, bus.Sender, bus.Mailbox, fault, bus.Intake.Intake.Clock.GetUtcNow(),
                Cancellation);
        }
        else
        {
            await bus.Channel.BasicPublishAsync(
                "", BusQueues.Errors(bus.Mailbox), mandatory: true, ErrorOf(bus, message.MessageId!, fault.Condition),
                default(ReadOnlyMemory<byte>), Cancellation);
        }

        await bus.ReadAllAsync();

        bus.ToldByQueues.Lines.ShouldHaveSingleItem().Text.ShouldBe(
            $"{bus.Sender} has not received the message {message.MessageId} from {bus.Mailbox}: {fault.Condition}");
        bus.ToldByReceipts.Lines.ShouldHaveSingleItem().Text.ShouldEndWith(
            $"is sent to {bus.Sender} as message {message.MessageId}");
    }

    [Fact]
    public async Task Messages_are_taken_where_the_error_queue_cannot_be_read()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.Channel.QueueDeleteAsync(BusQueues.Errors(bus.Mailbox), cancellationToken: Cancellation);
        await bus.SendAsync(bus.Seal(bus.Envelope));

        await bus.ReadAllAsync();

        bus.ToldByQueues.Lines.ShouldHaveSingleItem().Text.ShouldBe(
            $"The error queue of {bus.Mailbox} cannot be read");
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
    }

    private static BasicProperties ErrorOf(BusKit bus, string original, string condition) => new()
    {
        Persistent = true, MessageId = "feil-1", CorrelationId = original, Type = "APPREC", ContentType = "text/plain",
        Headers = new Dictionary<string, object?>
        {
            [BusMessage.FromHerIdName] = bus.Sender.Number, [BusMessage.ToHerIdName] = bus.Mailbox.Number,
            [BusMessage.OriginalMessageIdName] = original, [BusMessage.ErrorConditionName] = condition,
            ["errorDescription"] = Personal, ["errorConditionData"] = Personal,
        },
    };
}
