using System.Text;
using Kilde.Intake.Files;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Intake.Tests.Headers;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kilde.Intake.Tests.Files;

public sealed class FileTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_file_is_streamed_into_the_log_and_becomes_records()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        var file = folder.Write("fil.xml", PlainXml.Message(PlainXml.Records(60_000)));
        var told = (Bytes: 0L, Of: 0L);

        var received = await ReceiverOf(intake).ReceiveAsync(
            file, unit: null, "test", (bytes, of) => told = (bytes, of), TestIntake.Cancellation);
        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();

        received.Single().Outcome.ShouldBeOfType<FileOutcome.Received>();
        told.ShouldBe((new FileInfo(file).Length, new FileInfo(file).Length));
        (await intake.Register.RecordsAsync(Messages.UnitA)).Count.ShouldBe(60_000);
        (await intake.Intake.OneAsync<(string, DateTime, string)>(
            "select channel, extracted_on::timestamp, software_name from intake.submission"))
            .ShouldBe(("file", new DateTime(2026, 3, 1), "Journal"));
    }

    [Fact]
    public async Task A_file_in_latin_1_and_a_file_with_a_header_are_read()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        var latin = folder.Write(
            "latin.xml", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + PlainXml.Message("<R id=\"ø\" v=\"1\"/>"),
            Encoding.Latin1);
        var head = folder.Write(
            "hode.xml", new Envelope { Payload = PlainXml.Message("<R id=\"2\" v=\"2\"/>") }.ToXml().ToString());

        foreach (var file in (string[])[latin, head])
        {
            (await ReceiverOf(intake).ReceiveAsync(file, null, "test", null, TestIntake.Cancellation))
                .Single().Outcome.ShouldBeOfType<FileOutcome.Received>();
        }

        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();
        (await intake.Register.RecordsAsync(Messages.UnitA)).Keys.ShouldBe(["ø", "2"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("ikke xml")]
    [InlineData("")]
    [InlineData("<!DOCTYPE a><Melding/>")]
    [InlineData("<Melding xmlns=\"http://www.npr.no/xmlstds/53_1_3_ord\"><Institusjon institusjonID=\"1\"/></Melding>")]
    public async Task A_file_from_nobody_or_that_is_no_message_is_not_received(string content)
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();

        (await ReceiverOf(intake).ReceiveAsync(
            folder.Write("fil.xml", content), null, "test", null, TestIntake.Cancellation))
            .Single().Outcome.ShouldBeOfType<FileOutcome.Refused>();

        (await intake.Intake.OneAsync<long>("select count(*) from intake.payload")).ShouldBe(0);
    }

    [Fact]
    public async Task An_archive_is_as_many_messages_as_it_has_files()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        var archive = folder.Pack(
            "mange.zip", ("a/1.xml", PlainXml.Message("<R id=\"1\" v=\"1\"/>")),
            ("a/2.XML", PlainXml.Message("<R id=\"2\" v=\"2\"/>")), ("les meg.txt", "hei"), ("b.xml", "ikke xml"));

        var received = await ReceiverOf(intake).ReceiveAsync(archive, null, "test", null, TestIntake.Cancellation);
        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();

        received.Select(one => (one.Name, one.Outcome is FileOutcome.Received)).ShouldBe(
            [("mange.zip/a/1.xml", true), ("mange.zip/a/2.XML", true), ("mange.zip/les meg.txt", false),
                ("mange.zip/b.xml", false)]);
        (await intake.Register.RecordsAsync(Messages.UnitA)).Keys.ShouldBe(["1", "2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_bomb_is_refused_when_it_has_unpacked_what_its_size_allows()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        const long BombBytes = 150L << 20;
        var archive = folder.PackEndless("bombe.zip", PlainXml.Message("")[..^"</Melding>".Length], BombBytes);
        var told = 0L;

        var received = await ReceiverOf(intake).ReceiveAsync(
            archive, null, "test", (bytes, _) => told = bytes, TestIntake.Cancellation);

        received.Single().Outcome.ShouldBeOfType<FileOutcome.Refused>().Text.ShouldBe(XmlArchive.TooLarge);
        told.ShouldBeLessThan((17L << 20) + (new FileInfo(archive).Length * XmlArchive.RatioMax));
        told.ShouldBeLessThan(BombBytes);
        (await intake.Intake.OneAsync<long>("select count(*) from intake.payload")).ShouldBe(0);
    }

    [Fact]
    public async Task Archives_that_are_damaged_or_have_too_much_in_them_are_refused()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        var whole = await File.ReadAllBytesAsync(
            folder.Pack("hel.zip", ("1.xml", PlainXml.Message(PlainXml.Records(1_000)))), TestIntake.Cancellation);
        var many = folder.Pack(
            "mange.zip", [.. Enumerable.Range(0, XmlArchive.PartsMax + 1).Select(number => ($"{number}.xml", ""))]);
        var names = folder.Pack(
            "navn.zip", [.. Enumerable.Range(0, 20).Select(number => (new string('n', 60_000) + $"{number}.xml", ""))]);
        List<string> archives = [many, names];
        for (var length = 4; length < whole.Length; length += whole.Length / 9)
            archives.Add(folder.Write($"kuttet{length}.zip", whole[..length]));

        foreach (var archive in archives)
        {
            var received = await ReceiverOf(intake).ReceiveAsync(
                archive, null, "test", null, TestIntake.Cancellation);
            received.Single().Outcome.ShouldBeOfType<FileOutcome.Refused>(archive);
        }
    }

    [Fact]
    public async Task The_watched_folder_sorts_its_files()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        folder.Write("a.xml", PlainXml.Message("<R id=\"1\" v=\"1\"/>"));
        folder.Write("b.xml", "ikke xml");
        folder.Write("c.xml.del", PlainXml.Message("<R id=\"3\" v=\"3\"/>"));

        await WatchAsync(intake, folder);

        folder.Files(WatchFolder.ClaimedFolder).ShouldBeEmpty();
        folder.Files(WatchFolder.FinishedFolder).Single().ShouldEndWith("_a.xml");
        folder.Files(WatchFolder.FailedFolder).Select(name => name[(name.IndexOf('_') + 1)..])
            .ShouldBe(["b.xml", "b.xml.apprec.xml", "b.xml.txt"], ignoreOrder: true);
        folder.Files("").Single().ShouldBe("c.xml.del");
        (await intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_left_behind_by_a_stop_is_taken_again_and_changes_nothing_the_second_time()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        folder.Write("a.xml", PlainXml.Message("<R id=\"1\" v=\"1\"/>"));
        await WatchAsync(intake, folder);
        var finished = Path.Combine(folder.Path, WatchFolder.FinishedFolder);
        var name = folder.Files(WatchFolder.FinishedFolder).Single();
        File.Move(
            Path.Combine(finished, name), Path.Combine(folder.Path, WatchFolder.ClaimedFolder, name));

        await WatchAsync(intake, folder);

        folder.Files(WatchFolder.FinishedFolder).ShouldBe([name]);
        (await intake.Intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
        (await intake.Intake.OneAsync<long>("select count(*) from intake.repetition")).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_gets_its_receipt_beside_it_when_it_is_judged_and_not_over_the_bus()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        folder.Write("god.xml", PlainXml.Message("<R id=\"1\" v=\"1\"/>"));
        folder.Write("avvist.xml", PlainXml.Message("<Feil/>"));
        folder.Write(
            "hode.xml", new Envelope { Payload = PlainXml.Message("<R id=\"2\" v=\"2\"/>") }.ToXml().ToString());
        await WatchAsync(intake, folder);
        folder.Receipts(WatchFolder.FinishedFolder).ShouldBeEmpty();

        await intake.JudgeAllAsync();
        await WatchAsync(intake, folder);

        var receipts = folder.Receipts(WatchFolder.FinishedFolder);
        receipts.ToDictionary(each => each.Name, each => each.Receipt.Status).ShouldBe(
            new Dictionary<string, AppRecStatus>
            {
                ["god.xml.apprec.xml"] = AppRecStatus.Ok, ["avvist.xml.apprec.xml"] = AppRecStatus.Rejected,
                ["hode.xml.apprec.xml"] = AppRecStatus.Ok,
            }, ignoreOrder: true);
        var rejected = receipts.Single(each => each.Name.StartsWith("avvist", StringComparison.Ordinal)).Receipt;
        rejected.Errors[0].Code.ShouldBe(AppRecError.StructureWrong);
        rejected.Receiver.Organisation.Number.ShouldBe(Messages.UnitA);
        receipts.Single(each => each.Name.StartsWith("hode", StringComparison.Ordinal)).Receipt
            .Answers.MessageId.ShouldBe(new Envelope().MessageId);
        (await intake.Intake.OneAsync<long>("select count(*) from intake.receipt where due_at is not null"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task Each_message_of_an_archive_is_answered_and_the_same_archive_again_too()
    {
        await using var intake = await XmlIntake.StartAsync(postgres);
        using var folder = new TestFolder();
        (string, string)[] entries =
        [
            ("1.xml", PlainXml.Message("<R id=\"1\" v=\"1\"/>")), ("2.xml", PlainXml.Message("<Feil/>")),
            ("3.xml", "ikke xml"),
        ];
        folder.Pack("mange.zip", entries);
        await WatchAsync(intake, folder);
        await intake.JudgeAllAsync();
        await WatchAsync(intake, folder);

        (string, AppRecStatus)[] expected =
        [
            ("mange.zip.1.apprec.xml", AppRecStatus.Ok), ("mange.zip.2.apprec.xml", AppRecStatus.Rejected),
            ("mange.zip.3.apprec.xml", AppRecStatus.Rejected),
        ];
        folder.Receipts(WatchFolder.FailedFolder).Select(each => (each.Name, each.Receipt.Status))
            .ShouldBe(expected, ignoreOrder: true);

        folder.Empty(WatchFolder.FailedFolder);
        folder.Pack("mange.zip", entries);
        await WatchAsync(intake, folder);
        await intake.JudgeAllAsync();
        await WatchAsync(intake, folder);
        folder.Receipts(WatchFolder.FailedFolder).Select(each => (each.Name, each.Receipt.Status))
            .ShouldBe(expected, ignoreOrder: true);
    }

    private static async Task WatchAsync(XmlIntake intake, TestFolder folder)
    {
        var options = Microsoft.Extensions.Options.Options.Create(
            new WatchedFolderOptions { WatchedFolder = folder.Path });
        var answers = new AnswerFiles(intake.Intake.Databases.Register, options, intake.Intake.Clock);
        var watch = new WatchFolder(
            ReceiverOf(intake), answers, options, intake.Intake.Clock, NullLogger<WatchFolder>.Instance);
        while (await watch.StepAsync(TestIntake.Cancellation) || await answers.StepAsync(TestIntake.Cancellation))
        {
        }
    }

    internal static ReceiveFile ReceiverOf(XmlIntake intake) => new(
        new StoreXml(intake.Intake.Log, PlainXml.Formats, intake.Intake.Clock), intake.Senders, intake.Parties);
}
