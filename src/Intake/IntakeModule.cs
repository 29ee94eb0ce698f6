using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Intake.Admission;
using Kilde.Intake.Bus;
using Kilde.Intake.Files;
using Kilde.Intake.Judging;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Parties;
using Kilde.Intake.Retention;
using Kilde.Intake.Senders;
using Kilde.Intake.Silence;
using Kilde.Intake.Slash;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Platform.Workers;
using Kilde.Register.Merging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Intake;

/// <summary>Takes messages in, keeps them safe, and brings them to the register.</summary>
public static class IntakeModule
{
    /// <summary>Tables of schema <c>intake</c>, in the register database.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(typeof(IntakeModule).Assembly, "intake");

    public static IServiceCollection AddIntake(this IServiceCollection services)
    {
        services.AddOptions<IntakeOptions>().BindConfiguration("Intake").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PayloadCipher>();
        services.AddSingleton<PayloadStore>();
        services.AddSingleton<MergeSignal>();
        services.AddSingleton(provider => XmlFormats.Of(
            provider.GetRequiredService<DefinitionCatalogue>(),
            provider.GetRequiredService<IOptions<SlashOptions>>().Value.TakesTestTypes));
        services.AddSingleton<StoreXml>();
        services.AddSingleton(provider => new ReceiveFile(
            provider.GetRequiredService<StoreXml>(), provider.GetRequiredService<SenderDirectory>(),
            provider.GetRequiredService<PartyRegister>()));
        services.AddSingleton(provider => new IntakeLog(
            provider.GetRequiredService<RegisterDatabase>(), provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<PayloadCipher>(), provider.GetRequiredService<AdmissionGate>(),
            provider.GetRequiredService<MergeSignal>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<IntakeOptions>>(),
            provider.GetRequiredService<ILogger<IntakeLog>>()));
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<HeldAnswers>();
        services.AddSingleton<SenderDirectory>();
        services.AddSingleton<ConfigureSender>();
        services.AddSingleton<EndObligation>();
        services.AddSingleton<PartyRegister>();
        services.AddSingleton<RegisterParty>();
        services.AddSingleton<RegisterCertificate>();
        services.AddSingleton(provider => new ReplaySubmission(
            provider.GetRequiredService<RegisterDatabase>(), provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<MergeSignal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FindSubmissions>();
        services.AddSingleton<GetSubmission>();
        services.AddSingleton<GetReceipt>();
        services.AddSingleton<FindTrials>();
        services.AddSingleton<CountSubmissions>();
        services.AddSingleton<SubmissionEvents>();
        services.AddSingleton<FindSenders>();
        services.AddSingleton<ListFeeds>();
        services.AddSingleton<GetSeries>();
        services.AddSingleton<FindSilences>();
        services.AddSingleton<HearOwnCounts>();
        services.AddSingleton<JudgementLog>();
        services.AddSingleton(provider => new FollowFinished(
            provider.GetRequiredService<RegisterDatabase>(), provider.GetRequiredService<JudgementLog>()));
        services.AddWorker(
            "intake-announce", WorkerPace.Default, provider => provider.GetRequiredService<MergeSignal>()
                .AnnounceAsync);
        services.AddSlash();
        return services;
    }

    /// <summary>
    /// The channels beside the API: the bus, when settings tell where it is, with messages in and receipts out; and the
    /// watched folder, when settings name one.
    /// </summary>
    public static IServiceCollection AddIntakeChannels(this IServiceCollection services)
    {
        services.AddOptions<WatchedFolderOptions>().BindConfiguration("Intake:Files");
        services.AddSingleton<WatchFolder>();
        services.AddSingleton<AnswerFiles>();
        services.AddOptions<BusOptions>().BindConfiguration("Bus").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<BusConnection>();
        services.AddSingleton<ReceiveBusMessage>();
        services.AddSingleton<AttemptLog>();
        services.AddSingleton<ReadQueues>();
        services.AddSingleton<SendReceipts>();
        services.AddSingleton<IHostedService>(provider => new IntakeWorkers([.. ChannelWorkersOf(provider)]));
        return services;
    }

    private static IEnumerable<IHostedService> ChannelWorkersOf(IServiceProvider provider)
    {
        if (provider.GetRequiredService<IOptions<WatchedFolderOptions>>().Value.WatchedFolder is { Length: > 0 })
        {
            yield return WorkerRegistration.NewWorker(
                provider, "intake-folder", WorkerPace.Default, provider.GetRequiredService<WatchFolder>().StepAsync);
            yield return WorkerRegistration.NewWorker(
                provider, "intake-folder-receipts", WorkerPace.Default,
                provider.GetRequiredService<AnswerFiles>().StepAsync);
        }

        if (provider.GetRequiredService<IOptions<BusOptions>>().Value.Address is null) yield break;
        yield return WorkerRegistration.NewWorker(
            provider, "intake-bus", WorkerPace.Default, provider.GetRequiredService<ReadQueues>().StepAsync);
        yield return WorkerRegistration.NewWorker(
            provider, "intake-receipts", WorkerPace.Default, provider.GetRequiredService<SendReceipts>().StepAsync);
    }

    /// <summary>
    /// The workers that take accepted submissions to the register and remove what has expired. Any number of nodes may
    /// run them side by side.
    /// </summary>
    public static IServiceCollection AddIntakeWorkers(this IServiceCollection services)
    {
        services.AddSingleton<RemoveExpired>();
        services.AddSingleton<WatchFeeds>();
        services.AddSingleton<WatchLacks>();
        services.AddSingleton<ReadByDefinition>();
        services.AddSingleton<SubmissionQueue>();
        services.AddSingleton(provider => new JudgeMessage(
            provider.GetRequiredService<SenderDirectory>(), provider.GetRequiredService<XmlFormats>(),
            provider.GetRequiredService<PersonIdentifierPolicy>(), provider.GetService<ISubmissionTally>(),
            provider.GetService<IContactCheck>()));
        services.AddSingleton(provider => new VerdictLog(
            provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<PartyRegister>(),
            provider.GetRequiredService<JudgementLog>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<IntakeOptions>>().Value));
        services.AddSingleton<MergeJudgedIntoRegister>(provider =>
            (submission, transaction, cancellation) => provider.GetRequiredService<StreamedMerge>()
                .MergeWhileJudgedAsync(ReadingOf(submission), transaction, cancellation));
        services.AddSingleton<JudgeSubmissions>();
        services.AddSingleton<MergeStreamIntoRegister>(provider =>
            (submission, completeAsync, cancellation) => provider.GetRequiredService<StreamedMerge>().MergeAsync(
                ReadingOf(submission), completeAsync, cancellation));
        services.AddSingleton<MergeStreamed>();
        services.AddSingleton<MergeStreams>();
        services.AddSingleton(provider => new MergeSubmissions(
            provider.GetRequiredService<RegisterDatabase>(), provider.GetRequiredService<PayloadCipher>(),
            provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<ReadByDefinition>().Read,
            provider.GetRequiredService<RegisterMerge>().MergeAsync, provider.GetRequiredService<MergeSignal>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<IntakeOptions>>(),
            provider.GetRequiredService<ILogger<MergeSubmissions>>()));
        services.AddSingleton<IHostedService>(provider => new IntakeWorkers([.. WorkersOf(provider)]));
        return services;
    }

    private static SubmissionReading ReadingOf(StreamedSubmission submission) =>
        new(submission.SubmissionId, submission.Sender, submission.ReceivedOn, submission.Reading);

    private static IEnumerable<IHostedService> WorkersOf(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<IntakeOptions>>().Value;
        var signal = provider.GetRequiredService<MergeSignal>();
        var merge = provider.GetRequiredService<MergeSubmissions>();
        var pace = WorkerPace.Default with
        {
            IdleWait = TimeSpan.FromSeconds(options.MergeIdleSeconds),
            FailureWaitMax = TimeSpan.FromSeconds(options.MergeOutagePauseSecondsMax),
        };
        var removal = pace with { IdleWait = TimeSpan.FromSeconds(options.RetentionSeconds) };

        for (var i = 1; i <= options.JudgeWorkers; i++)
            yield return WorkerRegistration.NewWorker(
                provider, $"intake-judge-{i}", pace, provider.GetRequiredService<JudgeSubmissions>().StepAsync,
                signal.Unjudged);
        for (var i = 1; i <= options.MergeWorkers; i++)
            yield return WorkerRegistration.NewWorker(
                provider, $"intake-merge-{i}", pace, Gathering(provider, merge.NewWorker()), signal.InMemory);
        for (var i = 1; i <= options.StreamMergeWorkers; i++)
            yield return WorkerRegistration.NewWorker(
                provider, $"intake-merge-stream-{i}", pace,
                provider.GetRequiredService<MergeStreams>().NewWorker(), signal.Streamed);
        yield return WorkerRegistration.NewWorker(provider, "intake-listen", pace, signal.ListenAsync);
        yield return WorkerRegistration.NewWorker(
            provider, "intake-silence", pace with { IdleWait = TimeSpan.FromMinutes(1) },
            provider.GetRequiredService<WatchFeeds>().StepAsync);
        yield return WorkerRegistration.NewWorker(
            provider, "intake-lacks", pace with { IdleWait = TimeSpan.FromMinutes(1) },
            provider.GetRequiredService<WatchLacks>().StepAsync);
        yield return WorkerRegistration.NewWorker(
            provider, "intake-retention", removal, provider.GetRequiredService<RemoveExpired>().StepAsync);
    }

    // Senders wait for the intake and nobody waits for the merge, and a merge costs much more than what is in it. So
    // what comes soon after a merge is left to gather: however messages come, merges take their bounded share.
    private static Func<CancellationToken, Task<bool>> Gathering(
        IServiceProvider provider, Func<CancellationToken, Task<bool>> mergeAsync)
    {
        var clock = provider.GetRequiredService<TimeProvider>();
        var pause = TimeSpan.FromMilliseconds(
            provider.GetRequiredService<IOptions<IntakeOptions>>().Value.MergePauseMilliseconds);
        var begunAt = clock.GetUtcNow() - pause;
        return async cancellation =>
        {
            var wait = begunAt + pause - clock.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait < pause ? wait : pause, clock, cancellation);
            begunAt = clock.GetUtcNow();
            return await mergeAsync(cancellation);
        };
    }
}
