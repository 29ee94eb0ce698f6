using Kilde.Host.Composition;
using Kilde.Intake.Bus.Client;
using Kilde.Intake.Parties;
using Kilde.Platform.Development;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>A message bus on this machine: a RabbitMQ of our own, or the one KILDE_RABBITMQ points to.</summary>
public sealed class LocalBus : IAsyncDisposable
{
    private const string SendingTrust = "Finnmark";
    private const double SentShare = 0.03;

    private readonly PrivateRabbit? _server;

    private LocalBus(PrivateRabbit? server, Uri address) => (_server, Address) = (server, address);

    /// <summary>With user and password.</summary>
    public Uri Address { get; }

    /// <summary>Where it is, without the password.</summary>
    public string Told => $"RabbitMQ on {Address.Host}:{Address.Port}";

    /// <param name="folder">Holds the server's queues.</param>
    public static async Task<LocalBus> StartAsync(string folder, bool isTemporary, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(PrivateRabbit.InsteadVariable) is { Length: > 0 } given)
            return new LocalBus(null, new Uri(given));
        if (!PrivateRabbit.IsInstalled)
            throw new UpException(
                "There is no RabbitMQ on this machine. Install Debian's rabbitmq-server, "
                + $"or set {PrivateRabbit.InsteadVariable} to the address of one: amqp://user:password@host/.");
        var server = await PrivateRabbit.StartAsync(new PrivateRabbitOptions(folder, isTemporary), cancellation);
        return new LocalBus(server, server.Address);
    }

    /// <summary>What a Kilde process needs to be told beside its other settings.</summary>
    public IReadOnlyDictionary<string, string> SettingsWith(IReadOnlyDictionary<string, string> others) =>
        new Dictionary<string, string>(others, StringComparer.Ordinal)
        {
            ["Bus:Address"] = Address.ToString(),
            ["Bus:MakesQueuesOfOthers"] = "true",
        };

    /// <summary>Sends a little of a small trust's year: who the patients are, and what was done.</summary>
    /// <returns>How many messages.</returns>
    public async Task<int> SendYearAsync(
        IServiceProvider services, int year, string senderFolder, CancellationToken cancellation)
    {
        var (parties, clock) = (
            services.GetRequiredService<PartyRegister>(), services.GetRequiredService<TimeProvider>());
        var trust = TrustDirectory.Find(SendingTrust)!;
        using var activity = new MemoryStream();
        using var identity = new MemoryStream();
        TrustYear.Write(
            new TrustYearOrder
            {
                Trust = trust, AsOf = new DateOnly(year, 12, 31), Share = SentShare, IsWrapped = true,
            },
            new Dictionary<TrustFileKind, Stream>
            {
                [TrustFileKind.Identity] = identity, [TrustFileKind.Activity] = activity,
            }, progress: null, cancellation);

        var sender = (await BusSenders.FindAsync(parties, trust.ReportingHerId, senderFolder, cancellation))!;
        var receiver = (await parties.FindAsync(BusSenders.Npr, cancellation))!;
        await using var client = await BusClient.ConnectAsync(Address, sender, clock, cancellation);
        await client.SendAsync(receiver, "NPR_IDE", identity.ToArray(), cancellation);
        await client.SendAsync(receiver, "NPR_ORD", activity.ToArray(), cancellation);
        return 2;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
