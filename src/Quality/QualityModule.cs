using Kilde.Definitions;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Kilde.Platform.Workers;
using Kilde.Quality.Activity;
using Kilde.Quality.Calendar;
using Kilde.Quality.Cases;
using Kilde.Quality.Caveats;
using Kilde.Quality.Checks;
using Kilde.Quality.Completeness;
using Kilde.Quality.Contacts;
using Kilde.Quality.Declaration;
using Kilde.Quality.Eligible;
using Kilde.Quality.Figures;
using Kilde.Quality.FollowUps;
using Kilde.Quality.Overview;
using Kilde.Quality.Reservations;
using Kilde.Quality.Returning;
using Kilde.Quality.Sending;
using Kilde.Quality.SignOffs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kilde.Quality;

/// <summary>
/// Checks of what the register holds, feedback to senders, the reporting calendar, and statistics of errors.
/// </summary>
public static class QualityModule
{
    private static readonly TimeSpan RetentionPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ReturnPause = TimeSpan.FromMinutes(1);

    // What has ended is recorded many at once, and what is queued on another node is sent a little later: neither is
    // worth a question a second. Where messages come all the time, following them takes a fifth of a processor at most.
    private static readonly WorkerPace Unhurried =
        WorkerPace.Default with { IdleWait = TimeSpan.FromSeconds(5), RestsTimes = 4 };

    /// <summary>Tables of schema <c>quality</c>, in the register database.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(typeof(QualityModule).Assembly, "quality");

    /// <summary>What reads and writes feedback. A gateway that is added before wins over the letter box.</summary>
    public static IServiceCollection AddQuality(this IServiceCollection services)
    {
        services.AddOptions<QualityOptions>().BindConfiguration("Quality").ValidateDataAnnotations().ValidateOnStart();
        // What receives from the internet has no business in feedback, and so no keys to it.
        services.AddSingleton(provider => new Sealing(provider.GetRequiredService<VaultKeys>().Store));
        services.AddSingleton<ContactBook>();
        services.AddSingleton<SendSignal>();
        services.AddSingleton<QueueFeedback>();
        services.AddSingleton(provider => ActivityFormFiles.Load(
            provider.GetRequiredService<IOptions<QualityOptions>>().Value.ActivityFolder,
            provider.GetRequiredService<DefinitionCatalogue>()));
        services.AddSingleton<FindHalf>();
        services.AddSingleton<WriteDocuments>();
        services.AddSingleton<RecordCase>();
        services.AddSingleton<LetterBox>();
        services.TryAddSingleton<IRegisterCounts, RegisterActivity>();
        services.TryAddSingleton<ISmsPort>(provider => provider.GetRequiredService<LetterBox>());
        services.TryAddSingleton<IMailPort>(provider =>
            provider.GetRequiredService<IOptions<QualityOptions>>().Value.Smtp is null
                ? provider.GetRequiredService<LetterBox>()
                : ActivatorUtilities.CreateInstance<SmtpMail>(provider));
        services.AddSingleton<IReadOnlyList<ReportingCalendar>>(provider =>
            CalendarFiles.Load(provider.GetRequiredService<IOptions<QualityOptions>>().Value.CalendarFolder));
        services.TryAddSingleton<IReportingObligations, NoObligations>();
        services.AddSingleton<GetCalendar>();
        services.AddSingleton<ExpectedReports>();
        services.AddSingleton<ChooseCalendar>();
        services.AddSingleton<CompletenessTable>();
        services.AddSingleton<AnalyseCompleteness>();
        services.AddSingleton<ReportReservationLoss>();
        services.AddSingleton<FindFeedback>();
        services.AddSingleton<OpenFeedback>();
        services.AddSingleton<FindOutbox>();
        services.AddSingleton<CountErrors>();
        services.AddSingleton<CountUnanswered>();
        services.AddSingleton<FindPairs>();
        services.AddSingleton<FindShortfalls>();
        services.AddSingleton<FindFollowUps>();
        services.AddSingleton<RecordFollowUp>();
        services.AddSingleton<CheckedLists>();
        services.AddSingleton<CheckLimits>();
        services.AddSingleton<SetCheckLimit>();
        services.AddSingleton<RunChecks>();
        services.AddSingleton<TryCheck>();
        services.AddSingleton<FindFindings>();
        services.AddSingleton<SuggestEdits>();
        services.AddSingleton<AnswerFinding>();
        services.AddSingleton<JudgeRecords>();
        services.AddSingleton<RecordCaveat>();
        services.AddSingleton<FindCaveats>();
        services.AddSingleton<RunFigures>();
        services.AddSingleton<FindFigures>();
        services.AddSingleton<DeclareQuality>();
        services.AddSingleton<KeptDeclarations>();
        services.AddSingleton<GradeProduct>();
        services.AddSingleton<WeighFindings>();
        services.AddSingleton<SignOff>();
        services.AddSingleton<ReadYear>();
        return services.AddReturning();
    }

    private static IServiceCollection AddReturning(this IServiceCollection services) => services
        .AddSingleton<ReturnRecords>()
        .AddSingleton<ReturnSignal>()
        .AddSingleton<RestReturn>()
        .AddSingleton<OrderReturn>()
        .AddSingleton<FindReturns>()
        .AddSingleton<FetchReturn>();

    /// <summary>Follows what intake has finished, sends, and removes. Any number of nodes may run them.</summary>
    public static IServiceCollection AddQualityWorkers(this IServiceCollection services)
    {
        services.AddSingleton<FollowCases>();
        services.AddSingleton<FollowChanges>();
        services.AddSingleton<FollowFigures>();
        services.AddSingleton<SendOutbox>();
        services.AddSingleton<RemoveExpired>();
        services.AddSingleton<MakeReturns>();
        services.AddWorker("quality-follow", Unhurried, provider =>
            provider.GetRequiredService<FollowCases>().StepAsync);
        services.AddWorker("quality-check", Unhurried, provider =>
            provider.GetRequiredService<FollowChanges>().StepAsync);
        services.AddWorker("quality-figures", Unhurried, provider =>
            provider.GetRequiredService<FollowFigures>().StepAsync);
        services.AddWorker(
            "quality-send", Unhurried, provider => provider.GetRequiredService<SendOutbox>().StepAsync,
            provider => provider.GetRequiredService<SendSignal>().Signal);
        services.AddWorker(
            "quality-return", WorkerPace.Default with { IdleWait = ReturnPause },
            provider => provider.GetRequiredService<MakeReturns>().StepAsync,
            provider => provider.GetRequiredService<ReturnSignal>().Signal);
        services.AddWorker(
            "quality-retention", WorkerPace.Default with { IdleWait = RetentionPause },
            provider => provider.GetRequiredService<RemoveExpired>().StepAsync);
        return services;
    }
}
