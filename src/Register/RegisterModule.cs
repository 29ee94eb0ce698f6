using Kilde.Platform.Databases;
using Kilde.Platform.Workers;
using Kilde.Register.Chains;
using Kilde.Register.Comparing;
using Kilde.Register.Contacts;
using Kilde.Register.Feed;
using Kilde.Register.Merging;
using Kilde.Register.Periods;
using Kilde.Register.Persons;
using Kilde.Register.Reading;
using Kilde.Register.Returning;
using Kilde.Register.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Register;

/// <summary>Records with a full history, the change feed, and what was known when.</summary>
public static class RegisterModule
{
    private static readonly WorkerPace TrimPace = WorkerPace.Default with { IdleWait = TimeSpan.FromHours(1) };

    /// <summary>For the register's database.</summary>
    public static IReadOnlyList<Migration> Migrations => Migration.Of(typeof(RegisterModule).Assembly, "register");

    public static IServiceCollection AddRegister(this IServiceCollection services)
    {
        services.AddOptions<RegisterOptions>()
            .BindConfiguration("Register").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RegisterTables>();
        services.AddSingleton<FollowPersonChanges>();
        services.AddSingleton<RegisterMerge>();
        services.AddSingleton<StreamedMerge>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<TrimFeed>();
        services.AddSingleton<RegisterReader>();
        services.AddSingleton<CompareRecords>();
        services.AddSingleton<ReadOwnRecords>();
        services.AddSingleton<CountActivity>();
        services.AddSingleton<CountRecords>();
        services.AddSingleton<CountFilled>();
        services.AddSingleton<CountVolumes>();
        services.AddSingleton<CountEmergencyChains>();
        services.AddSingleton<CountSensitive>();
        services.AddSingleton<CountUnknownPersons>();
        services.AddSingleton<FindMissingHalves>();
        services.AddSingleton<FindChainHoles>();
        services.AddSingleton<ExcludeFromStatistics>();
        services.AddSingleton<EndShare>();
        return services;
    }

    /// <summary>
    /// The register's work in the background: it follows the vault's person changes, and trims the feed.
    /// </summary>
    public static IServiceCollection AddRegisterWorkers(this IServiceCollection services) =>
        services.AddWorker(
            "register.follow-person-changes",
            WorkerPace.Default,
            provider =>
            {
                var follow = provider.GetRequiredService<FollowPersonChanges>();
                return async cancellation => await follow.FollowAsync(cancellation) > 0;
            })
            .AddWorker(
                "register.trim-feed", TrimPace, provider => provider.GetRequiredService<TrimFeed>().StepAsync);
}
