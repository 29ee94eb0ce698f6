using Kilde.Audit;
using Kilde.Intake.Admission;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Intake.Overview;
using Kilde.Intake.Parties;
using Kilde.Intake.Retention;
using Kilde.Intake.Senders;
using Kilde.Intake.Slash;
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
        services.AddSingleton<MergeSignal>();
        services.AddSingleton(provider => new IntakeLog(
            provider.GetRequiredService<RegisterDatabase>(), provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<PayloadCipher>(), provider.GetRequiredService<MergeSignal>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<IntakeOptions>>(),
            provider.GetRequiredService<ILogger<IntakeLog>>()));
        services.AddSingleton<AdmissionGate>();
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
        services.AddSingleton<CountSubmissions>();
        services.AddSingleton<SubmissionEvents>();
        services.AddSingleton<FindSenders>();
        services.AddSingleton<GetSeries>();
        services.AddWorker(
            "intake-announce", WorkerPace.Default, provider => provider.GetRequiredService<MergeSignal>()
                .AnnounceAsync);
        services.AddSlash();
        return services;
    }

    /// <summary>
    /// The workers that take accepted submissions to the register and remove what has expired. Any number of nodes may
    /// run them side by side.
    /// </summary>
    public static IServiceCollection AddIntakeWorkers(this IServiceCollection services)
    {
        services.AddSingleton<RemoveExpired>();
        services.AddSingleton<ReadByDefinition>();
        services.AddSingleton(provider => new MergeSubmissions(
            provider.GetRequiredService<RegisterDatabase>(), provider.GetRequiredService<PayloadCipher>(),
            provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<ReadByDefinition>().Read,
            provider.GetRequiredService<RegisterMerge>().MergeAsync, provider.GetRequiredService<MergeSignal>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<IntakeOptions>>(),
            provider.GetRequiredService<ILogger<MergeSubmissions>>()));
        services.AddSingleton<IHostedService>(provider => new IntakeWorkers([.. WorkersOf(provider)]));
        return services;
    }

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

        for (var i = 1; i <= options.MergeWorkers; i++)
            yield return WorkerRegistration.NewWorker(
                provider, $"intake-merge-{i}", pace, Gathering(provider, merge.NewWorker()), signal.Here);
        yield return WorkerRegistration.NewWorker(provider, "intake-listen", pace, signal.ListenAsync);
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
