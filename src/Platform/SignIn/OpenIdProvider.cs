using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Kilde.Platform.SignIn;

/// <summary>Where the provider's endpoints are, from its discovery document (OpenID Connect Discovery 1.0).</summary>
internal sealed record OpenIdEndpoints(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("authorization_endpoint")] string Authorization,
    [property: JsonPropertyName("token_endpoint")] string Token,
    [property: JsonPropertyName("end_session_endpoint")] string? EndSession);

/// <summary>
/// The provider refused, or answered with something that is no answer. The message holds no personal data.
/// </summary>
public sealed class SignInRefusedException(string reason) : Exception($"Sign-in was refused: {reason}.")
{
    /// <summary>A short fixed code for log and audit.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The identity provider as the portal's client sees it: discovery, and code for id token.</summary>
internal sealed class OpenIdProvider(HttpClient http, IOptions<SignInOptions> options, TimeProvider clock) : IDisposable
{
    private const string JwtBearerAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan EndpointsLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromSeconds(60);

    private readonly SignInOptions _options = options.Value;
    private readonly SemaphoreSlim _discovering = new(1);
    private volatile Discovered? _discovered;

    public async Task<OpenIdEndpoints> DiscoverAsync(CancellationToken cancellation)
    {
        if (_discovered is { } known && clock.GetUtcNow() < known.Until) return known.Endpoints;

        await _discovering.WaitAsync(cancellation);
        try
        {
            if (_discovered is { } found && clock.GetUtcNow() < found.Until) return found.Endpoints;

            var endpoints = await http.GetFromJsonAsync<OpenIdEndpoints>(
                $"{_options.Issuer.TrimEnd('/')}/.well-known/openid-configuration", cancellation);
            if (endpoints is null || endpoints.Issuer != _options.Issuer)
            {
                throw new SignInRefusedException("issuer_mismatch");
            }

            _discovered = new Discovered(endpoints, clock.GetUtcNow() + EndpointsLifetime);
            return endpoints;
        }
        finally
        {
            _discovering.Release();
        }
    }

    /// <summary>Trades the code for the id token, which the caller must verify before believing it.</summary>
    public async Task<string> RedeemAsync(
        string code, string verifier, string redirectUri, CancellationToken cancellation)
    {
        var endpoints = await DiscoverAsync(cancellation);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["code_verifier"] = verifier,
            ["redirect_uri"] = redirectUri,
            ["client_id"] = _options.ClientId,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Token);
        if (_options.ClientKeyFile is { } keyFile)
        {
            form["client_assertion_type"] = JwtBearerAssertion;
            form["client_assertion"] = SignAssertion(await File.ReadAllTextAsync(keyFile, cancellation), endpoints);
        }
        else
        {
            var secret = (await File.ReadAllTextAsync(_options.ClientSecretFile!, cancellation)).Trim();
            request.Headers.Authorization = Basic(_options.ClientId, secret);
        }

        request.Content = new FormUrlEncodedContent(form);
        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode) throw new SignInRefusedException("code_refused");

        var answer = await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellation);
        return answer?.IdToken ?? throw new SignInRefusedException("no_id_token");
    }

    public void Dispose()
    {
        http.Dispose();
        _discovering.Dispose();
    }

    // RFC 6749 § 2.3.1: both halves are form-encoded before they are joined.
    private static AuthenticationHeaderValue Basic(string id, string secret) => new(
        "Basic",
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));

    /// <summary>The client's proof of itself (RFC 7523): short-lived, for this provider only, usable once.</summary>
    private string SignAssertion(string pem, OpenIdEndpoints endpoints)
    {
        using var rsa = RSA.Create();
        using var ec = ECDsa.Create();
        var isRsa = IsRsa(pem, rsa, ec);
        var now = clock.GetUtcNow();
        var header = Encode(new { alg = isRsa ? "PS256" : "ES256", typ = "JWT", kid = _options.ClientKeyId });
        var claims = Encode(new
        {
            iss = _options.ClientId,
            sub = _options.ClientId,
            aud = endpoints.Issuer,
            jti = Guid.CreateVersion7(),
            iat = now.ToUnixTimeSeconds(),
            exp = (now + AssertionLifetime).ToUnixTimeSeconds(),
        });
        var signed = Encoding.ASCII.GetBytes($"{header}.{claims}");
        var signature = isRsa
            ? rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)
            : ec.SignData(signed, HashAlgorithmName.SHA256);
        return $"{header}.{claims}.{WebEncoders.Base64UrlEncode(signature)}";
    }

    // PEM does not always say which algorithm it holds (PKCS#8); the importer that accepts it does.
    private static bool IsRsa(string pem, RSA rsa, ECDsa ec)
    {
        try
        {
            rsa.ImportFromPem(pem);
            return true;
        }
        catch (CryptographicException)
        {
            ec.ImportFromPem(pem);
            return false;
        }
    }

    private static string Encode(object value) =>
        WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(value, WithoutNulls));

    private static readonly JsonSerializerOptions WithoutNulls =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private sealed record TokenAnswer([property: JsonPropertyName("id_token")] string? IdToken);

    private sealed record Discovered(OpenIdEndpoints Endpoints, DateTimeOffset Until);
}
