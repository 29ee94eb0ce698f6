using System.Buffers.Text;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Kilde.Intake.Slash.Client;

/// <summary>Who the client is at the identity provider.</summary>
/// <param name="Issuer">Address of the identity provider; the token endpoint is discovered.</param>
/// <param name="Unit">The unit a multi-tenant vendor sends for; null when the client belongs to one unit.</param>
public sealed record ClientIdentity(Uri Issuer, string ClientId, string? Unit = null);

/// <summary>The identity provider gave no token; its own words are in the message.</summary>
public sealed class TokenRefusedException(string message) : Exception(message);

/// <summary>
/// Gets access tokens by client credentials with <c>private_key_jwt</c> and DPoP, and keeps them while they last.
/// </summary>
internal sealed class TokenSource(HttpClient http, ClientIdentity identity, ClientKey key, TimeProvider clock)
    : IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _asking = new(1);
    private string? _tokenEndpoint;
    private Held? _held;

    public async Task<string> GetAsync(CancellationToken cancellation)
    {
        if (_held is { } held && held.Until > clock.GetUtcNow()) return held.Token;
        await _asking.WaitAsync(cancellation);
        try
        {
            if (_held is { } waited && waited.Until > clock.GetUtcNow()) return waited.Token;
            _held = await AskAsync(cancellation);
            return _held.Token;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    /// <summary>A DPoP proof (RFC 9449) for one request.</summary>
    public static string Proof(
        ClientKey key, string method, string address, DateTimeOffset now, string? nonce, string? accessTokenHash,
        IEnumerable<KeyValuePair<string, string>> claims)
    {
        var jwk = key.Public.DeepClone().AsObject();
        jwk["alg"] = key.Algorithm;
        var payload = new JsonObject
        {
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["htm"] = method,
            ["htu"] = address,
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        if (nonce is not null) payload["nonce"] = nonce;
        if (accessTokenHash is not null) payload["ath"] = accessTokenHash;
        foreach (var (name, value) in claims) payload[name] = value;
        return key.Sign(new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = key.Algorithm, ["jwk"] = jwk }, payload);
    }

    private async Task<Held> AskAsync(CancellationToken cancellation)
    {
        _tokenEndpoint ??= await DiscoverAsync(cancellation);
        var (answer, nonce) = await PostAsync(_tokenEndpoint, nonce: null, cancellation);

        // HelseID always asks for a nonce of its own the first time; a second refusal is a real one.
        if ((string?)answer["error"] == "use_dpop_nonce" && nonce is not null)
            (answer, _) = await PostAsync(_tokenEndpoint, nonce, cancellation);
        if ((string?)answer["access_token"] is not { } token)
            throw new TokenRefusedException(
                $"The identity provider refused: {answer["error"]}. {answer["error_description"]}");
        var lifetime = TimeSpan.FromSeconds((double?)answer["expires_in"] ?? 0);
        return new Held(token, clock.GetUtcNow() + lifetime - RenewBefore);
    }

    private async Task<string> DiscoverAsync(CancellationToken cancellation)
    {
        var address = new Uri($"{identity.Issuer.ToString().TrimEnd('/')}/.well-known/openid-configuration");
        var document = await http.GetFromJsonAsync<JsonObject>(address, cancellation);
        return (string?)document?["token_endpoint"]
            ?? throw new TokenRefusedException("The identity provider names no token endpoint.");
    }

    private async Task<(JsonObject Answer, string? Nonce)> PostAsync(
        string endpoint, string? nonce, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.Add("DPoP", Proof(key, "POST", endpoint, clock.GetUtcNow(), nonce, accessTokenHash: null, []));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = identity.ClientId,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = Assertion(endpoint),
        });
        using var response = await http.SendAsync(request, cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellation) ?? [];
        return (answer, response.Headers.TryGetValues("DPoP-Nonce", out var values) ? values.First() : null);
    }

    private string Assertion(string endpoint)
    {
        var now = clock.GetUtcNow();
        var payload = new JsonObject
        {
            ["iss"] = identity.ClientId,
            ["sub"] = identity.ClientId,
            ["aud"] = endpoint,
            ["jti"] = Guid.CreateVersion7().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + AssertionLifetime).ToUnixTimeSeconds(),
        };
        if (identity.Unit is { } unit) payload["assertion_details"] = SendsFor(unit);
        return key.Sign(
            new JsonObject { ["typ"] = "client-authentication+jwt", ["alg"] = key.Algorithm, ["kid"] = key.Thumbprint },
            payload);
    }

    // HelseID's form for "this client now acts for that organisation".
    private static JsonArray SendsFor(string unit) => new(new JsonObject
    {
        ["type"] = "helseid_authorization",
        ["practitioner_role"] = new JsonObject
        {
            ["organization"] = new JsonObject
            {
                ["identifier"] = new JsonObject
                {
                    ["system"] = "urn:oid:1.0.6523", ["type"] = "ENH", ["value"] = $"NO:ORGNR:{unit}:",
                },
            },
        },
    });

    private sealed record Held(string Token, DateTimeOffset Until);
}
