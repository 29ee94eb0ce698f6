using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kilde.Audit;
using Kilde.Host.Composition;
using Kilde.Intake.Bus.Client;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using Kilde.Platform.Development;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>
/// A message bus on this machine: a RabbitMQ of our own, or the one that KILDE_RABBITMQ points to, with our mailboxes,
/// and the synthetic trusts as parties that may send.
/// </summary>
public sealed class LocalBus : IAsyncDisposable
{
    private const string RegisterName = "Folkehelseinstituttet";
    private const int KeyBits = 2_048;
    private const string SendingTrust = "Finnmark";
    private const double SentShare = 0.03;
    private static readonly TimeSpan OwnLife = TimeSpan.FromDays(730);
    private static readonly HerId Organisation = Her(85_217);

    /// <summary>Where synthetic senders address NPR and KPR.</summary>
    private static readonly (HerId HerId, string Name)[] Mailboxes =
        [(Her(94_378), "Norsk pasientregister"), (Her(134_197), "Kommunalt pasient- og brukerregister")];

    private static readonly AccessGround Ground = new(Actor.System("kilde-up"), "Oppsett av syntetiske avsendere");

    private readonly PrivateRabbit? _server;

    private LocalBus(PrivateRabbit? server, Uri address) => (_server, Address) = (server, address);

    /// <summary>With user and password.</summary>
    public Uri Address { get; }

    /// <summary>Where it is, without the password.</summary>
    public string Told => $"RabbitMQ on {Address.Host}:{Address.Port}";

    /// <summary>Where a data folder has the synthetic senders' private keys.</summary>
    public static string SenderFolderIn(string dataFolder) => Path.Combine(dataFolder, "bus-senders");

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

    /// <summary>
    /// Registers our mailboxes and the trusts, each with certificates, and sets the trusts up as senders. What is
    /// registered already is left as it is.
    /// </summary>
    /// <param name="senderFolder">Gets the trusts' private keys.</param>
    /// <returns>True when they were not registered before.</returns>
    public static async Task<bool> RegisterAsync(
        IServiceProvider services, string senderFolder, CancellationToken cancellation)
    {
        var parties = services.GetRequiredService<PartyRegister>();
        var trusts = TrustDirectory.All;
        if (await parties.FindAsync(trusts[^1].ReportingHerId, cancellation) is not null) return false;

        var register = services.GetRequiredService<RegisterParty>();
        var certificates = services.GetRequiredService<RegisterCertificate>();
        await register.RegisterAsync(new Party(Organisation, RegisterName, IsOwn: true), Ground, cancellation);
        foreach (var (herId, name) in Mailboxes)
        {
            await register.RegisterAsync(
                new Party(herId, name, Organisation, IsOwn: true), Ground, cancellation);
            foreach (var usage in Enum.GetValues<CertificateUsage>())
                await certificates.MakeOwnAsync(herId, usage, OwnLife, Ground, cancellation);
        }

        Directory.CreateDirectory(senderFolder);
        using var key = RSA.Create(KeyBits);
        foreach (var trust in trusts) await RegisterAsync(services, trust, key, senderFolder, cancellation);
        return true;
    }

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

        var sender = (await FindSenderAsync(parties, trust.ReportingHerId, senderFolder, cancellation))!;
        var receiver = (await parties.FindAsync(Mailboxes[0].HerId, cancellation))!;
        await using var client = await BusClient.ConnectAsync(Address, sender, clock, cancellation);
        await client.SendAsync(receiver, "NPR_IDE", identity.ToArray(), cancellation);
        await client.SendAsync(receiver, "NPR_ORD", activity.ToArray(), cancellation);
        return 2;
    }

    /// <summary>A sender with its private key, when this machine has it.</summary>
    public static async Task<RegisteredParty?> FindSenderAsync(
        PartyRegister parties, HerId sender, string senderFolder, CancellationToken cancellation)
    {
        var file = KeyFile(senderFolder, sender);
        if (!File.Exists(file) || await parties.FindAsync(sender, cancellation) is not { } found) return null;
        var withKey = X509CertificateLoader.LoadPkcs12FromFile(file, password: null);
        return found with
        {
            Certificates = [.. found.Certificates.Select(one => one with { Certificate = withKey })],
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    private static async Task RegisterAsync(
        IServiceProvider services, HospitalTrust trust, RSA key, string senderFolder,
        CancellationToken cancellation)
    {
        var register = services.GetRequiredService<RegisterParty>();
        var certificates = services.GetRequiredService<RegisterCertificate>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await register.RegisterAsync(
            new Party(trust.HerId, trust.Name, Unit: trust.Number), Ground, cancellation);
        await register.RegisterAsync(
            new Party(trust.ReportingHerId, "Rapportering", trust.HerId, trust.Number), Ground, cancellation);
        using var certificate = CertificateOf(trust, key, now);
        foreach (var usage in Enum.GetValues<CertificateUsage>())
            await certificates.RegisterAsync(
                trust.ReportingHerId, usage, certificate, from: null, to: null, Ground, cancellation);
        await using (var file = OwnerOnlyFile.Open(
            KeyFile(senderFolder, trust.ReportingHerId), FileMode.Create))
        {
            await file.WriteAsync(certificate.Export(X509ContentType.Pkcs12), cancellation);
        }

        await LocalReporters.ConfigureAsync(services, trust, cancellation);
    }

    private static X509Certificate2 CertificateOf(HospitalTrust trust, RSA key, DateTimeOffset now)
    {
        var request = new CertificateRequest(
            $"CN={trust.Name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment, critical: true));
        return request.CreateSelfSigned(now.AddMinutes(-1), now + OwnLife);
    }

    private static string KeyFile(string folder, HerId sender) => Path.Combine(folder, $"{sender}.p12");

    private static HerId Her(int number) => HerId.TryFromNumber(number, out var her) ? her : default;
}
