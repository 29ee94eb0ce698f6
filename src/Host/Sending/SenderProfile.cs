using System.Text.Json;
using Kilde.Host.Composition;
using Kilde.Intake.Slash.Client;

namespace Kilde.Host.Sending;

/// <summary>
/// What a sender needs to know of itself: who it is, which programs it runs, whom it sends to, and its private key.
/// One JSON file each, readable by its owner only.
/// </summary>
/// <param name="Unit">Organisation number of the reporting unit.</param>
/// <param name="Receiver">Root address of the intake.</param>
/// <param name="PrivateKeyPem">
/// PKCS#8; its public half is registered at the issuer for <paramref name="ClientId"/>.
/// </param>
public sealed record SenderProfile(
    string Unit, string Name, string ClientId, string Issuer, string Receiver, string VendorName, string SoftwareName,
    string SoftwareVersion, string ExportVersion, string PrivateKeyPem)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <exception cref="SenderProfileException">There is no such file, or it is no profile.</exception>
    public static async Task<SenderProfile> LoadAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file))
        {
            throw new SenderProfileException(
                $"There is no sender profile {file}. Run 'kilde up' first, or give another with --sender.");
        }

        try
        {
            await using var stream = File.OpenRead(file);
            return await JsonSerializer.DeserializeAsync<SenderProfile>(stream, Json, cancellation)
                ?? throw new SenderProfileException($"{file} is empty.");
        }
        catch (JsonException mistake)
        {
            throw new SenderProfileException($"{file} is no sender profile: {mistake.Message}");
        }
    }

    public async Task SaveAsync(string file, CancellationToken cancellation)
    {
        await using var stream = OwnerOnlyFile.Open(file, FileMode.Create);
        await JsonSerializer.SerializeAsync(stream, this, Json, cancellation);
    }

    /// <summary>A client that sends as this sender. The caller disposes the key after the client.</summary>
    public SlashClient Connect(HttpClient http, ClientKey key, TimeProvider clock) => new(
        http, new Uri(Receiver), new ClientIdentity(new Uri(Issuer), ClientId), key,
        new SendingSoftware(VendorName, SoftwareName, SoftwareVersion, ExportVersion), clock);
}

/// <summary>A sender profile cannot be used; the message says which and why.</summary>
public sealed class SenderProfileException(string message) : Exception(message);
