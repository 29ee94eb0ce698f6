using System.Globalization;
using System.Security.Cryptography;
using Kilde.Definitions;
using Kilde.Host.Composition;
using Kilde.Platform.Databases;
using Kilde.Platform.Development;
using Kilde.Register;
using Kilde.Register.Tables;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Host.Up;

/// <summary>What a local environment is made of.</summary>
/// <param name="Folder">Everything it keeps: database files, keys, settings.</param>
/// <param name="PortalUrl">Where pages and API will be served.</param>
/// <param name="Machines">Clients that may fetch tokens.</param>
/// <param name="Users">Made-up persons to sign in as.</param>
/// <param name="IdentityPort">Port of the test identity provider; 0 takes a free one.</param>
/// <param name="IsDurable">
/// False turns fsync off: for tests whose data may be lost, never where durability is tested.
/// </param>
/// <param name="IsTemporary">True removes the database files when it stops.</param>
/// <param name="Databases">Databases that stand already, migrated; null makes them.</param>
public sealed record LocalEnvironmentOptions(
    string Folder, string PortalUrl, IReadOnlyList<TestMachine> Machines, IReadOnlyList<TestUser> Users,
    int IdentityPort = 0, bool IsDurable = true, bool IsTemporary = false, DatabaseLogins? Databases = null);

/// <summary>
/// The world around Kilde on one machine: PostgreSQL with both databases, keys, and the test identity provider. The
/// same for <c>kilde up</c>, end-to-end tests and benchmarks.
/// </summary>
public sealed class LocalEnvironment : IAsyncDisposable
{
    // One small machine: a table in many parts is only more tables to make and to write to.
    private const int Partitions = 2;

    private readonly PrivatePostgres? _server;

    private LocalEnvironment(PrivatePostgres? server, DatabaseLogins logins, string databasesTold)
    {
        _server = server;
        Logins = logins;
        DatabasesTold = databasesTold;
    }

    public DatabaseLogins Logins { get; }

    /// <summary>Where the databases are, without passwords.</summary>
    public string DatabasesTold { get; }

    public TestIdentityProvider Identity { get; private set; } = null!;

    /// <summary>What a Kilde process needs to be told; as settings file or environment.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private set; } = new Dictionary<string, string>();

