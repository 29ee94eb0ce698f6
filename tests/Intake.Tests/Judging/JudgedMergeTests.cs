using Kilde.Intake.Headers;
using Kilde.Intake.Overview;
using Kilde.Intake.Tests.Kit;
using Kilde.Kernel;
using Kilde.Register.Periods;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Judging;

/// <summary>What is merged in the reading that judges it stands with its verdict, or not at all.</summary>
public sealed class JudgedMergeTests(PostgresServer postgres)
{
    private static readonly byte[] Message = PlainXml.Bytes("<R id=\"1\" v=\"10\"/><R id=\"2\" v=\"20\"/>");

    [Fact]
    public async Task A_message_is_merged_with_its_verdict()
    {
        await using var intake = await StartAsync();
        var id = await intake.StoreAsync(Message);

        await intake.JudgeAllAsync();

        (await intake.StateAsync(id)).ShouldBe("merged");
        (await CountAsync(intake, "kit.record")).ShouldBe(2);
        (await CountAsync(intake, "intake.waiting")).ShouldBe(0);
        (await CountAsync(intake, "intake.judgement")).ShouldBe(1);
    }

    [Fact]
    public async Task That_a_newer_extraction_stands_is_in_the_receipt_when_the_merge_has_shown_it()
    {
        await using var intake = await StartAsync();
        intake.Overtaken = [Standing];
        var id = await intake.StoreAsync(Message, JudgeSubmissionsTests.Envelope);

        await intake.JudgeAllAsync();

        await IsToldAsync(intake, id);
        var receipt = await JudgeSubmissionsTests.ReceiptAsync(intake);
        receipt.Status.ShouldBe(AppRecStatus.OkWithErrors);
        receipt.Errors.ShouldHaveSingleItem().Detail!.ShouldContain(Standing.Finding.Text);
    }

    [Fact]
    public async Task That_a_newer_extraction_stands_is_told_when_the_merge_comes_later()
    {
        await using var intake = await StartAsync();
        intake.MergeJudged = null;
        intake.Overtaken = [Standing];
        var id = await intake.StoreAsync(Message);

        await intake.JudgeAllAsync();
        (await intake.Intake.OneAsync<int>("select finding_count from intake.submission")).ShouldBe(0);
        await intake.MergeAllAsync();

        await IsToldAsync(intake, id);
    }

    // Once, as a finding and in what is counted of rules.
    private static async Task IsToldAsync(XmlIntake intake, Guid id)
    {
        var detail = (await new GetSubmission(intake.Intake.Databases.Register)
            .FindAsync(id, TestIntake.Cancellation)).ShouldNotBeNull();
        detail.Summary.State.ShouldBe(SubmissionState.Merged);
        detail.Summary.FindingCount.ShouldBe(1);
        detail.Findings.ShouldHaveSingleItem().ShouldBe(Standing.Finding);
        (await CountAsync(
            intake, """intake.judgement where broken_rules @> '[{"ruleId": "INN-015", "count": 1}]'""")).ShouldBe(1);
    }

    private static OvertakenPeriod Standing { get; } = new(
        "100201", "", DataYear.Of(new DateOnly(2026, 1, 1)), new DateOnly(2026, 3, 9));

