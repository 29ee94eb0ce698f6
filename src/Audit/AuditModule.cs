using Kilde.Audit.Verification;
using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Kilde.Platform.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kilde.Audit;

/// <summary>The append-only, hash-chained log of every access, in each database that must be audited.</summary>
public static class AuditModule
{
    /// <summary>For both databases.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
        Migration.Of(typeof(AuditModule).Assembly, "audit");

    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration("Audit").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new AuditLog(
            provider.GetRequiredService<IKeyStore>(), provider.GetRequiredService<TimeProvider>(), Options(provider)));
        services.AddSingleton(provider => new MakeCheckpoint(
            provider.GetRequiredService<IKeyStore>(), provider.GetRequiredService<TimeProvider>(), Options(provider)));
        services.AddSingleton(provider =>
            new AuditVerifier(provider.GetRequiredService<IKeyStore>(), Options(provider)));
        services.AddSingleton<VerifyLog>();
        services.AddSingleton(provider =>
            new AuditStore(AuditStore.Register, provider.GetRequiredService<RegisterDatabase>().Source));
        services.AddSingleton(provider =>
            new AuditStore(AuditStore.Identity, provider.GetRequiredService<IdentityDatabase>().Source));
        return services;
    }

    /// <summary>Signs checkpoints of both logs in the background.</summary>
    public static IServiceCollection AddAuditWorkers(this IServiceCollection services) =>
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostedService>(provider =>
        {
            var make = provider.GetRequiredService<MakeCheckpoint>();
            var stores = provider.GetServices<AuditStore>().ToArray();
            var pace = WorkerPace.Default with { IdleWait = TimeSpan.FromSeconds(Options(provider).CheckpointSeconds) };
            return WorkerRegistration.NewWorker(provider, "audit-checkpoint", pace, async cancellation =>
            {
                foreach (var store in stores) await make.HandleAsync(store, cancellation);
                return false;
            });
        });

    private static AuditOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<AuditOptions>>().Value;
}