    /// <summary>
    /// Starts PostgreSQL, or uses the one that KILDE_POSTGRES points to, and makes the databases, where they do not
    /// stand already.
    /// </summary>
    public static async Task<LocalEnvironment> StartDatabasesAsync(
        LocalEnvironmentOptions options, CancellationToken cancellation)
    {
        if (options.Databases is { } standing) return new LocalEnvironment(null, standing, "PostgreSQL as given");
        if (Environment.GetEnvironmentVariable(PrivatePostgres.InsteadVariable) is { Length: > 0 } given)
        {
            var place = new NpgsqlConnectionStringBuilder(given);
            if (string.IsNullOrEmpty(place.Password))
            {
                throw new UpException(
                    $"{PrivatePostgres.InsteadVariable} must hold the superuser's password: "
                    + "those of Kilde's own roles follow from it.");
            }

            return new LocalEnvironment(
                null, await DatabaseSetup.EnsureAsync(given, NamesFor(options), cancellation),
                $"PostgreSQL on {place.Host}:{place.Port} (KILDE_POSTGRES)");
        }

        var binaries = PostgresBinaries.Find(Path.Combine(KildeSettings.Root, "tools"))
            ?? throw new UpException(
                "There is no PostgreSQL in tools/node_modules. Start by ./kilde in the checkout, "
                + "or set KILDE_POSTGRES to a superuser's connection string.");
        var server = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions(
                binaries, Path.Combine(options.Folder, "postgres"), options.IsDurable, options.IsTemporary),
            cancellation);
        try
        {
            return new LocalEnvironment(
                server,
                await DatabaseSetup.EnsureAsync(server.SuperuserConnectionString, NamesFor(options), cancellation),
                $"PostgreSQL {binaries.Major} on 127.0.0.1:{server.Port}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the databases, and beside them the test identity provider.</summary>
    public static async Task<LocalEnvironment> StartAsync(
        LocalEnvironmentOptions options, CancellationToken cancellation)
    {
        var identity = StartProviderAsync(options, cancellation);
        LocalEnvironment environment;
        try
        {
            environment = await StartDatabasesAsync(options, cancellation);
        }
        catch
        {
            await EndAsync(identity);
            throw;
        }

        try
        {
            environment.Settle(options, await identity);
            return environment;
        }
        catch
        {
            await environment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the test identity provider and settles what the processes are told.</summary>
    public async Task StartIdentityAsync(LocalEnvironmentOptions options, CancellationToken cancellation) =>
        Settle(options, await StartProviderAsync(options, cancellation));

    /// <summary>Makes the record tables, in migrated databases.</summary>
    public async Task EnsureTablesAsync(DefinitionCatalogue definitions, CancellationToken cancellation)
    {
        await using var owner = NpgsqlDataSource.Create(Logins.RegisterOwner);
        await new RegisterTables(Options.Create(new RegisterOptions { Partitions = Partitions }))
            .EnsureAsync(owner, definitions, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Identity is not null) await Identity.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private static async Task<TestIdentityProvider> StartProviderAsync(
        LocalEnvironmentOptions options, CancellationToken cancellation)
    {
        var secret = await SecretAsync(Path.Combine(options.Folder, "portal-secret"), cancellation);
        var portal = new TestPortal(
            "kilde-portal", [$"{options.PortalUrl}/logg-inn/retur"], [$"{options.PortalUrl}/"], secret);
        return await TestIdentityProvider.StartAsync(
            new TestIdentitySetup(options.Machines, [portal], options.Users, options.IdentityPort),
            Path.Combine(KildeSettings.Root, "tools"), cancellation);
    }

    // Why it did not start is of no interest any more: something else has failed and is told of.
    private static async Task EndAsync(Task<TestIdentityProvider> starting)
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully) await (await starting).DisposeAsync();
    }

    private void Settle(LocalEnvironmentOptions options, TestIdentityProvider identity)
    {
        Identity = identity;
        Settings = SettingsOf(options);
    }

    private Dictionary<string, string> SettingsOf(LocalEnvironmentOptions options) =>
        new(StringComparer.Ordinal)
        {
            ["Definitions:Folder"] = KildeSettings.DefinitionsFolder,
            ["Identifiers"] = "synthetic",
            ["Platform:RegisterConnection"] = Logins.Register,
            ["Platform:IdentityConnection"] = Logins.Identity,
            ["Platform:RegisterOwnerConnection"] = Logins.RegisterOwner,
            ["Platform:IdentityOwnerConnection"] = Logins.IdentityOwner,
            ["Platform:KeyFolder"] = Path.Combine(options.Folder, "keys"),
            ["Platform:VaultKeyFolder"] = Path.Combine(options.Folder, "vault-keys"),
            ["Register:Partitions"] = Partitions.ToString(CultureInfo.InvariantCulture),
            ["Tokens:Issuer"] = Identity.Issuer,
            ["Intake:Slash:TakesTestTypes"] = "true",
            ["SignIn:Issuer"] = Identity.Issuer,
            ["SignIn:ClientId"] = "kilde-portal",
            ["SignIn:ClientSecretFile"] = Path.Combine(options.Folder, "portal-secret"),
            ["SignIn:CookieKeyFolder"] = Path.Combine(options.Folder, "cookie-keys"),
            ["Portal:IsTestEnvironment"] = "true",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        };

    // On a server that others use too, a temporary environment gets names of its own.
    private static DatabaseNames NamesFor(LocalEnvironmentOptions options)
    {
        if (!options.IsTemporary) return DatabaseNames.Default;
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new DatabaseNames($"kilde_register_{own}", $"kilde_identity_{own}");
    }

    private static async Task<string> SecretAsync(string file, CancellationToken cancellation)
    {
        if (File.Exists(file)) return await File.ReadAllTextAsync(file, cancellation);
        var secret = RandomNumberGenerator.GetHexString(48, lowercase: true);
        await using var writer = new StreamWriter(OwnerOnlyFile.Open(file, FileMode.CreateNew));
        await writer.WriteAsync(secret);
        return secret;
    }
}

/// <summary>Why a local environment cannot go on, and what to do about it.</summary>
public sealed class UpException(string message) : Exception(message);
