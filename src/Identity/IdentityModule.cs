using Kilde.Audit;
using Kilde.Identity.Crypto;
using Kilde.Identity.Linking;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Kilde.Platform.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kilde.Identity;

/// <summary>The vault: identifiers of persons, encrypted, and the random keys the register knows them by.</summary>
public static class IdentityModule
{
    private static readonly WorkerPace IdlePace =
        WorkerPace.Default with { IdleWait = TimeSpan.FromMinutes(1) };

    /// <summary>For the vault's own database.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
        Migration.Of(typeof(IdentityModule).Assembly, "identity");

    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddOptions<IdentityOptions>().BindConfiguration("Identity")
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new IdentityVault(
            provider.GetRequiredService<IdentityDatabase>(), Keys(provider),
            provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<IdentityOptions>>().Value));
        services.AddSingleton<LinkPersons>();
        services.AddSingleton<LinkCandidates>();
        services.AddSingleton<MergeDecided>();
        services.AddSingleton(provider =>
            new DataKeys(Keys(provider), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LoggedDecryption>();
        services.AddSingleton(provider => new RevealPersons(
            provider.GetRequiredService<IdentityDatabase>(), provider.GetRequiredService<LoggedDecryption>()));
        services.AddSingleton(provider => new RotateKeys(
            provider.GetRequiredService<IdentityDatabase>(), Keys(provider),
            provider.GetRequiredService<DataKeys>(), provider.GetRequiredService<LoggedDecryption>(),
            provider.GetRequiredService<AuditLog>()));
        return services;
    }

    /// <summary>
    /// Encrypts identifiers anew in the background after a rotation, and merges whom the population register says are
    /// one.
    /// </summary>
    public static IServiceCollection AddIdentityWorkers(this IServiceCollection services) =>
        services.AddWorker("identity-reencryption", IdlePace, provider =>
                provider.GetRequiredService<RotateKeys>().StepAsync)
            .AddWorker("identity-merge-decided", IdlePace, provider =>
                provider.GetRequiredService<MergeDecided>().StepAsync);

    private static IKeyStore Keys(IServiceProvider provider) => provider.GetRequiredService<VaultKeys>().Store;
}
