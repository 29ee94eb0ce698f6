using System.Text.Json;
using Kilde.Host.Composition;
using Kilde.Intake.Slash.Client;

namespace Kilde.Host.Sending;

/// <summary>
/// Clients of the senders whose messages are sent from here, one per profile, made when first needed.
/// </summary>
/// <param name="given">
/// A profile (a JSON file) or the organisation number of a unit that <c>kilde up</c> made; null takes the unit that
/// each message names.
/// </param>
internal sealed class SenderClients(string? given) : IDisposable
{
    // Refusals are told on the command line as they come, and all else there is in English.
    private readonly HttpClient _http = new() { DefaultRequestHeaders = { AcceptLanguage = { new("en") } } };
    private readonly Dictionary<string, Connected> _clients = new(StringComparer.Ordinal);

    /// <exception cref="SenderProfileException">No profile can be found or used.</exception>
    public async Task<(SenderProfile Profile, SlashClient Client)> ForAsync(
        byte[] json, CancellationToken cancellation)
    {
        var file = ProfileFor(json);
        if (!_clients.TryGetValue(file, out var connected))
        {
            var profile = await SenderProfile.LoadAsync(file, cancellation);
            var key = ClientKey.FromPem(profile.PrivateKeyPem);
            connected = new Connected(profile, key, profile.Connect(_http, key, TimeProvider.System));
            _clients.Add(file, connected);
        }

        return (connected.Profile, connected.Client);
    }

    public void Dispose()
    {
        foreach (var connected in _clients.Values)
        {
            connected.Client.Dispose();
            connected.Key.Dispose();
        }

        _http.Dispose();
    }

    private string ProfileFor(byte[] json)
    {
        if (given is not null && File.Exists(given)) return given;
        var unit = given ?? UnitIn(json) ?? throw new SenderProfileException(
            "The message names no orgNr to choose a sender by. Give --sender.");
        return Path.Combine(KildeSettings.DataFolder, "senders", Path.GetFileName(unit) + ".json");
    }

    // Only to choose a profile; whether the message is sound is the receiver's to say.
    private static string? UnitIn(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() > 0
                && document.RootElement[0].ValueKind == JsonValueKind.Object
                && document.RootElement[0].TryGetProperty("orgNr", out var unit) ? unit.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Connected(SenderProfile Profile, ClientKey Key, SlashClient Client);
}
