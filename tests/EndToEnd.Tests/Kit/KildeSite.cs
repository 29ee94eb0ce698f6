using System.Net;
using Kilde.Host.Composition;
using Kilde.Host.Up;
using Kilde.Intake.Senders;
using Kilde.Intake.Slash.Client;
using Kilde.Platform.Development;
using Kilde.Synthetic;
using Kilde.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>
/// Kilde as it runs for real: a server process, PostgreSQL, the test identity provider, and synthetic units configured
/// as senders. The server can be killed and started again on the same data.
/// </summary>
public sealed class KildeSite : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo _folder;
    private readonly LocalEnvironment _environment;
    private readonly TestDatabases? _databases;
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 });
    private readonly IReadOnlyDictionary<string, string> _more;
    private readonly int _port;

    private KildeSite(
        DirectoryInfo folder, LocalEnvironment environment, TestDatabases? databases, SyntheticNorway norway,
        IReadOnlyList<LocalSender> senders, int port, IReadOnlyDictionary<string, string> more)
    {
        (_folder, _environment, _databases) = (folder, environment, databases);
        (Norway, Senders, _port, _more) = (norway, senders, port, more);
    }

    public static DateOnly Day { get; } = SyntheticNorway.WorkDayOnOrBefore(
        DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));

    public SyntheticNorway Norway { get; }

    public IReadOnlyList<LocalSender> Senders { get; }

    public KildeProcess Server { get; private set; } = null!;

    public string Folder => _folder.FullName;

    public string Url => $"http://127.0.0.1:{_port}";

    public string RegisterLogin => _environment.Logins.Register;

    public string IdentityLogin => _environment.Logins.Identity;

    /// <summary>The lines of every server that ran, in order.</summary>
    public List<string> Log { get; } = [];

    /// <param name="more">Settings over the usual ones, as <c>Section:Name</c>.</param>
    /// <param name="users">Persons to sign in as, beside the usual ones.</param>
    /// <param name="hasOwnServer">
    /// True for a durable PostgreSQL server of its own; false for databases of its own on the server of the tests.
    /// </param>
    public static async Task<KildeSite> StartAsync(
        CancellationToken cancellation, IReadOnlyDictionary<string, string>? more = null, NorwaySize? size = null,
        IReadOnlyList<TestUser>? users = null, bool hasOwnServer = false)
    {
        var folder = Directory.CreateTempSubdirectory("kilde-end-to-end-");
        var norway = SyntheticNorway.Create(7, size ?? NorwaySize.Small);
        var senders = await LocalSenders.LoadOrCreateAsync(norway.Units, folder.FullName, cancellation);
        var port = LocalPort.Free();
        var databases = hasOwnServer ? null : await NewDatabasesAsync();
        var options = new LocalEnvironmentOptions(
            folder.FullName, $"http://127.0.0.1:{port}", [.. senders.Select(sender => sender.ToMachine())],
            [.. LocalUsers.Of(norway), .. users ?? []], IsTemporary: true, Databases: databases?.Logins);
        var environment = await LocalEnvironment.StartAsync(options, cancellation);
        try
        {
            var site = new KildeSite(
                folder, environment, databases, norway, senders, port, more ?? new Dictionary<string, string>());
            await site.PrepareAsync(cancellation);
            await site.StartServerAsync(cancellation);
            return site;
        }
        catch
        {
            await environment.DisposeAsync();
            if (databases is not null) await databases.DisposeAsync();
            throw;
        }
    }

    private static async Task<TestDatabases> NewDatabasesAsync()
    {
        var server = await TestContext.Current.GetFixture<PostgresServer>()
            ?? throw new InvalidOperationException("The assembly has no PostgreSQL server.");
        return await server.NewWholeDatabasesAsync();
    }

    public async Task StartServerAsync(CancellationToken cancellation) =>
        Server = await StartAsync(Url, ["serve", "--urls", Url], Environment, cancellation);

    /// <summary>
    /// Another node of this site, that only receives: it is told neither how to log in to the vault nor where its keys
    /// are. The caller disposes it.
    /// </summary>
    public Task<KildeProcess> StartIntakeNodeAsync(string url, CancellationToken cancellation) => StartAsync(
        url, ["serve", "--roles", "intake", "--urls", url],
        Environment.Where(setting => !IsOfVault(setting.Key)), cancellation);

    /// <summary>What a node that only receives is told.</summary>
    public IEnumerable<KeyValuePair<string, string>> IntakeSettings =>
        _environment.Settings.Where(setting => !IsOfVault(setting.Key));

    private static bool IsOfVault(string setting) =>
        setting.Contains("Identity", StringComparison.Ordinal) || setting.Contains("Vault", StringComparison.Ordinal);

    private async Task<KildeProcess> StartAsync(
        string url, IEnumerable<string> command, IEnumerable<KeyValuePair<string, string>> environment,
        CancellationToken cancellation)
    {
        var server = KildeProcess.Start(command, environment);
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < StartMax && !server.HasExited)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri($"{url}/health"), cancellation);
                if (answer.StatusCode == HttpStatusCode.OK) return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(PollInterval, cancellation);
            }
        }

        throw new InvalidOperationException($"Kilde did not start: {server.Output}");
    }

    /// <summary>SIGKILL at this very moment.</summary>
    public async Task KillServerAsync()
    {
        await Server.KillAsync();
        Log.AddRange(Server.Lines);
    }

    public SlashClient Connect(LocalSender sender, string? url = null) =>
        sender.ToProfile(_environment.Identity.Issuer, url ?? Url, Day).Connect(_http, sender.Key, TimeProvider.System);

    public Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> command, CancellationToken cancellation) =>
        KildeProcess.RunAsync(command, Environment, cancellation);

    /// <summary>Asks the register until the answer is as wanted, within a minute.</summary>
    public async Task<T> WaitForAsync<T>(string sql, Predicate<T> isWanted, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(RegisterLogin);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await using var command = database.CreateCommand(sql);
            var answer = (T)(await command.ExecuteScalarAsync(cancellation))!;
            if (isWanted(answer)) return answer;
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(1))
                throw new TimeoutException($"After a minute the answer is still {answer}: {sql}\n{Server.Output}");
            await Task.Delay(PollInterval, cancellation);
        }
    }

    /// <summary>What somebody does to the register who owns its tables.</summary>
    public async Task AlterAsync(string sql, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(_environment.Logins.RegisterOwner);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first column of what a query of the register gives.</summary>
    public async Task<T[]> ReadAsync<T>(string sql, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(RegisterLogin);
        await using var command = database.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var values = new List<T>();
        while (await rows.ReadAsync(cancellation)) values.Add(rows.GetFieldValue<T>(0));
        return [.. values];
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null) await Server.DisposeAsync();
        await _environment.DisposeAsync();
        if (_databases is not null) await _databases.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>What every process of this site is told.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
        _environment.Settings.ExceptBy(_more.Keys, setting => setting.Key).Concat(_more)
            .Append(new("KILDE_DATA", Folder))
            .Select(setting => KeyValuePair.Create(
                setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value));

    /// <summary>Does something with the modules in this process, beside the server.</summary>
    public async Task UseAsync(Func<IServiceProvider, Task> actAsync)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(_environment.Settings!)
            .AddInMemoryCollection([new("Quality:ActivityFolder", Repository.At("definitions", "activity"))])
            .AddInMemoryCollection(_more!)
            .Build();
        await using var services = KildeApplication.CreateServices(settings);
        await actAsync(services);
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        if (_databases is null)
        {
            await DatabaseMigrations.ApplyAsync(
                _environment.Logins.RegisterOwner, _environment.Logins.IdentityOwner, cancellation);
        }

        await UseAsync(services => PrepareAsync(services, cancellation));
    }

    private async Task PrepareAsync(IServiceProvider services, CancellationToken cancellation)
    {
        if (_databases is null || _more.ContainsKey("Definitions:Folder"))
            await KildeApplication.EnsureTablesAsync(services, _environment.Logins.RegisterOwner, cancellation);
        var catalogue = services.GetRequiredService<Kilde.Definitions.DefinitionCatalogue>();
        string[] types = [.. catalogue.MessageTypes.Select(type => type.Name).Distinct()];
        await LocalSenders.ConfigureAsync(
            Senders, services.GetRequiredService<ConfigureSender>(), _ => types, Day.AddYears(-1), cancellation);
        await LocalSenders.SaveProfilesAsync(
            Senders, Path.Combine(Folder, "senders"), _environment.Identity.Issuer, Url, Day, cancellation);
    }
}
