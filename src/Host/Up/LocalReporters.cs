using Kilde.Audit;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Quality.Checks;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>Synthetic trusts and municipalities as senders of XML. Who is set up already is left as it is.</summary>
internal static class LocalReporters
{
    private const string UnitCheck = "KPR-OMS-006";
    private const decimal SyntheticUnitMin = 300_000_000;

    private static readonly DateOnly From = new(2019, 1, 1);
    private static readonly DateOnly EventsFrom = new(2021, 1, 1);
    private static readonly AccessGround Ground = new(Actor.System("kilde-up"), "Oppsett av syntetiske avsendere");
    private static readonly string[] PairTypes = ["NPR_ORD", "NPR_IDE"];
    private static readonly string[] TrustTypes = [.. PairTypes, "NPR_KPP", "NPR_PAK"];

    /// <summary>A trust that sends all there is to send.</summary>
    public static Task ConfigureAsync(
        IServiceProvider services, HospitalTrust trust, CancellationToken cancellation) =>
        ConfigureAsync(services, trust, TrustTypes, cancellation);

    /// <summary>A trust that has to send activity and identities, and nothing else.</summary>
    public static Task ConfigurePairAsync(
        IServiceProvider services, HospitalTrust trust, CancellationToken cancellation) =>
        ConfigureAsync(services, trust, PairTypes, cancellation);

    /// <summary>A municipality names itself by its number in what it sends.</summary>
    public static Task ConfigureAsync(
        IServiceProvider services, MunicipalityCode municipality, CancellationToken cancellation)
    {
        var number = MunicipalityYear.NumberOf(municipality);
        var centre = new SubUnit(MunicipalityYear.HealthCentreOf(municipality), $"{municipality.Name} helsestasjon");
        var sender = new SenderConfiguration(
            number, $"{municipality.Name} kommune", number, [centre], [],
            [new("KPR_IPLOS", From), new("KPR_IPL", EventsFrom), new("KPR_HST", EventsFrom)])
        {
            Institutions = [municipality.ToString()],
        };
        return ConfigureAsync(services, sender, cancellation);
    }

    /// <summary>Synthetic units have numbers below those of real ones, and are no finding here.</summary>
    public static async Task AcceptSyntheticUnitsAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var check = services.GetRequiredService<RunChecks>().Checks.Single(each => each.Id == UnitCheck);
        var limits = await services.GetRequiredService<CheckLimits>().ReadAsync(check, cancellation);
        if (limits.Any(limit => limit.SetAt is not null)) return;
        await services.GetRequiredService<SetCheckLimit>().SetAsync(
            check, "lowest", SyntheticUnitMin, "Testmiljø: syntetiske virksomheter", Ground, cancellation);
    }

    private static async Task ConfigureAsync(
        IServiceProvider services, SenderConfiguration sender, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<SenderDirectory>().FindAsync(sender.Unit, cancellation) is not null)
            return;
        await services.GetRequiredService<ConfigureSender>().ConfigureAsync(sender, Ground, cancellation);
    }

    private static Task ConfigureAsync(
        IServiceProvider services, HospitalTrust trust, string[] types, CancellationToken cancellation) =>
        ConfigureAsync(services, new SenderConfiguration(
            trust.Number, trust.Name, trust.Number,
            [.. trust.Institutions.Select(institution => new SubUnit(institution.Number, institution.Name))], [],
            [.. types.Select(type => new Obligation(type, From))]), cancellation);
}
