using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kilde.Testing;

/// <summary>
/// Does what FHI's standard client does, written from the description of it and sharing no code with the platform: a
/// client assertion whose <c>iat</c> is a text, no scope, RS256 proofs, one retry on <c>use_dpop_nonce</c>, the key
/// with the latest expiry, base64url for hash and key, <c>text/plain</c>, and a correlation id and JSON body on every
/// answer.
/// A test spoils one thing of the <see cref="StandardRequest"/> before it is signed.
/// </summary>
public sealed class StandardClient(HttpClient http, Uri receiver, string issuer, string clientId)
{
    private static readonly Lazy<RSA> SharedKey = new(() => RSA.Create(2048));

    private readonly RSA _key = SharedKey.Value;
    private string? _token;

    /// <summary>The client's public key as a JWK, to be known by the identity provider.</summary>
    public static JsonObject PublicKey
    {
        get
        {
            var key = SharedKey.Value.ExportParameters(includePrivateParameters: false);
            return new JsonObject
            {
                ["kty"] = "RSA",
                ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
                ["alg"] = "RS256",
            };
        }
    }

    /// <summary>The client's private key, for the platform's own client to be the same client.</summary>
    public static string PrivatePem => SharedKey.Value.ExportPkcs8PrivateKeyPem();

    public Task<StandardReply> SendAsync(
        string json, string type = "HST_Avtale", Action<StandardRequest>? spoil = null, string route = "message") =>
        SendAsync(Encoding.UTF8.GetBytes(json), type, spoil, route);

    public async Task<StandardReply> SendAsync(
        byte[] json, string type = "HST_Avtale", Action<StandardRequest>? spoil = null, string route = "message")
    {
        var request = await PrepareAsync(json, type, route);
        spoil?.Invoke(request);
        return await PostAsync(request);
    }

    public async Task<StandardRequest> PrepareAsync(byte[] json, string type, string route = "message")
    {
        var keys = await http.GetFromJsonAsync<List<StandardKey>>(new Uri(receiver, "keys"), Cancellation);
        var newest = keys!.OrderByDescending(key => key.ExpirationDate).First();
        _token ??= await AskForTokenAsync();
        var target = new Uri(receiver, route);
        var request = new StandardRequest(target, _token, json, newest);
        request.Encrypt();
        request.Header = ProofHeader();
        request.Claims = ProofClaims(target.AbsoluteUri, "POST");
        request.Claims["msg_type"] = type;
        request.Claims["msg_version"] = "1";
        request.Claims["msg_hash"] = Base64Url.EncodeToString(SHA256.HashData(json));
        request.Claims["enc_sym_key"] = Base64Url.EncodeToString(request.WrappedKey);
        request.Claims["enc_key_id"] = newest.Id;
        request.Claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_token)));
        return request;
    }

    public async Task<StandardReply> PostAsync(StandardRequest request)
    {
        using var message = new HttpRequestMessage(request.Method, request.Target)
        {
            Content = request.Content ?? new StringContent(request.Body ?? Convert.ToBase64String(request.Encrypted)),
        };
        message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        if (request.Authorization is { } authorization)
            message.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var proof in request.Proofs ?? [Sign(request.Header, request.Claims)])
            message.Headers.TryAddWithoutValidation("DPoP", proof);
        foreach (var (name, value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);

        using var response = await http.SendAsync(message, Cancellation);
        return await StandardReply.ReadAsync(response);
    }

    /// <summary>Signs with the client's key; what is signed may be anything.</summary>
    public string Sign(JsonObject header, JsonObject claims)
    {
        var text = $"{Encode(header)}.{Encode(claims)}";
        var signature = _key.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Makes the client ask for a token anew.</summary>
    public void ForgetToken() => _token = null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static JsonObject ProofHeader() => new()
    {
        ["alg"] = "RS256", ["kid"] = "any", ["typ"] = "dpop+jwt", ["jwk"] = PublicKey,
    };

    private static JsonObject ProofClaims(string address, string method) => new()
    {
        ["jti"] = Guid.CreateVersion7().ToString(), ["htm"] = method, ["htu"] = address, ["iat"] = Now,
    };

    private static string Encode(JsonObject json) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private async Task<string> AskForTokenAsync()
    {
        var discovery = await http.GetFromJsonAsync<JsonObject>(
            $"{issuer}/.well-known/openid-configuration", Cancellation);
        var endpoint = (string)discovery!["token_endpoint"]!;
        var (answer, nonce) = await AskOnceAsync(endpoint, nonce: null);
        // HelseID asks for a nonce every first time, and so must who stands in for it.
        if ((string?)answer["error"] != "use_dpop_nonce") throw new InvalidOperationException(answer.ToJsonString());
        (answer, _) = await AskOnceAsync(endpoint, nonce);
        return (string?)answer["access_token"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    private async Task<(JsonObject Answer, string? Nonce)> AskOnceAsync(string endpoint, string? nonce)
    {
        var claims = ProofClaims(endpoint, "POST");
        if (nonce is not null) claims["nonce"] = nonce;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.Add("DPoP", Sign(ProofHeader(), claims));
        request.Content = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"),
            new("client_id", clientId),
            new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            new("client_assertion", Sign(
                new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" },
                new JsonObject
                {
                    ["sub"] = clientId, ["iat"] = $"{Now}", ["jti"] = $"{Guid.CreateVersion7():N}", ["nbf"] = Now,
                    ["exp"] = Now + 60, ["iss"] = clientId, ["aud"] = endpoint,
                })),
        ]);
        using var response = await http.SendAsync(request, Cancellation);
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation);
        return (answer!, response.Headers.TryGetValues("DPoP-Nonce", out var values) ? values.First() : null);
    }
}

