using System.Text;
using Kilde.Intake.Bus;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Bus;

/// <summary>Who sends what cannot be read over the bus is told why, in words that can be acted on.</summary>
public sealed class HostileBusTests(PostgresServer postgres, RabbitServer rabbit)
{
    [Theory]
    [InlineData("billion laughs")]
    [InlineData("windows-1252")]
    [InlineData("mark of UTF-8, ISO-8859-1 declared")]
    [InlineData("ISO-8859-1, UTF-8 declared")]
    public async Task What_is_no_readable_message_is_refused_with_the_readers_own_words(string fault)
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        await bus.SendAsync(MessageProtection.Seal(
            HostileXml.Of(fault), bus.SenderCertificate, bus.MailboxCertificate));

        await bus.ReadAllAsync();

        var error = (await bus.TakeAsync(BusQueues.Errors(bus.Sender))).ShouldNotBeNull();
        var text = Encoding.UTF8.GetString((byte[])error.BasicProperties.Headers!["errorDescription"]!);
        HostileXml.Answers.Select(row => row.Data).ShouldContain((fault, AppRecError.NotXml, text));
    }

    // The payload is read where it stands, and what stops its reading is not lost to what stops the header's.
    [Theory]
    [InlineData("wrong bytes", "T01", "STR-034: Meldingen har tegn som ikke hører til tegnsettet den sier at den har;")]
    [InlineData("long attribute", "T99", "STR-033: Meldingen går ut over en grense: mer enn 256 kB i ett element,")]
    [InlineData("levels", "T99", "STR-033: Meldingen går ut over en grense: mer enn 64 nivåer,")]
    public async Task A_payload_that_cannot_be_read_to_its_end_is_answered_with_why(
        string fault, string code, string text)
    {
        await using var bus = await BusKit.StartAsync(postgres, rabbit);
        bus.Intake.Formats = XmlFormats.Of(Messages.Catalogue, takesTestTypes: true);
        var bad = fault switch
        {
            "wrong bytes" => "<Institusjon institusjonID=\"Lør\"/>",
            "long attribute" => $"<Institusjon institusjonID=\"{new string('1', 300_000)}\"/>",
            _ => string.Concat(Enumerable.Repeat("<a>", 100)) + string.Concat(Enumerable.Repeat("</a>", 100)),
        };
        var message = (bus.Envelope with { Payload = PlainXml.Message(bad) }).ToXml().ToString();
        var bytes = Encoding.UTF8.GetBytes(message);
        // An ø of ISO-8859-1 among UTF-8.
        if (fault == "wrong bytes") bytes = [.. bytes.AsSpan(0, At(bytes)), 0xF8, .. bytes.AsSpan(At(bytes) + 2)];
        await bus.SendAsync(MessageProtection.Seal(bytes, bus.SenderCertificate, bus.MailboxCertificate));

        await bus.ReadAllAsync();
        await bus.Intake.JudgeAllAsync();
        await bus.Receipts.StepAsync(TestIntake.Cancellation);

        var answer = (await bus.TakeAsync(BusQueues.Messages(bus.Sender))).ShouldNotBeNull();
        var receipt = await bus.OpenAsync(BusMessage.Of(answer.BasicProperties, answer.Body));
        receipt.Status.ShouldBe(AppRecStatus.Rejected);
        receipt.Errors[0].Code.ShouldBe(code);
        receipt.Errors[0].Detail!.ShouldStartWith(text);
    }

    private static int At(byte[] message) => message.AsSpan().IndexOf("Lør"u8) + 1;
}
