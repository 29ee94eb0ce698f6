using System.Text;
using Kilde.Intake.Log;
using Kilde.Intake.Tests.Kit;
using Kilde.Testing;
using static Kilde.Intake.Tests.Kit.Messages;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Kilde.Intake.Tests.Log;

public class IntakeLogTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_is_in_the_log_its_queue_and_the_audit()
    {
        await using var intake = await TestIntake.StartAsync(postgres);

        var stored = (await intake.Log.StoreAsync(Message("1=10 2=20"), Cancellation))
            .ShouldBeOfType<StoreOutcome.Stored>();

        var row = await intake.OneAsync<(string State, string Unit, int Records, long Sequence)>(
            "select state, unit, record_count, lane_sequence from intake.submission where submission_id = @id",
            new { id = stored.SubmissionId });
        row.ShouldBe(("accepted", UnitA.ToString(), 2, 1));
        (await intake.OneAsync<Guid>("select submission_id from intake.waiting")).ShouldBe(stored.SubmissionId);
        (await intake.OneAsync<(string, string)>("select action, subject from audit.entry"))
            .ShouldBe(("submission.received", stored.SubmissionId.ToString()));
    }

    [Fact]
    public async Task The_payload_lies_encrypted_and_opens_only_as_the_submission_it_is()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var stored = (StoreOutcome.Stored)await intake.Log.StoreAsync(Message("secret=1"), Cancellation);

        var (key, nonce, ciphertext) = await intake.OneAsync<(Guid, byte[], byte[])>(
            "select data_key_id, nonce, ciphertext from intake.payload");
        var payload = new SealedPayload(key, nonce, ciphertext);

        Encoding.Latin1.GetString(ciphertext).ShouldNotContain("secret");
        (await intake.Cipher.OpenAsync(new PayloadPlace(stored.SubmissionId), payload, Cancellation))
            .ShouldBe("secret=1"u8.ToArray());
        await Should.ThrowAsync<System.Security.Cryptography.CryptographicException>(
            async () => await intake.Cipher.OpenAsync(new PayloadPlace(Guid.CreateVersion7()), payload, Cancellation));
    }

    [Fact]
    public async Task A_transaction_waits_for_messages_that_are_on_their_way()
    {
        await using var intake = await TestIntake.StartAsync(
            postgres, new IntakeOptions { LogGatherMillisecondsMax = 1_000 });
        for (var i = 0; i < 4; i++) await intake.Gate.EnterAsync("client", bodyBytes: 100, Cancellation);

        // Two are in, two are on their way: that is no reason to wait longer.
        var first = intake.Log.StoreAsync(Message("1=10"), Cancellation);
        first.IsCompleted.ShouldBeFalse();
        await Task.WhenAll(first, intake.Log.StoreAsync(Message("2=20"), Cancellation));

        (await intake.OneAsync<long>("select count(distinct xmin::text) from intake.submission")).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_bytes_again_are_answered_as_before_and_change_nothing()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var first = (StoreOutcome.Stored)await intake.Log.StoreAsync(Message("1=10"), Cancellation);

        var second = await intake.Log.StoreAsync(Message("1=10"), Cancellation);

        second.ShouldBe(new StoreOutcome.Repeated(first.SubmissionId));
        (await intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(1);
        (await intake.OneAsync<long>("select count(*) from intake.waiting")).ShouldBe(1);
        (await intake.OneAsync<Guid>("select submission_id from intake.repetition")).ShouldBe(first.SubmissionId);
    }

    [Fact]
    public async Task The_same_bytes_of_another_day_or_unit_are_news()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        await intake.Log.StoreAsync(Message(""), Cancellation);

        var nextDay = await intake.Log.StoreAsync(Message("", From(UnitA, new DateOnly(2026, 3, 2))), Cancellation);
        var otherUnit = await intake.Log.StoreAsync(Message("", From(UnitB)), Cancellation);

        nextDay.ShouldBeOfType<StoreOutcome.Stored>();
        otherUnit.ShouldBeOfType<StoreOutcome.Stored>();
        (await intake.AllAsync<(string, long)>(
            "select unit, lane_sequence from intake.submission order by unit, lane_sequence"))
            .ShouldBe([(UnitA.ToString(), 1), (UnitA.ToString(), 2), (UnitB.ToString(), 1)]);
    }

    [Fact]
    public async Task Sixteen_identical_posts_at_once_on_two_nodes_are_stored_once()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        IntakeLog[] nodes = [intake.Log, intake.NewNode()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            nodes[i % 2].StoreAsync(Message("1=10"), Cancellation)));

        var stored = outcomes.OfType<StoreOutcome.Stored>().ShouldHaveSingleItem();
        outcomes.OfType<StoreOutcome.Repeated>().Count().ShouldBe(15);
        outcomes.OfType<StoreOutcome.Repeated>().ShouldAllBe(repeated => repeated.SubmissionId == stored.SubmissionId);
        (await intake.OneAsync<long>("select count(*) from intake.repetition")).ShouldBe(15);
    }

    [Fact]
    public async Task A_proof_is_taken_once_whichever_node_sees_it()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        IntakeLog[] nodes = [intake.Log, intake.NewNode()];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            nodes[i % 2].StoreAsync(Message($"{i}=1", proof: $"proof-{i / 4}"), Cancellation)));

        outcomes.Count(outcome => outcome is StoreOutcome.Stored).ShouldBe(5);
        outcomes.Count(outcome => outcome is StoreOutcome.ProofReplayed).ShouldBe(15);
        (await intake.OneAsync<long>("select count(*) from intake.submission")).ShouldBe(5);
    }

    [Fact]
    public async Task A_refused_message_leaves_its_code_and_findings_and_its_proof_is_used()
    {
        await using var intake = await TestIntake.StartAsync(postgres);

        await intake.Log.StoreAsync(Refused(2008, "proof"), Cancellation);
        var again = await intake.Log.StoreAsync(Message("1=10", proof: "proof"), Cancellation);

        again.ShouldBeOfType<StoreOutcome.ProofReplayed>();
        (await intake.OneAsync<(string, int, int)>(
            "select state, error_code, jsonb_array_length(findings) from intake.submission"))
            .ShouldBe(("rejected", 2008, 1));
        (await intake.OneAsync<long>("select count(*) from intake.payload")).ShouldBe(0);
    }

    [Fact]
    public async Task A_refusal_may_be_logged_without_waiting()
    {
        await using var intake = await TestIntake.StartAsync(postgres);

        intake.Log.TryStore(Refused(2007)).ShouldBeTrue();
        await intake.Log.DisposeAsync();

        (await intake.OneAsync<int>("select error_code from intake.submission")).ShouldBe(2007);
    }

    [Fact]
    public async Task A_message_that_cannot_be_stored_fails_alone()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var poison = Sender with { SoftwareName = "a name with \0 in it" };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            try
            {
                return await intake.Log.StoreAsync(Message($"{i}=1", i % 20 == 7 ? poison : Sender), Cancellation);
            }
            catch (Npgsql.PostgresException)
            {
                return null;
            }
        }));

        outcomes.Count(outcome => outcome is null).ShouldBe(3);
        outcomes.Count(outcome => outcome is StoreOutcome.Stored).ShouldBe(57);
        (await intake.AllAsync<long>("select lane_sequence from intake.submission order by 1"))
            .ShouldBe(Enumerable.Range(1, 57).Select(i => (long)i));
    }

    [Fact]
    public async Task A_caller_that_gives_up_leaves_its_message_whole_or_not_at_all()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        var answered = 0;

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(i % 12));
            try
            {
                await intake.Log.StoreAsync(Message($"{i}=1"), impatience.Token);
                Interlocked.Increment(ref answered);
            }
            catch (OperationCanceledException)
            {
                // That is the point.
            }
        }));
        await intake.Log.DisposeAsync();

        var (submissions, whole) = await intake.OneAsync<(long, long)>(
            """
            select count(*), count(p.submission_id) filter (where w.submission_id is not null)
            from intake.submission s
            left join intake.payload p using (submission_id)
            left join intake.waiting w using (submission_id)
            """);
        whole.ShouldBe(submissions);
        submissions.ShouldBeGreaterThanOrEqualTo(answered);
        (await intake.OneAsync<long>("select count(*) from audit.entry")).ShouldBe(submissions);
    }

    [Fact]
    public async Task When_connections_end_every_acknowledged_message_is_there_once_and_none_is_half_there()
    {
        await using var intake = await TestIntake.StartAsync(postgres);
        IntakeLog[] nodes = [intake.Log, intake.NewNode()];
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<Guid>();

        var senders = Enumerable.Range(0, 8).Select(async sender =>
        {
            for (var i = 0; i < 60; i++)
            {
                var content = $"{sender}.{i}=1";
                while (true)
                {
                    try
                    {
                        var outcome = await nodes[i % 2].StoreAsync(Message(content), Cancellation);
                        acknowledged.Add(outcome switch
                        {
                            StoreOutcome.Stored stored => stored.SubmissionId,
                            StoreOutcome.Repeated repeated => repeated.SubmissionId,
                            _ => throw new InvalidOperationException("A new proof cannot have been used."),
                        });
                        break;
                    }
                    catch (StorageUnavailableException)
                    {
                        // Sent again, as senders do.
                    }
                }
            }
        });
        var sending = Task.WhenAll(senders);
        for (var i = 0; i < 6 && !sending.IsCompleted; i++)
        {
            await intake.EndConnectionsAsync();
            await Task.WhenAny(sending, Task.Delay(60, Cancellation));
        }

        await sending;
        acknowledged.Distinct().Count().ShouldBe(480);
        (await intake.OneAsync<(long, long)>(
            """
            select count(*), count(distinct submission_id)
            from intake.waiting join intake.payload using (submission_id)
            """))
            .ShouldBe((480, 480));
        (await intake.OneAsync<long>("select count(*) from audit.entry where action = 'submission.received'"))
            .ShouldBe(480);
    }

    [Fact]
    public async Task A_data_key_is_replaced_by_number_of_payloads_and_by_age()
    {
        await using var intake = await TestIntake.StartAsync(postgres, new IntakeOptions { DataKeyPayloadsMax = 2 });
        for (var i = 0; i < 3; i++) await intake.Log.StoreAsync(Message($"{i}=1"), Cancellation);
        (await intake.OneAsync<long>("select count(*) from intake.data_key")).ShouldBe(2);

        intake.Clock.Advance(TimeSpan.FromHours(25));
        await intake.Log.StoreAsync(Message("9=1"), Cancellation);

        (await intake.OneAsync<long>("select count(*) from intake.data_key")).ShouldBe(3);
        (await intake.OneAsync<long>("select count(distinct data_key_id) from intake.payload")).ShouldBe(3);
    }
}