/// <summary>The receiver's key as the standard client reads it: names with case, a plain DateTime.</summary>
public sealed record StandardKey(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("expirationDate")] DateTime ExpirationDate,
    [property: JsonPropertyName("publicKey")] string PublicKey);

/// <summary>A request about to be signed and sent. Everything in it can be spoilt.</summary>
public sealed class StandardRequest(Uri target, string token, byte[] json, StandardKey receiver)
{
    public Uri Target { get; set; } = target;

    public HttpMethod Method { get; set; } = HttpMethod.Post;

    public string? Authorization { get; set; } = $"DPoP {token}";

    public JsonObject Header { get; set; } = [];

    public JsonObject Claims { get; set; } = [];

    /// <summary>Proofs to send instead of the one that is signed from header and claims.</summary>
    public IReadOnlyList<string>? Proofs { get; set; }

    public byte[] MessageKey { get; set; } = RandomNumberGenerator.GetBytes(32);

    public byte[] WrappedKey { get; set; } = [];

    public byte[] Encrypted { get; set; } = [];

    /// <summary>The body's text, when it is not to be Base64 of <see cref="Encrypted"/>.</summary>
    public string? Body { get; set; }

    /// <summary>The whole content, for bodies that come slowly or without a length.</summary>
    public HttpContent? Content { get; set; }

    public string ContentType { get; set; } = "text/plain; charset=utf-8";

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["x-vendor-name"] = "Softwarebedrift AS",
        ["x-software-name"] = "PasientJournal123",
        ["x-software-version"] = "1.0.4",
        ["x-export-software-version"] = "3.0.9",
        ["x-data-extraction-date"] = TimeProvider.System.GetUtcNow().ToString("dd.MM.yyyy"),
    };

    /// <summary>Encrypts the message and wraps its key, as they now stand.</summary>
    public void Encrypt(PaddingMode padding = PaddingMode.PKCS7, RSAEncryptionPadding? wrapping = null)
    {
        using var aes = Aes.Create();
        aes.Key = MessageKey;
        Encrypted = [.. aes.IV, .. aes.EncryptCbc(json, aes.IV, padding)];
        using var rsa = RSA.Create();
        rsa.ImportFromPem(receiver.PublicKey);
        WrappedKey = rsa.Encrypt(MessageKey, wrapping ?? RSAEncryptionPadding.OaepSHA256);
        Claims["enc_sym_key"] = Base64Url.EncodeToString(WrappedKey);
    }
}

/// <summary>One error as the standard client reads it.</summary>
public sealed record StandardError(
    [property: JsonPropertyName("errorCode")] int? ErrorCode,
    [property: JsonPropertyName("propertyName")] string? PropertyName,
    [property: JsonPropertyName("errorMessage")] string? ErrorMessage,
    [property: JsonPropertyName("errorDetails")] string? ErrorDetails);

/// <summary>An answer, read as strictly as the standard client does.</summary>
public sealed record StandardReply(
    HttpStatusCode Status, Guid CorrelationId, JsonObject Body, HttpResponseHeaders Headers)
{
    public bool Delivered => (bool)Body["delivered"]!;

    public IReadOnlyList<StandardError> Errors => Body["errors"].Deserialize<List<StandardError>>()!;

    public int? Code => Errors.Count == 0 ? null : Errors[0].ErrorCode;

    public static async Task<StandardReply> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var correlation = Guid.Parse(response.Headers.GetValues("X-Correlation-ID").Single());
        return new StandardReply(response.StatusCode, correlation, JsonNode.Parse(text)!.AsObject(), response.Headers);
    }
}
