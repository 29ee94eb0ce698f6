using System.Text;
using Kilde.Intake.Files;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Files;

/// <summary>Who sends a file that cannot be read is told why, in the words of the reader itself.</summary>
public sealed class HostileFileTests(PostgresServer postgres)
{
    public static TheoryData<string, string, string> Answers => HostileXml.Answers;

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task The_receipt_of_a_file_that_is_not_received_says_what_is_wrong(
        string fault, string code, string text)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        var file = folder.Write("fil.xml", HostileXml.Of(fault));

        foreach (var unit in new[] { Messages.UnitA, (Kernel.OrganizationNumber?)null })
        {
            var outcome = (await FileTests.ReceiverOf(intake).ReceiveAsync(
                file, unit, "test", null, TestIntake.Cancellation)).Single().Outcome;

            var refused = outcome.ShouldBeOfType<FileOutcome.Refused>();
            var receipt = AppRecReader.Read(
                FileReceipt.OfRefusal("fil.xml", refused, intake.Intake.Clock.GetUtcNow()))!;
            receipt.Status.ShouldBe(AppRecStatus.Rejected);
            receipt.Errors.ShouldBe([new AppRecError(code, text)]);
        }

        (await intake.Intake.OneAsync<long>("select count(*) from intake.payload")).ShouldBe(0);
    }

    // The archive's own budget has another text, and must not be heard instead.
    [Theory]
    [InlineData("a long attribute")]
    [InlineData("billion laughs")]
    public async Task The_same_is_told_of_a_file_in_an_archive(string fault)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        var archive = folder.Pack("fil.zip", ("a.xml", Encoding.UTF8.GetString(HostileXml.Of(fault))));

        var received = await FileTests.ReceiverOf(intake).ReceiveAsync(
            archive, null, "test", null, TestIntake.Cancellation);

        var refused = received.Single().Outcome.ShouldBeOfType<FileOutcome.Refused>();
        HostileXml.Answers.Select(row => row.Data).ShouldContain((fault, refused.Code, refused.Text));
    }

    [Theory]
    [InlineData("<Melding a=\"", 'x')]
    [InlineData("<Melding ", ' ')]
    [InlineData("<Melding xmlns=\"http://www.npr.no/xmlstds/53_1_3_ord\">", 'x')]
    [InlineData("<!-- ", 'x')]
    public async Task What_never_ends_is_looked_at_no_further_than_a_limit(string start, char filler)
    {
        var source = new EndlessStream(Encoding.UTF8.GetBytes(start), (byte)filler, 1L << 33);

        var peeked = await MessagePeek.ReadAsync(() => source, needsInstitution: true, TestIntake.Cancellation);

        peeked.Refused.ShouldNotBeNull().Code.ShouldBe(AppRecError.OtherFormatError);
        peeked.Refused.Text.ShouldContain("mer enn 256 kB i ett element");
        source.BytesRead.ShouldBeLessThan(1 << 20);
    }

    // What stands in a header is told with its place there.
    [Fact]
    public async Task A_header_in_the_wrong_encoding_is_told_with_its_place()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        var head = new Envelope { Function = "Lør" }.ToXml().ToString();

        var received = await FileTests.ReceiverOf(intake).ReceiveAsync(
            folder.Write("hode.xml", head, Encoding.Latin1), Messages.UnitA, "test", null, TestIntake.Cancellation);

        var refused = received.Single().Outcome.ShouldBeOfType<FileOutcome.Refused>();
        refused.Code.ShouldBe(AppRecError.NotXml);
        refused.Text.ShouldStartWith("/MsgHead/MsgInfo: Meldingen har tegn som ikke hører til tegnsettet");
    }
}
