using Kilde.Platform.Databases;
using Kilde.Platform.Keys;
using Kilde.Platform.Keys.Pkcs11;
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
        services.TryAddSingleton(provider => KeysOf(
            Options(provider).KeyToken, Options(provider).KeyFolder,
            "This node has no keys: neither Platform:KeyFolder nor Platform:KeyToken is set."));
        services.TryAddSingleton(provider => new VaultKeys(KeysOf(
            Options(provider).VaultKeyToken, Options(provider).VaultKeyFolder,
            "This node has no keys of the vault: neither Platform:VaultKeyFolder nor Platform:VaultKeyToken is set.")));
        QuietLoggerFactory.Use(services);
        services.AddHostedService<TelemetryExport>();
        return services;
    }

    // What we set in a session is set for one transaction, and a session that goes back to the pool has ended its own:
    // there is nothing to reset. Npgsql would do it each time, by seven statements.
    private static NpgsqlDataSource Open(string connection) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = true });

    private static IKeyStore KeysOf(KeyTokenOptions? token, string? folder, string otherwise)
    {
        if (token is null)
            return new FileKeyStore(folder ?? throw new InvalidOperationException(otherwise));
        var pin = token.Pin ?? (token.PinFile is { } file ? File.ReadAllText(file).Trim() : null);
        return new TokenKeyStore(
            token.Module, token.Label,
            pin ?? throw new InvalidOperationException($"There is no PIN for the token «{token.Label}»."));
    }

    private static PlatformOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<PlatformOptions>>().Value;
}
