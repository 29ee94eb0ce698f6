using Kilde.Audit;
using Kilde.Host.Sending;
using Kilde.Intake.Senders;
using Kilde.Intake.Slash.Client;
using Kilde.Platform.Development;
using Kilde.Synthetic;

namespace Kilde.Host.Up;

/// <summary>A synthetic unit with the key it signs by.</summary>
public sealed record LocalSender(SyntheticUnit Unit, ClientKey Key)
{
    public string ClientId => $"epj-{Unit.Number}";

    /// <summary>What the identity provider must know of it.</summary>
    public TestMachine ToMachine() => new(
        ClientId, WithKeyId(), new TestOrganization(
            Unit.Number.ToString(), Unit.SubUnit.ToString(), Unit.Product.VendorNumber.ToString()));

    public SenderProfile ToProfile(string issuer, string receiver, DateOnly day)
    {
        var version = Unit.VersionOn(day);
        return new SenderProfile(
            Unit.Number.ToString(), Unit.Name, ClientId, issuer, receiver, Unit.Product.Vendor, Unit.Product.Name,
            version.Software, version.Export, Key.ToPem());
    }

    private System.Text.Json.Nodes.JsonObject WithKeyId()
    {
        var jwk = Key.Public.DeepClone().AsObject();
        jwk["kid"] = Key.Thumbprint;
        jwk["alg"] = Key.Algorithm;
        jwk["use"] = "sig";
        return jwk;
    }
}

/// <summary>
/// The synthetic units as senders: their keys, their profiles, and their configuration in the register.
/// </summary>
public static class LocalSenders
{
    /// <summary>Senders with the keys they had before, or new ones.</summary>
    /// <param name="folder">Holds one profile per unit.</param>
    public static async Task<IReadOnlyList<LocalSender>> LoadOrCreateAsync(
        IEnumerable<SyntheticUnit> units, string folder, CancellationToken cancellation)
    {
        var senders = new List<LocalSender>();
        foreach (var unit in units)
        {
            var file = ProfileFile(folder, unit);
            var key = File.Exists(file)
                ? ClientKey.FromPem((await SenderProfile.LoadAsync(file, cancellation)).PrivateKeyPem)
                : ClientKey.CreateEc();
            senders.Add(new LocalSender(unit, key));
        }

        return senders;
    }

    public static async Task SaveProfilesAsync(
        IReadOnlyList<LocalSender> senders, string folder, string issuer, string receiver, DateOnly day,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        foreach (var sender in senders)
            await sender.ToProfile(issuer, receiver, day).SaveAsync(ProfileFile(folder, sender.Unit), cancellation);
    }

    /// <summary>Configures the units in the register, so that their messages are taken in.</summary>
    /// <param name="typesOf">Names of the message types a unit sends.</param>
    public static async Task ConfigureAsync(
        IReadOnlyList<LocalSender> senders, ConfigureSender configure, Func<SyntheticUnit, IEnumerable<string>> typesOf,
        DateOnly from, CancellationToken cancellation)
    {
        var ground = new AccessGround(Actor.System("kilde-up"), "Oppsett av syntetiske avsendere");
        foreach (var sender in senders)
        {
            var unit = sender.Unit;
            await configure.ConfigureAsync(
                new SenderConfiguration(
                    unit.Number, unit.Name, unit.Enterprise, [new SubUnit(unit.SubUnit, unit.Name)],
                    [new SenderVendor(unit.Product.VendorNumber, sender.ClientId)],
                    [.. typesOf(unit).Select(type => new Obligation(type, from))]),
                ground, cancellation);
        }
    }

    public static string ProfileFile(string folder, SyntheticUnit unit) => Path.Combine(folder, unit.Number + ".json");
}
