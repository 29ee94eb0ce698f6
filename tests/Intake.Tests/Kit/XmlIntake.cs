using System.Security.Cryptography;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions.Model;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Parties;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Periods;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kilde.Intake.Tests.Kit;

/// <summary>Intake of XML on a database of the test's own, with the tests' own notation and a plain register.</summary>
internal sealed class XmlIntake : IAsyncDisposable
{
    public static readonly AccessGround Ground = new(Actor.System("test"), "test");

    private XmlIntake(TestIntake intake, PlainRegister register)
    {
        Intake = intake;
        Register = register;
        Payloads = new PayloadStore(intake.Databases.Register, intake.Cipher);
        Senders = NewDirectory();
        Parties = new PartyRegister(intake.Databases.Register, intake.Keys);
        Queue = new SubmissionQueue(intake.Databases.Register, intake.Audit, intake.Clock);
    }

    public TestIntake Intake { get; }

    public PlainRegister Register { get; }

    public PayloadStore Payloads { get; }

    public SenderDirectory Senders { get; }

    public PartyRegister Parties { get; }

    public SubmissionQueue Queue { get; }

    public JudgementLog Judgements => new(Intake.Cipher);

    public ISubmissionTally? Tally { get; set; }

    public IContactCheck? ContactCheck { get; set; }

    /// <summary>The tests' own notation, unless a test takes the real definitions.</summary>
    public XmlFormats Formats { get; set; } = PlainXml.Formats;

    /// <summary>Null when nothing is merged while it is judged.</summary>
    public MergeJudgedIntoRegister? MergeJudged { get; set; }

    /// <summary>Waited for in the middle of each merge.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public FollowFinished Follow => new(Intake.Databases.Register, Judgements);

    public static async Task<XmlIntake> StartAsync(Kilde.Testing.PostgresServer postgres)
    {
        var intake = await TestIntake.StartAsync(postgres);
        var started = new XmlIntake(intake, await PlainRegister.StartAsync(intake));
        await started.ConfigureAsync(Messages.Consultation.Name);
        return started;
    }

    public Task ConfigureAsync(params string[] types) =>
        new ConfigureSender(Intake.Databases.Register, Intake.Audit, Intake.Clock).ConfigureAsync(
            new SenderConfiguration(
                Messages.UnitA, "Testsund", Enterprise: null, [], [new SenderVendor(Messages.Vendor)],
                [.. types.Select(type => new Obligation(type, new DateOnly(2020, 1, 1)))])
            {
                Institutions = ["100201"],
            },
            Ground, TestIntake.Cancellation);

    public JudgeSubmissions NewJudge() => new(
        Intake.Databases.Register, Payloads,
        new JudgeMessage(NewDirectory(), Formats, PersonIdentifierPolicy.Test, Tally, ContactCheck),
        new VerdictLog(Intake.Audit, Parties, Judgements, Intake.Clock, Intake.Options), Queue, Intake.Signal,
        MergeJudged, NullLogger<JudgeSubmissions>.Instance);

    public async Task<Guid> StoreAsync(
        byte[] message, SubmissionEnvelope? envelope = null, MessageType? type = null)
    {
        type ??= Messages.Consultation;
        var received = new ReceivedMessage(
            Guid.CreateVersion7(), "amqp", Messages.Sender with { Vendor = null }, type.Name, type.Version, envelope,
            Intake.Clock.GetUtcNow());
        return await Intake.Log.StoreAsync(received, new MemoryStream(message), TestIntake.Cancellation) switch
        {
            StoreOutcome.Stored stored => stored.SubmissionId,
            StoreOutcome.Repeated repeated => repeated.SubmissionId,
            _ => throw new InvalidOperationException(),
        };
    }

    public async Task JudgeAllAsync()
    {
        // A node of its own, which has not read the senders before.
        var judge = NewJudge();
        while (await judge.StepAsync(TestIntake.Cancellation))
        {
        }
    }

    public SenderDirectory NewDirectory() => new(
        Intake.Databases.Register, TimeProvider.System, Microsoft.Extensions.Options.Options.Create(Intake.Options));

    public MergeStreams NewStreamMerge() => new(
        Intake.Databases.Register,
        new MergeStreamed(Intake.Databases.Register, Payloads, Formats, MergeAsync, Queue, PersonIdentifierPolicy.Test),
        Queue, Microsoft.Extensions.Options.Options.Create(Intake.Options), NullLogger<MergeStreams>.Instance);

    public async Task MergeAllAsync()
    {
        await Register.MergeAllAsync();
        var step = NewStreamMerge().NewWorker();
        while (await step(TestIntake.Cancellation))
        {
        }
    }

    public Task<string> StateAsync(Guid submission) => Intake.OneAsync<string>(
        "select state from intake.submission where submission_id = @submission", new { submission });

    public static byte[] HashOf(byte[] bytes) => SHA256.HashData(bytes);

    public async ValueTask DisposeAsync()
    {
        Senders.Dispose();
        await Intake.DisposeAsync();
    }

    private async Task<MergeOutcome?> MergeAsync(
        StreamedSubmission submission, Func<Npgsql.NpgsqlTransaction, MergeOutcome, Task> completeAsync,
        CancellationToken cancellation)
    {
        await using var connection = await Intake.Databases.Register.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await WriteAsync(submission, connection) is not { } outcome) return null;
        await completeAsync(transaction, outcome);
        await transaction.CommitAsync(cancellation);
        return outcome;
    }

    /// <summary>As the register merges while a message is judged.</summary>
    public async Task<JudgedOutcome?> MergeJudgedAsync(
        StreamedSubmission submission, Npgsql.NpgsqlTransaction transaction, CancellationToken cancellation) =>
        await WriteAsync(submission, transaction.Connection!) is { } outcome
            ? new JudgedOutcome(outcome, _ => Task.FromResult(KeepsPersons))
            : null;

    /// <summary>The years of the message that a newer extraction has overtaken.</summary>
    public IReadOnlyList<OvertakenPeriod> Overtaken { get; set; } = [];

    /// <summary>False when the vault has heard of a person of the message meanwhile.</summary>
    public bool KeepsPersons { get; set; } = true;

    private async Task<MergeOutcome?> WriteAsync(StreamedSubmission submission, Npgsql.NpgsqlConnection connection)
    {
        var count = 0;
        while (!submission.Reading.Type.HasIdentities && submission.Reading.Next() is { } batch)
        {
            await connection.ExecuteAsync(
                """
                insert into kit.record (sender, local_id, value)
                select @sender, id, value from unnest(@ids, @values) as sent (id, value)
                on conflict (sender, local_id) do update set value = excluded.value
                """,
                new
                {
                    sender = submission.Sender.ToString(),
                    ids = batch.LocalIds,
                    values = ((Kilde.Definitions.Reading.ColumnVector<long>)batch.Columns[0]).Values.ToArray(),
                });
            count += batch.Count;
        }

        while (submission.Reading.Type.HasIdentities && submission.Reading.NextIdentities() is { } identities)
            count += identities.Count;

        if (!submission.Reading.Outcome.IsAccepted) return null;
        await Meanwhile();
        return new MergeOutcome(submission.SubmissionId, 1, count, 0, 0, 0, Overtaken.Count > 0)
        {
            Overtaken = Overtaken,
        };
    }
}
