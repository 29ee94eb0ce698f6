using System.Text;
using System.Xml.Linq;
using Kilde.Definitions.Reading;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Intake.Parties;
using Kilde.Intake.Retention;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Judging;

public sealed class JudgeSubmissionsTests(PostgresServer postgres)
{
    internal static readonly SubmissionEnvelope Envelope = new(
        HerId.Parse("9002"), HerId.Parse("9001"), HerId.Parse("8002"), HerId.Parse("8001"), "NPR_ORD", "Aktivitet",
        "2026-03-02T09:00:00+01:00", "melding-1", WantsReceipt: true);

    [Fact]
    public async Task A_message_is_received_and_then_accepted_and_then_merged()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var id = await intake.StoreAsync(PlainXml.Bytes("<R id=\"1\" v=\"10\"/><R id=\"2\" v=\"20\"/>"));
        (await intake.StateAsync(id)).ShouldBe("received");

        await intake.MergeAllAsync();
        (await intake.StateAsync(id)).ShouldBe("received");

        await intake.JudgeAllAsync();
        (await intake.StateAsync(id)).ShouldBe("accepted");

        await intake.MergeAllAsync();
        (await intake.StateAsync(id)).ShouldBe("merged");
        (await intake.Register.RecordsAsync(Messages.UnitA)).ShouldBe(
            new Dictionary<string, long> { ["1"] = 10, ["2"] = 20 });
    }

    [Fact]
    public async Task A_payload_of_many_parts_comes_out_as_it_went_in()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var message = PlainXml.Bytes(PlainXml.Records(120_000));
        message.Length.ShouldBeGreaterThan(2 * PayloadStore.PartBytes);

        var id = await intake.StoreAsync(message);

        await using var stream = intake.Payloads.Open(id);
        var read = new MemoryStream();
        await stream.CopyToAsync(read, TestIntake.Cancellation);
        read.ToArray().ShouldBe(message);
        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();
        (await intake.Register.RecordsAsync(Messages.UnitA)).Count.ShouldBe(120_000);
    }

    [Theory]
    [InlineData("delete from intake.payload where part = 2")]
    [InlineData("update intake.payload set form = 2 where part = 1")]
    [InlineData(
        "update intake.payload set part = part + 10; update intake.payload set part = 11 - part where part < 12")]
    public async Task A_payload_cut_or_turned_around_on_disk_is_not_taken_for_the_message(string tampering)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var id = await intake.StoreAsync(PlainXml.Bytes(PlainXml.Records(120_000)));
        await intake.Intake.AllAsync<int>(tampering);

        await intake.JudgeAllAsync();

        (await intake.StateAsync(id)).ShouldBe("set_aside");
        (await intake.Intake.OneAsync<string>("select cause_code from intake.set_aside")).ShouldBe("INT-106");
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Content/>")]
    [InlineData("<FileReference>https://fil.example/1</FileReference>")]
    public async Task A_header_without_a_message_in_it_is_rejected_with_a_receipt(string instead)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var head = new Headers.Envelope().ToXml();
        head.Descendants(Headers.Envelope.Head + "Content").Single().ReplaceWith(
            XElement.Parse($"<a xmlns=\"{Headers.Envelope.Head}\">{instead}</a>").Elements());

        var id = await intake.StoreAsync(Encoding.UTF8.GetBytes(head.ToString()), Envelope);
        await intake.JudgeAllAsync();

        (await intake.StateAsync(id)).ShouldBe("rejected");
        (await intake.Intake.OneAsync<long>("select count(*) from intake.receipt")).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(PayloadStore.PartBytes - 1)]
    [InlineData(PayloadStore.PartBytes)]
    [InlineData(PayloadStore.PartBytes + 1)]
    [InlineData(2 * PayloadStore.PartBytes)]
    public async Task Payloads_of_any_length_end_where_they_end(int length)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)(i * 31 % 251);
        var id = Guid.CreateVersion7();

        var stored = await intake.Payloads.WriteAsync(id, new MemoryStream(bytes), TestIntake.Cancellation);

        stored.Bytes.ShouldBe(length);
        stored.Hash.ShouldBe(XmlIntake.HashOf(bytes));
        await using var stream = intake.Payloads.Open(id);
        var read = new MemoryStream();
        await stream.CopyToAsync(read, TestIntake.Cancellation);
        read.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task Parts_that_belong_to_no_submission_are_removed_after_a_day()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var known = await intake.StoreAsync(PlainXml.Bytes("<R id=\"1\" v=\"10\"/>"));
        var lost = Guid.CreateVersion7(intake.Intake.Clock.GetUtcNow());
        await intake.Payloads.WriteAsync(lost, new MemoryStream(new byte[3_000_000]), TestIntake.Cancellation);
        var removal = new RemoveExpired(
            intake.Intake.Databases.Register, intake.Intake.Clock,
            Microsoft.Extensions.Options.Options.Create(intake.Intake.Options));

        await removal.StepAsync(TestIntake.Cancellation);
        (await PayloadsAsync()).ShouldBe([known, lost], ignoreOrder: true);
        intake.Intake.Clock.Advance(TimeSpan.FromHours(25));
        await removal.StepAsync(TestIntake.Cancellation);
        (await PayloadsAsync()).ShouldBe([known]);

        Task<IReadOnlyList<Guid>> PayloadsAsync() =>
            intake.Intake.AllAsync<Guid>("select distinct submission_id from intake.payload");
    }

    [Fact]
    public async Task The_same_bytes_again_change_nothing()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var message = PlainXml.Bytes("<R id=\"1\" v=\"10\"/>");

        var first = await intake.StoreAsync(message);
        (await intake.StoreAsync(message)).ShouldBe(first);
        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();
        (await intake.StoreAsync(message)).ShouldBe(first);

        (await intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
        (await intake.Intake.OneAsync<long>("select count(*) from intake.payload")).ShouldBe(1);
        (await intake.Intake.OneAsync<long>("select count(*) from intake.repetition")).ShouldBe(2);
    }

    [Fact]
    public async Task What_came_later_waits_for_what_is_not_judged()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var first = await intake.StoreAsync(PlainXml.Bytes("<R id=\"1\" v=\"10\"/>"));
        var second = await intake.StoreAsync(PlainXml.Bytes("<R id=\"1\" v=\"11\"/>"));
        await intake.Intake.AllAsync<int>(
            "update intake.waiting set is_judged = true where submission_id = @second", new { second });

        await intake.MergeAllAsync();
        (await intake.Register.RecordsAsync(Messages.UnitA)).ShouldBeEmpty();

        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();
        (await intake.StateAsync(first)).ShouldBe("merged");
        (await intake.Register.RecordsAsync(Messages.UnitA))["1"].ShouldBe(11);
    }

    [Fact]
    public async Task A_large_file_on_its_way_holds_back_nobody_else()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        intake.Meanwhile = () =>
        {
            reached.SetResult();
            return go.Task;
        };
        var file = await intake.StoreAsync(PlainXml.Bytes(PlainXml.Records(1_000)));
        await intake.JudgeAllAsync();
        await intake.Intake.Log.StoreAsync(
            Messages.Message("7=70", Messages.From(Messages.UnitB)), TestIntake.Cancellation);

        var merging = intake.NewStreamMerge().NewWorker()(TestIntake.Cancellation);
        await reached.Task;
        (await intake.NewStreamMerge().NewWorker()(TestIntake.Cancellation)).ShouldBeFalse();
        await intake.Register.MergeAllAsync();

        (await intake.Register.RecordsAsync(Messages.UnitB))["7"].ShouldBe(70);
        (await intake.StateAsync(file)).ShouldBe("accepted");
        go.SetResult();
        (await merging).ShouldBeTrue();
        (await intake.StateAsync(file)).ShouldBe("merged");
    }

    [Fact]
    public async Task A_rejected_message_leaves_no_payload_and_can_be_sent_again()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        await intake.ConfigureAsync("HST_Avtale");
        var message = PlainXml.Bytes("<R id=\"1\" v=\"10\"/>");
        var first = await intake.StoreAsync(message);
        await intake.JudgeAllAsync();

        (await intake.StateAsync(first)).ShouldBe("rejected");
        (await intake.Intake.OneAsync<long>("select count(*) from intake.payload")).ShouldBe(0);

        await intake.ConfigureAsync(Messages.Consultation.Name);
        var second = await intake.StoreAsync(message);
        await intake.JudgeAllAsync();

        second.ShouldNotBe(first);
        (await intake.StateAsync(second)).ShouldBe("accepted");
    }

    public static TheoryData<string, int, string> Rejections => new()
    {
        { PlainXml.Message("<Feil/>"), (int)RejectionCode.RefusedByDefinition, "T02" },
        { PlainXml.Message("<R id=\"1\" v=\"1\"/>", "974760673"), (int)RejectionCode.InstitutionNotOfSender, "X99" },
        { PlainXml.Message("")[..^3], (int)RejectionCode.NotReadable, "T01" },
        { "ikke xml", (int)RejectionCode.NotReadable, "T01" },
        { "<!DOCTYPE a [<!ENTITY b \"c\">]>" + PlainXml.Message(""), (int)RejectionCode.NotReadable, "T01" },
        { "<Melding xmlns=\"urn:annet\"/>", (int)RejectionCode.FormatNotSupported, "T10" },
        { PlainXml.Message("") + "<Mer/>", (int)RejectionCode.NotReadable, "T01" },

        // What is made to cost more than it is worth is answered too.
        { $"<Melding {Attributes(1_000_000)}/>", (int)RejectionCode.NotReadable, "T99" },
        { "<?xml version=\"1.0\" encoding=\"utf-16\"?>" + PlainXml.Message(""), (int)RejectionCode.NotReadable, "T01" },
        { $"<Melding a=\"{Repeated("5", 20_000_000)}", (int)RejectionCode.NotReadable, "T99" },
        { Repeated("&lol;", 100_000), (int)RejectionCode.NotReadable, "T01" },
    };

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Attributes(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"a{i}='' "));

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task Each_fault_has_its_code_and_its_receipt(string message, int code, string error)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);

        var id = await intake.StoreAsync(Encoding.UTF8.GetBytes(message), Envelope);
        await intake.JudgeAllAsync();

        (await intake.Intake.OneAsync<int>(
            "select error_code from intake.submission where submission_id = @id", new { id })).ShouldBe(code);
        var receipt = await ReceiptAsync(intake);
        receipt.Status.ShouldBe(AppRecStatus.Rejected);
        receipt.Errors[0].Code.ShouldBe(error);
        receipt.Answers.MessageId.ShouldBe("melding-1");
    }

    [Theory]
    [InlineData("<R id=\"1\" v=\"1\"/>", AppRecStatus.Ok)]
    [InlineData("<R id=\"1\" v=\"1\"/><Utelatt/>", AppRecStatus.OkWithErrors)]
    public async Task What_is_accepted_is_answered_with_the_right_status(string content, AppRecStatus status)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var register = new RegisterParty(intake.Intake.Databases.Register, intake.Intake.Audit, intake.Intake.Clock);
        await register.RegisterAsync(
            new Party(HerId.Parse("9002"), "Medisin", Unit: Messages.UnitA, ReceiptVersion: AppRecVersion.V11),
            XmlIntake.Ground, TestIntake.Cancellation);

        await intake.StoreAsync(PlainXml.Bytes(content), Envelope);
        await intake.JudgeAllAsync();

        var receipt = await ReceiptAsync(intake);
        receipt.Status.ShouldBe(status);
        receipt.Version.ShouldBe(AppRecVersion.V11);
        receipt.Receiver.Unit!.HerId.ShouldBe(Envelope.Sender);
        receipt.Receiver.Unit.Name.ShouldBe("Medisin");
        receipt.Sender.Organisation.HerId.ShouldBe(Envelope.ReceiverParent);
        receipt.Answers.IssuedAt.ShouldBe(Envelope.GeneratedAt);
    }

    [Fact]
    public async Task What_is_accepted_with_faults_is_counted_in_the_receipt_and_told_elsewhere()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);

        await intake.StoreAsync(
            PlainXml.Bytes("<R id=\"1\" v=\"1\"/>" + string.Concat(Enumerable.Repeat("<Utelatt/>", 7))), Envelope);
        await intake.JudgeAllAsync();

        var error = (await ReceiptAsync(intake)).Errors.ShouldHaveSingleItem();
        error.Code.ShouldBe(AppRecError.Other);
        error.Detail!.ShouldContain("7 poster er utelatt");
        error.Detail!.ShouldContain("NPR_ERR");
    }

    [Fact]
    public void Of_what_refuses_a_message_the_receipt_tells_the_first_and_how_many_more()
    {
        var findings = Enumerable.Range(1, 30)
            .Select(i => new Finding("STR-026", Severity.Error, $"/Melding/Feil[{i}]", "Elementet er ukjent."))
            .ToList();

        var verdict = Verdict.Refuse(new MessageOutcome(IsAccepted: false, findings, 30, 0, 0));

        verdict.Status.ShouldBe(AppRecStatus.Rejected);
        verdict.Errors.Count.ShouldBe(21);
        verdict.Errors[0].ShouldBe(
            new AppRecError(AppRecError.StructureWrong, "STR-026 /Melding/Feil[1]: Elementet er ukjent."));
        verdict.Errors[^1].Detail.ShouldBe("10 feil til. De første står i tilbakemeldingen NPR_VAL.");
    }

    [Fact]
    public async Task Nobody_is_answered_who_did_not_ask()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);

        await intake.StoreAsync(PlainXml.Bytes(""), Envelope with { WantsReceipt = false });
        await intake.JudgeAllAsync();

        (await intake.Intake.OneAsync<long>("select count(*) from intake.receipt")).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_in_a_header_is_judged_by_its_payload()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var id = await intake.StoreAsync(
            new Envelope { Payload = PlainXml.Message("<R id=\"1\" v=\"7\"/>") }.ToBytes());

        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();

        (await intake.StateAsync(id)).ShouldBe("merged");
        (await intake.Register.RecordsAsync(Messages.UnitA))["1"].ShouldBe(7);
    }

    [Theory]
    [InlineData("974760673", false)]
    [InlineData("9100000120", true)]
    [InlineData("9100000129", true)]
    [InlineData("9100000128", false)]
    [InlineData("100201", true)]
    [InlineData("100202", false)]
    public async Task Institutions_are_known_in_each_of_their_forms(string institution, bool isOfSender)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);

        (await intake.Senders.CheckInstitutionsAsync(Messages.UnitA, [institution], TestIntake.Cancellation))
            .Count.ShouldBe(isOfSender ? 0 : 1);
        (await intake.Senders.FindUnitOfAsync(institution, TestIntake.Cancellation))
            .ShouldBe(isOfSender ? Messages.UnitA : null);
    }

    [Fact]
    public async Task An_endless_attribute_is_refused_in_bounded_memory()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        var start = Encoding.UTF8.GetBytes($"<Melding xmlns=\"{PlainXml.Namespace}\"><R id=\"1\" v=\"");
        var judge = new JudgeMessage(intake.Senders, PlainXml.Formats, PersonIdentifierPolicy.Test, null, null);
        var source = new EndlessStream(start, (byte)'1', 1L << 31);
        var opened = 0;

        var verdict = await judge.JudgeAsync(
            () => opened++ == 0 ? new MemoryStream(start) : source, Messages.Sender, intake.Intake.Clock.GetUtcNow(),
            memory: null, firstAsync: null, TestIntake.Cancellation);

        verdict.Rejection.ShouldBe(RejectionCode.NotReadable);
        source.BytesRead.ShouldBeLessThan(1 << 20);
    }

    internal static async Task<ApplicationReceipt> ReceiptAsync(XmlIntake intake) =>
        AppRecReader.Read(await intake.Intake.OneAsync<byte[]>("select body from intake.receipt"))!;
}
