using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kilde.Audit;
using Kilde.Host.Composition;
using Kilde.Intake.Parties;
using Kilde.Kernel;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>A synthetic reporter that may send over the bus.</summary>
/// <param name="HerId">The organisation (level 1).</param>
/// <param name="SendingHerId">The unit of it that sends (level 2).</param>
/// <param name="ConfigureAsync">Sets it up as a sender, unless it is.</param>
internal sealed record BusSender(
    HerId HerId, HerId SendingHerId, string Name, OrganizationNumber Unit,
    Func<IServiceProvider, CancellationToken, Task> ConfigureAsync);

/// <summary>
/// Our mailboxes on the bus, and the synthetic trusts and municipalities as parties that may send, with certificates.
/// </summary>
public static class BusSenders
{
    private const string RegisterName = "Folkehelseinstituttet";
    private const string SendingUnitName = "Rapportering";
    private const string MunicipalCounty = "Rogaland";
    private const int KeyBits = 2_048;

    /// <summary>The years that synthetic municipalities have files of.</summary>
    private static readonly int[] MunicipalYears = [2019, 2022];

    private static readonly TimeSpan Life = TimeSpan.FromDays(730);
    private static readonly AccessGround Ground = new(Actor.System("kilde-up"), "Oppsett av syntetiske avsendere");
    private static readonly HerId Organisation = Her(85_217);

    /// <summary>Where synthetic trusts address their messages.</summary>
    public static HerId Npr { get; } = Her(94_378);

    /// <summary>Where synthetic municipalities address their messages.</summary>
    public static HerId Kpr { get; } = Her(134_197);

    private static IEnumerable<BusSender> All =>
        TrustDirectory.All.Select(Of).Concat(Municipalities.Select(Of));

    /// <summary>Those whose number is the same in all the years that there are files of.</summary>
    private static IEnumerable<MunicipalityCode> Municipalities =>
        TrustDirectory.Find(MunicipalCounty)!.Catchment.Where(code => MunicipalYears.All(code.IsInUse));

    /// <summary>Where a data folder has the senders' private keys.</summary>
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "bus-senders");

    /// <summary>
    /// Registers all, and sets them up as senders. Those that are set up already are left as they are.
    /// </summary>
    /// <param name="folder">Gets the senders' private keys.</param>
    /// <returns>True when they were not registered before.</returns>
    public static async Task<bool> RegisterAsync(
        IServiceProvider services, string folder, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<PartyRegister>().FindAsync(Kpr, cancellation) is not null) return false;

        // Ours come last: when a mailbox has its queue, all senders have theirs for the answers.
        Directory.CreateDirectory(folder);
        using var key = RSA.Create(KeyBits);
        foreach (var sender in All) await RegisterAsync(services, sender, key, folder, cancellation);
        await RegisterOwnAsync(services, cancellation);
        return true;
    }

    /// <summary>A sender with its private key, when this machine has it.</summary>
    public static async Task<RegisteredParty?> FindAsync(
        PartyRegister parties, HerId sender, string folder, CancellationToken cancellation)
    {
        var file = KeyFile(folder, sender);
        if (!File.Exists(file) || await parties.FindAsync(sender, cancellation) is not { } found) return null;
        var withKey = X509CertificateLoader.LoadPkcs12FromFile(file, password: null);
        return found with
        {
            Certificates = [.. found.Certificates.Select(one => one with { Certificate = withKey })],
        };
    }

    private static async Task RegisterOwnAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var register = services.GetRequiredService<RegisterParty>();
        var certificates = services.GetRequiredService<RegisterCertificate>();
        await register.RegisterAsync(new Party(Organisation, RegisterName, IsOwn: true), Ground, cancellation);
        foreach (var (herId, name) in ((HerId, string)[])
            [(Npr, "Norsk pasientregister"), (Kpr, "Kommunalt pasient- og brukerregister")])
        {
            await register.RegisterAsync(new Party(herId, name, Organisation, IsOwn: true), Ground, cancellation);
            foreach (var usage in Enum.GetValues<CertificateUsage>())
                await certificates.MakeOwnAsync(herId, usage, Life, Ground, cancellation);
        }
    }

    private static async Task RegisterAsync(
        IServiceProvider services, BusSender sender, RSA key, string folder, CancellationToken cancellation)
    {
        var (register, certificates) = (
            services.GetRequiredService<RegisterParty>(), services.GetRequiredService<RegisterCertificate>());
        await register.RegisterAsync(
            new Party(sender.HerId, sender.Name, Unit: sender.Unit), Ground, cancellation);
        await register.RegisterAsync(
            new Party(sender.SendingHerId, SendingUnitName, sender.HerId, sender.Unit), Ground, cancellation);
        using var certificate = CertificateOf(
            sender.Name, key, services.GetRequiredService<TimeProvider>().GetUtcNow());
        foreach (var usage in Enum.GetValues<CertificateUsage>())
            await certificates.RegisterAsync(
                sender.SendingHerId, usage, certificate, from: null, to: null, Ground, cancellation);
        await using (var file = OwnerOnlyFile.Open(KeyFile(folder, sender.SendingHerId), FileMode.Create))
        {
            await file.WriteAsync(certificate.Export(X509ContentType.Pkcs12), cancellation);
        }

        await sender.ConfigureAsync(services, cancellation);
    }

    private static BusSender Of(HospitalTrust trust) => new(
        trust.HerId, trust.ReportingHerId, trust.Name, trust.Number,
        (services, cancellation) => LocalReporters.ConfigureAsync(services, trust, cancellation));

    private static BusSender Of(MunicipalityCode municipality) => new(
        MunicipalityYear.HerIdOf(municipality), MunicipalityYear.ReportingHerIdOf(municipality),
        $"{municipality.Name} kommune", MunicipalityYear.NumberOf(municipality),
        (services, cancellation) => LocalReporters.ConfigureAsync(services, municipality, cancellation));

    private static X509Certificate2 CertificateOf(string name, RSA key, DateTimeOffset now)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment, critical: true));
        return request.CreateSelfSigned(now.AddMinutes(-1), now + Life);
    }

    private static string KeyFile(string folder, HerId sender) => Path.Combine(folder, $"{sender}.p12");

    private static HerId Her(int number) => HerId.TryFromNumber(number, out var her) ? her : default;
}
