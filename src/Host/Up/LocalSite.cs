using System.Net.Sockets;
using Kilde.Definitions;
using Kilde.Host.Composition;
using Kilde.Intake.Overview;
using Kilde.Intake.Senders;
using Kilde.Platform.Development;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>
/// Kilde with all its roles on this machine, with the world around it and a synthetic Norway that reports.
/// </summary>
internal sealed class LocalSite : IAsyncDisposable
{
    private const int IdentityPortAfter = 1;
    internal const long Seed = 2026;
    private const int SentYear = 2019;
    private const double ErrorShare = 0.12;
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    private readonly LocalEnvironment _environment;
    private readonly LocalBus? _bus;
    private readonly WebApplication _application;

    private LocalSite(LocalEnvironment environment, LocalBus? bus, WebApplication application, string url)
    {
        _environment = environment;
        _bus = bus;
        _application = application;
        Url = url;
    }

    public string Url { get; }

    public string Issuer => _environment.Identity.Issuer;

    public string DatabasesTold => _environment.DatabasesTold;

    /// <summary>Where the message bus is; null without one.</summary>
    public string? BusTold => _bus?.Told;

    public static async Task<LocalSite> StartAsync(
        int port, bool hasBus, Steps steps, CancellationToken cancellation)
    {
        RefuseIfTaken(port, "--port");
        var url = $"http://localhost:{port}";
        var norway = SyntheticNorway.Create(Seed, NorwaySize.Small, ErrorMix.Common(ErrorShare));
        var senderFolder = Path.Combine(KildeSettings.DataFolder, "senders");
        var senders = await LocalSenders.LoadOrCreateAsync(
            [.. norway.Units, .. norway.ServiceUnits], senderFolder, cancellation);
        var options = new LocalEnvironmentOptions(
            KildeSettings.DataFolder, url, [.. senders.Select(sender => sender.ToMachine())], LocalUsers.Of(norway),
            IsTaken(port + IdentityPortAfter) ? 0 : port + IdentityPortAfter);

        var definitions = Task.Run(
            () => KildeApplication.ReadDefinitions(KildeSettings.LoadWithoutFile()), cancellation);
        var environment = await steps.RunAsync("Starting PostgreSQL and the test identity provider …", async () =>
        {
            var started = await LocalEnvironment.StartAsync(options, cancellation);
            return (started, $"{started.DatabasesTold}, test identity provider on {started.Identity.Issuer}");
        });
        LocalBus? bus = null;
        try
        {
            if (hasBus) bus = await StartBusAsync(steps, cancellation);
            await KildeSettings.SaveAsync(
                bus?.SettingsWith(environment.Settings) ?? environment.Settings, cancellation);
            var application = await StartApplicationAsync(
                environment, definitions, port, steps, cancellation);
            var site = new LocalSite(environment, bus, application, url);
            await site.SeedAsync(norway, senders, senderFolder, steps, cancellation);
            if (hasBus) await site.OpenBusAsync(steps, cancellation);
            return site;
        }
        catch
        {
            if (bus is not null) await bus.DisposeAsync();
            await environment.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopMax);
        await _application.StopAsync(limit.Token);
        await _application.DisposeAsync();
        if (_bus is not null) await _bus.DisposeAsync();
        await _environment.DisposeAsync();
    }

    private static Task<LocalBus> StartBusAsync(Steps steps, CancellationToken cancellation) =>
        steps.RunAsync("Starting the message bus …", async () =>
        {
            var bus = await LocalBus.StartAsync(
                Path.Combine(KildeSettings.DataFolder, "bus"), isTemporary: false, cancellation);
            return (bus, bus.Told);
        });

    private Task<int> OpenBusAsync(Steps steps, CancellationToken cancellation) =>
        steps.RunAsync("Registering parties of the bus …", async () =>
        {
            var (services, folder) = (_application.Services, BusSenders.FolderIn(KildeSettings.DataFolder));
            if (!await BusSenders.RegisterAsync(services, folder, cancellation))
                return (0, "The parties of the bus are registered");
            var sent = await _bus!.SendYearAsync(services, SentYear, folder, cancellation);
            return (sent, $"Synthetic trusts and municipalities may send over the bus: {sent} messages sent");
        });

    private static async Task<WebApplication> StartApplicationAsync(
        LocalEnvironment environment, Task<DefinitionCatalogue> definitions, int port, Steps steps,
        CancellationToken cancellation)
    {
        await steps.RunAsync("Migrating …", async () =>
        {
            var applied = await DatabaseMigrations.ApplyAsync(
                environment.Logins.RegisterOwner, environment.Logins.IdentityOwner, cancellation);
            return (true, applied == 0 ? "Databases are up to date" : $"{applied} migrations applied");
        });
        return await steps.RunAsync("Starting Kilde …", async () =>
        {
            var catalogue = await definitions;
            var application = KildeApplication.Create(KildeSettings.Load(), KildeRoles.All, catalogue);
            application.Urls.Add($"http://127.0.0.1:{port}");
            await KildeApplication.EnsureTablesAsync(
                application.Services, environment.Logins.RegisterOwner, cancellation);
            await application.StartAsync(cancellation);
            return (application, $"Kilde with {catalogue.MessageTypes.Count} message types");
        });
    }

    // A data folder that has submissions already is left as it is: the second start only goes on.
    private async Task SeedAsync(
        SyntheticNorway norway, IReadOnlyList<LocalSender> senders, string senderFolder, Steps steps,
        CancellationToken cancellation)
    {
        var services = _application.Services;
        var clock = services.GetRequiredService<TimeProvider>();
        var today = Commands.NorwegianTime.Today(clock);
        var day = SyntheticNorway.WorkDayOnOrBefore(today);
        await LocalSenders.SaveProfilesAsync(senders, senderFolder, Issuer, Url, day, cancellation);

        var counted = await services.GetRequiredService<FindSubmissions>()
            .FindAsync(new SubmissionFilter(), after: null, pageSize: 1, cancellation);
        if (counted.Submissions.Count > 0) return;

        await steps.RunAsync("Configuring senders …", async () =>
        {
            await LocalSenders.ConfigureAsync(
                senders, services.GetRequiredService<ConfigureSender>(), norway.TypesOf,
                new DateOnly(today.Year, 1, 1), cancellation);
            return (true, $"{senders.Count} synthetic reporting units");
        });

        var total = norway.MessagesOf(day).Count() + norway.ServiceMessagesOf(day).Count();
        await steps.RunAsync($"Sending {day:d MMMM} …", total, async sent =>
        {
            var outcome = await SendDay.HandleAsync(
                norway, senders, day, Issuer, Url, clock, sent, cancellation);
            return (outcome, $"One day sent: {outcome.Delivered} messages received, "
                + $"{outcome.Refused} refused (errors were put in on purpose)");
        });
        var files = new LocalFiles(Path.Combine(KildeSettings.DataFolder, "files"));
        var paths = files.Write(cancellation);
        await steps.RunAsync("Handing in files …", paths.Count, async done =>
        {
            var received = await files.HandInAsync(services, done, cancellation);
            return (received, $"{received} files of trusts and a municipality received; workers take them in");
        });
    }

    private static void RefuseIfTaken(int port, string option)
    {
        if (IsTaken(port))
            throw new UpException($"Port {port} is in use. Stop what uses it, or choose another with {option}.");
    }

    private static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