    [Theory]
    [InlineData("<R id=\"1\" v=\"10\"/><Feil/>")]
    [InlineData("<R id=\"1\" v=\"10\"/><Institusjon institusjonID=\"999999999\"/><R id=\"2\" v=\"20\"/>")]
    public async Task A_message_that_is_refused_leaves_nothing(string content)
    {
        await using var intake = await StartAsync();
        var id = await intake.StoreAsync(PlainXml.Bytes(content));

        await intake.JudgeAllAsync();
        await intake.MergeAllAsync();

        (await intake.StateAsync(id)).ShouldBe("rejected");
        (await CountAsync(intake, "kit.record")).ShouldBe(0);
        (await CountAsync(intake, "intake.waiting")).ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_behind_another_is_merged_after_it()
    {
        await using var intake = await StartAsync();
        intake.MergeJudged = null;
        var first = await intake.StoreAsync(Message);
        await intake.JudgeAllAsync();
        intake.MergeJudged = intake.MergeJudgedAsync;
        var second = await intake.StoreAsync(PlainXml.Bytes("<R id=\"1\" v=\"11\"/>"));
        await intake.JudgeAllAsync();

        (await intake.StateAsync(first)).ShouldBe("accepted");
        (await intake.StateAsync(second)).ShouldBe("accepted");
        await intake.MergeAllAsync();
        (await intake.Register.RecordsAsync(Messages.UnitA))["1"].ShouldBe(11);
        (await intake.StateAsync(second)).ShouldBe("merged");
    }

    [Fact]
    public async Task A_queue_that_a_worker_holds_is_left_to_it()
    {
        await using var intake = await StartAsync();
        var id = await intake.StoreAsync(Message);
        await using var holder = await intake.Intake.Databases.Register.Source.OpenConnectionAsync(
            TestIntake.Cancellation);
        await using var transaction = await holder.BeginTransactionAsync(TestIntake.Cancellation);
        await using var hold = holder.CreateCommand();
        hold.CommandText = "select lane_id from intake.lane for no key update";
        await hold.ExecuteNonQueryAsync(TestIntake.Cancellation);

        await intake.JudgeAllAsync();

        (await intake.StateAsync(id)).ShouldBe("accepted");
        (await CountAsync(intake, "kit.record")).ShouldBe(0);
    }

    [Fact]
    public async Task A_merge_that_fails_lets_the_message_be_judged_alone()
    {
        await using var intake = await StartAsync();
        var attempts = 0;
        intake.MergeJudged = async (submission, transaction, cancellation) =>
        {
            attempts++;
            await intake.MergeJudgedAsync(submission, transaction, cancellation);
            throw new InvalidOperationException("The register does not take it.");
        };
        var id = await intake.StoreAsync(Message);

        await intake.JudgeAllAsync();
        (await intake.StateAsync(id)).ShouldBe("accepted");
        (await CountAsync(intake, "kit.record")).ShouldBe(0);
        await intake.MergeAllAsync();

        attempts.ShouldBe(1);
        (await intake.StateAsync(id)).ShouldBe("merged");
        (await CountAsync(intake, "kit.record")).ShouldBe(2);
    }

    [Fact]
    public async Task Persons_heard_of_meanwhile_let_an_accepted_message_wait_for_its_merge()
    {
        await using var intake = await StartAsync();
        intake.KeepsPersons = false;
        var id = await intake.StoreAsync(Message);

        await intake.JudgeAllAsync();

        (await intake.StateAsync(id)).ShouldBe("accepted");
        (await CountAsync(intake, "kit.record")).ShouldBe(0);
        await intake.MergeAllAsync();
        (await intake.StateAsync(id)).ShouldBe("merged");
    }

    [Fact]
    public async Task A_stop_in_the_middle_leaves_the_message_unjudged()
    {
        await using var intake = await StartAsync();
        using var stop = new CancellationTokenSource();
        intake.MergeJudged = async (submission, transaction, cancellation) =>
        {
            await intake.MergeJudgedAsync(submission, transaction, cancellation);
            await stop.CancelAsync();
            stop.Token.ThrowIfCancellationRequested();
            return null;
        };
        var id = await intake.StoreAsync(Message);

        await Should.ThrowAsync<OperationCanceledException>(() => intake.NewJudge().StepAsync(stop.Token));
        (await intake.StateAsync(id)).ShouldBe("received");
        (await CountAsync(intake, "kit.record")).ShouldBe(0);

        intake.MergeJudged = intake.MergeJudgedAsync;
        await intake.JudgeAllAsync();
        (await intake.StateAsync(id)).ShouldBe("merged");
    }

    private async Task<XmlIntake> StartAsync()
    {
        var intake = await XmlIntake.StartAsync(postgres);
        intake.MergeJudged = intake.MergeJudgedAsync;
        return intake;
    }

    private static Task<long> CountAsync(XmlIntake intake, string table) =>
        intake.Intake.OneAsync<long>($"select count(*) from {table}");
}
