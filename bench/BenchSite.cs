using System.Collections.Concurrent;
using System.Diagnostics;
using Kilde.Definitions;
using Kilde.Host.Composition;
using Kilde.Host.Up;
using Kilde.Intake.Senders;
using Kilde.Intake.Slash.Client;
using Kilde.Platform.Development;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.Bench;

/// <summary>A durable local environment with the server in a process of its own, as it runs for real.</summary>
internal sealed class BenchSite : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder;
    private readonly DefinitionCatalogue _definitions;
    private readonly ConcurrentDictionary<string, SlashClient> _clients = new(StringComparer.Ordinal);
    private Process? _server;
    private int _postmaster;

    private BenchSite(
        DirectoryInfo folder, LocalEnvironment environment, DefinitionCatalogue definitions, SyntheticNorway norway,
        IReadOnlyList<LocalSender> senders, int port)
    {
        (_folder, Environment, _definitions, Norway, Senders) = (folder, environment, definitions, norway, senders);
        Url = $"http://127.0.0.1:{port}";
    }

    public LocalEnvironment Environment { get; }

    public SyntheticNorway Norway { get; }

    public IReadOnlyList<LocalSender> Senders { get; }

    public string Url { get; }

    public static DateOnly Day { get; } = SyntheticNorway.WorkDayOnOrBefore(
        DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));

    /// <summary>Memory the server holds now, in mebibytes.</summary>
    public long ServerMebibytes
    {
        get
        {
            _server!.Refresh();
            return _server.WorkingSet64 >> 20;
        }
    }

    /// <summary>The most memory the server holds from now on.</summary>
    public PeakMemory PeakOfServer() => new(_server!.Id);

    public Task<ProcessorTime> ProcessorTimeAsync(CancellationToken cancellation) =>
        ProcessorTimeAsync(_server!.Id, cancellation);

    /// <summary>Where this process does the work itself.</summary>
    public Task<ProcessorTime> OwnProcessorTimeAsync(CancellationToken cancellation) =>
        ProcessorTimeAsync(System.Environment.ProcessId, cancellation);

    private async Task<ProcessorTime> ProcessorTimeAsync(int server, CancellationToken cancellation) =>
        ProcessorTime.Now(server, await FindPostmasterAsync(cancellation));

    private async Task<int> FindPostmasterAsync(CancellationToken cancellation)
    {
        if (_postmaster != 0) return _postmaster;
        await using var database = NpgsqlDataSource.Create(Environment.Logins.RegisterOwner);
        await using var command = database.CreateCommand("select pg_backend_pid()");
        return _postmaster = ProcessorTime.ParentOf((int)(await command.ExecuteScalarAsync(cancellation))!);
    }

    /// <summary>Databases and identity provider, migrated and configured; no server yet.</summary>
    /// <param name="newKey">What the senders sign by: RSA as FHI's client, or P-256, cheap for the load.</param>
    public static async Task<BenchSite> PrepareAsync(
        NorwaySize size, Func<ClientKey> newKey, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("kilde-bench-");
        var norway = SyntheticNorway.Create(11, size);
        var port = LocalPort.Free();
        var options = new LocalEnvironmentOptions(
            folder.FullName, $"http://127.0.0.1:{port}", [], [], IsTemporary: true);

        // Keys and definitions need a processor and no database.
        var senders = Task.Run(
            () => norway.Units.AsParallel().AsOrdered().Select(unit => new LocalSender(unit, newKey())).ToArray(),
            cancellation);
        var definitions = Task.Run(
            () => KildeApplication.ReadDefinitions(new ConfigurationBuilder().Build()), cancellation);
        var environment = await LocalEnvironment.StartDatabasesAsync(options, cancellation);
        var identity = StartIdentityAsync();
        await DatabaseMigrations.ApplyAsync(
            environment.Logins.RegisterOwner, environment.Logins.IdentityOwner, cancellation);
        await environment.EnsureTablesAsync(await definitions, cancellation);
        await identity;

        var site = new BenchSite(folder, environment, await definitions, norway, await senders, port);
        await using var services = site.CreateServices();
        string[] types = [.. site._definitions.MessageTypes.Select(type => type.Name).Distinct()];
        await LocalSenders.ConfigureAsync(
            site.Senders, services.GetRequiredService<ConfigureSender>(), _ => types, Day.AddYears(-1), cancellation);
        return site;

        async Task StartIdentityAsync()
        {
            TestMachine[] machines = [.. (await senders).Select(sender => sender.ToMachine())];
            await environment.StartIdentityAsync(options with { Machines = machines }, cancellation);
        }
    }

    /// <summary>The modules in this process, on the site's databases.</summary>
    public ServiceProvider CreateServices() => KildeApplication.CreateServices(
        new ConfigurationBuilder()
            .AddInMemoryCollection(Environment.Settings.Select(setting =>
                KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build(),
        _definitions);

    /// <summary>Starts the server. From now on the site gives way to the senders.</summary>
    /// <remarks>
    /// Senders are other machines. Where they share processors with the site they go first: what is measured is how
    /// long the site takes, and not how long a sender waits to be let to a processor and read its answer.
    /// </remarks>
    public async Task StartServerAsync(HttpClient http, CancellationToken cancellation)
    {
        using (var postmaster = Process.GetProcessById(await FindPostmasterAsync(cancellation)))
            postmaster.PriorityClass = ProcessPriorityClass.BelowNormal;
        var binary = Path.Combine(AppContext.BaseDirectory, "kilde.dll");
        var start = new ProcessStartInfo("nice", ["-n", "10", "dotnet", binary, "serve", "--urls", Url])
        {
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment.Settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        _server = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");

        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < StartMax)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"{Url}/health"), cancellation);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, cancellation);
            }
        }

        throw new TimeoutException("The server did not answer within 90 seconds.");
    }

    /// <summary>The sender's client; one for all its connections, as a token is.</summary>
    public SlashClient Connect(HttpClient http, LocalSender sender) => _clients.GetOrAdd(
        sender.ClientId,
        _ => sender.ToProfile(Environment.Identity.Issuer, Url, Day).Connect(http, sender.Key, TimeProvider.System));

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false }) _server.Kill();
        _server?.Dispose();
        foreach (var client in _clients.Values) client.Dispose();
        await Environment.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
