using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Kilde.Platform.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Platform;

/// <summary>What every module stands on: databases, keys, the clock and telemetry. Nothing of health.</summary>
public static class PlatformModule
{
    public static IServiceCollection AddPlatform(this IServiceCollection services)
    {
        DapperConventions.Apply();
        services.AddOptions<PlatformOptions>().BindConfiguration("Platform")
            .ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
            new RegisterDatabase(Open(Options(provider).RegisterConnection)));
        services.TryAddSingleton(provider =>
            new IdentityDatabase(Open(
                Options(provider).IdentityConnection ?? throw new InvalidOperationException(
                    "This node has no login to the vault: Platform:IdentityConnection is not set."))));
        services.TryAddSingleton<IKeyStore>(provider => new FileKeyStore(Options(provider).KeyFolder));
        services.TryAddSingleton(provider => new VaultKeys(new FileKeyStore(
            Options(provider).VaultKeyFolder ?? throw new InvalidOperationException(
                "This node has no keys of the vault: Platform:VaultKeyFolder is not set."))));
        QuietLoggerFactory.Use(services);
        services.AddHostedService<TelemetryExport>();
        return services;
    }

    // What we set in a session is set for one transaction, and a session that goes back to the pool has ended its own:
    // there is nothing to reset. Npgsql would do it each time, by seven statements.
    private static NpgsqlDataSource Open(string connection) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = true });

    private static PlatformOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<PlatformOptions>>().Value;
}
