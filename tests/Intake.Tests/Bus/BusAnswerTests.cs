using System.Text;
using Kilde.Intake.Bus;
using Kilde.Intake.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Kilde.Intake.Tests.Bus;

/// <summary>
/// Answers to what we have sent: there is nothing in them to receive, and staff may see that they came.
/// </summary>
public sealed class BusAnswerTests(PostgresServer postgres, RabbitServer rabbit)
{
    public static TheoryData<AppRecStatus, LogLevel> Receipts => new()
    {
        { AppRecStatus.Ok, LogLevel.Information },
        { AppRecStatus.Rejected, LogLevel.Warning },
        { AppRecStatus.OkWithErrors, LogLevel.Warning },
    };

    [Theory]
    [MemberData(nameof(Receipts))]
    public async Task A_receipt_is_told_in_the_log_and_nothing_else(AppRecStatus status, LogLevel level)
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);

        await SendAsync(bus, "APPREC", ReceiptOf(bus, status));

        var line = bus.Told.Lines.ShouldHaveSingleItem();
        line.Level.ShouldBe(level);
        line.Text.ShouldBe($"{bus.Sender} has sent {bus.Mailbox} a receipt: {status}");
    }

    [Fact]
    public async Task A_receipt_from_a_person_is_one_too()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        var receipt = Encoding.UTF8.GetString(ReceiptOf(bus, AppRecStatus.Ok))
            .Replace("<Inst>", "<HCProf>", StringComparison.Ordinal)
            .Replace("</Inst>", "</HCProf>", StringComparison.Ordinal);

        await SendAsync(bus, "APPREC", Encoding.UTF8.GetBytes(receipt));

        bus.Told.Lines.ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Information);
    }

    [Fact]
    public async Task A_fault_is_told_in_the_log_and_nothing_else()
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        const string fault =
            """
            <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault/></s:Body></s:Envelope>
            """;

        await SendAsync(bus, "AMQP_SOAP_FAULT", Encoding.UTF8.GetBytes(fault));

        bus.Told.Lines.ShouldHaveSingleItem().ShouldBe(
            (LogLevel.Warning, $"{bus.Sender} has sent {bus.Mailbox} a fault (SOAP)"));
    }

    private static async Task SendAsync(BusKit bus, string subject, byte[] content)
    {
        await bus.SendAsync(
            MessageProtection.Seal(content, bus.SenderCertificate, bus.MailboxCertificate), properties =>
            {
                properties.Type = subject;
                properties.Headers!["x-amqp-1.0-subject"] = subject;
            });
        await bus.ReadAllAsync();
        (await bus.CountAsync(BusQueues.Messages(bus.Mailbox))).ShouldBe(0u);
        (await bus.CountAsync(BusQueues.Errors(bus.Sender))).ShouldBe(0u);
        (await bus.Intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(0);
    }

    private static byte[] ReceiptOf(BusKit bus, AppRecStatus status) => AppRecWriter.Write(new ApplicationReceipt(
        AppRecVersion.V10, "kvittering-1", bus.Intake.Intake.Clock.GetUtcNow(),
        new HeadAddress(new HeadParty("Testsund", bus.Sender), Unit: null),
        new HeadAddress(new HeadParty("NPR", bus.Mailbox), Unit: null), status, [],
        new AnsweredMessage("NPR_ERR", null, "2026-03-02T09:00:00+01:00", "rapport-1")));
}
