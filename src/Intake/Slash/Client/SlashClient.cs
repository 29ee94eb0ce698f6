using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kilde.Intake.Slash.Findings;
using Kilde.Intake.Slash.Keys;

namespace Kilde.Intake.Slash.Client;

/// <summary>The programs that made the message, as the headers tell.</summary>
public sealed record SendingSoftware(string Vendor, string Name, string Version, string ExportVersion);

/// <summary>A message as its sender has it.</summary>
/// <param name="Json">The UTF-8 bytes; the root is an array.</param>
/// <param name="ExtractedOn">The day the data were taken out of the EHR.</param>
public sealed record OutgoingMessage(string Type, string Version, ReadOnlyMemory<byte> Json, DateOnly ExtractedOn);

/// <summary>The receiver's answer.</summary>
/// <param name="RetryAfter">How long to wait before the same message is sent again; null when not told.</param>
public sealed record SlashReply(int Status, Guid CorrelationId, SlashAnswer Answer, TimeSpan? RetryAfter);

/// <summary>
/// Sends messages as FHI's Slash protocol wants them: token, key, encryption, hash, proof. Used by <c>kilde send</c>,
/// by seeding and by benchmarks. It shares no code with the receiving side but the form of the answers, so that a
/// mistake in one is seen by the other.
/// </summary>
public sealed class SlashClient : IDisposable
{
    private const int KeyBytes = 32;
    private const int IvBytes = 16;

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly ClientKey _key;
    private readonly SendingSoftware _software;
    private readonly TokenSource _tokens;
    private readonly TimeProvider _clock;
    private ListKeys.PublicKey? _receiver;

    /// <param name="address">The receiver's root address.</param>
    public SlashClient(
        HttpClient http, Uri address, ClientIdentity identity, ClientKey key, SendingSoftware software,
        TimeProvider clock)
    {
        _http = http;
        _address = address;
        _key = key;
        _software = software;
        _clock = clock;
        _tokens = new TokenSource(http, identity, key, clock);
    }

    /// <summary>Sends a message and waits for the receipt.</summary>
    /// <exception cref="TokenRefusedException">The identity provider gave no token.</exception>
    public Task<SlashReply> SendAsync(OutgoingMessage message, CancellationToken cancellation) =>
        PostAsync("message", message, cancellation);

    /// <summary>Has a message validated; nothing is stored.</summary>
    public Task<SlashReply> ValidateAsync(OutgoingMessage message, CancellationToken cancellation) =>
        PostAsync("validate", message, cancellation);

    /// <summary>The receiver's step-by-step report on how far this client gets.</summary>
    public async Task<JsonObject> TestConnectionAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        using var request = await PrepareAsync("connection-test", message, cancellation);
        using var response = await _http.SendAsync(request, cancellation);
        return await response.Content.ReadFromJsonAsync<JsonObject>(cancellation) ?? [];
    }

    /// <summary>
    /// Encrypts and signs a message without sending it, for those who measure only the receiver. A proof lasts a
    /// minute or two and can be used once.
    /// </summary>
    public async Task<HttpRequestMessage> PrepareAsync(
        string route, OutgoingMessage message, CancellationToken cancellation)
    {
        var receiver = _receiver ??= await NewestKeyAsync(cancellation);
        var token = await _tokens.GetAsync(cancellation);
        var (body, wrappedKey) = Encrypt(message.Json.Span, receiver.PublicKeyPem);
        var target = new Uri(_address, route);
        var proof = TokenSource.Proof(
            _key, "POST", target.AbsoluteUri, _clock.GetUtcNow(), nonce: null, Hash(Encoding.ASCII.GetBytes(token)),
            [
                new("msg_type", message.Type),
                new("msg_version", message.Version),
                new("msg_hash", Hash(message.Json.Span)),
                new("enc_sym_key", wrappedKey),
                new("enc_key_id", receiver.Id),
            ]);

        var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("text/plain", "utf-8") },
            },
        };
        AddHeaders(request, token, proof, message.ExtractedOn);
        return request;
    }

    /// <summary>The register's side of a comparison of this sender's records.</summary>
    /// <param name="record">The list of the message that holds the records; null when there is one.</param>
    /// <param name="today">The day the sender's records are as they are.</param>
    public RegisterSide Compare(string type, string version, string? record, DateOnly today) =>
        new(this, type, version, record, today);

    /// <summary>What has been found in this sender's data.</summary>
    public FindingsClient Findings(DateOnly today) => new(this, today);

    /// <summary>Fetches all of this sender's own records, a line of JSON for each.</summary>
    /// <returns>The records as they come; to be disposed.</returns>
    /// <exception cref="TokenRefusedException">The identity provider gave no token.</exception>
    /// <exception cref="QuestionRefusedException">The receiver refused.</exception>
    public Task<HttpContent> ReturnAsync(DateOnly today, CancellationToken cancellation) =>
        new Asking(this, "return", FindingWire.Json, today).FetchAsync(new { }, cancellation);

    /// <summary>What this sender gets back every month.</summary>
    public StandingReturnClient StandingReturns(DateOnly today) => new(this, today);

    /// <summary>Asks something that is not a message: JSON in and out, token and proof as for one.</summary>
    internal async Task<HttpResponseMessage> AskAsync(
        string route, ReadOnlyMemory<byte> json, DateOnly today, CancellationToken cancellation,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        var token = await _tokens.GetAsync(cancellation);
        var target = new Uri(_address, route);
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new ReadOnlyMemoryContent(json)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
            },
        };
        var proof = TokenSource.Proof(
            _key, "POST", target.AbsoluteUri, _clock.GetUtcNow(), nonce: null, Hash(Encoding.ASCII.GetBytes(token)),
            []);
        AddHeaders(request, token, proof, today);
        return await _http.SendAsync(request, completion, cancellation);
    }

    /// <summary>Reads a receiver's answer, whatever its status.</summary>
    public static async Task<SlashReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var answer = await response.Content.ReadFromJsonAsync<SlashAnswer>(cancellation)
            ?? throw new JsonException("The answer is empty.");
        var correlation = Guid.Parse(response.Headers.GetValues(SlashAnswers.CorrelationHeader).First());
        return new SlashReply((int)response.StatusCode, correlation, answer, response.Headers.RetryAfter?.Delta);
    }

    public void Dispose() => _tokens.Dispose();

    private void AddHeaders(HttpRequestMessage request, string token, string proof, DateOnly extractedOn)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Add("DPoP", proof);
        request.Headers.Add("x-vendor-name", _software.Vendor);
        request.Headers.Add("x-software-name", _software.Name);
        request.Headers.Add("x-software-version", _software.Version);
        request.Headers.Add("x-export-software-version", _software.ExportVersion);
        request.Headers.Add("x-data-extraction-date", extractedOn.ToString("dd.MM.yyyy", provider: null));
    }

    private async Task<SlashReply> PostAsync(string route, OutgoingMessage message, CancellationToken cancellation)
    {
        var reply = await PostOnceAsync(route, message, cancellation);

        // The receiver's key was replaced while we held it: take the new one and try once more.
        var isOldKey = reply.Answer.Errors.Any(error =>
            error.ErrorCode is (int)SlashCode.ExpiredKey or (int)SlashCode.InvalidKeyId);
        if (!isOldKey) return reply;
        _receiver = null;
        return await PostOnceAsync(route, message, cancellation);
    }

    private async Task<SlashReply> PostOnceAsync(string route, OutgoingMessage message, CancellationToken cancellation)
    {
        using var request = await PrepareAsync(route, message, cancellation);
        using var response = await _http.SendAsync(request, cancellation);
        return await ReadAsync(response, cancellation);
    }

    private async Task<ListKeys.PublicKey> NewestKeyAsync(CancellationToken cancellation)
    {
        var keys = await _http.GetFromJsonAsync<List<ListKeys.PublicKey>>(new Uri(_address, "keys"), cancellation);
        return keys?.MaxBy(key => key.ExpirationDate) ?? throw new JsonException("The receiver has no keys.");
    }

    private static (byte[] Body, string WrappedKey) Encrypt(ReadOnlySpan<byte> json, string publicKeyPem)
    {
        using var aes = Aes.Create();
        aes.SetKey(RandomNumberGenerator.GetBytes(KeyBytes));
        var encrypted = new byte[IvBytes + aes.GetCiphertextLengthCbc(json.Length)];
        RandomNumberGenerator.Fill(encrypted.AsSpan(0, IvBytes));
        aes.EncryptCbc(json, encrypted.AsSpan(0, IvBytes), encrypted.AsSpan(IvBytes));

        using var rsa = RSA.Create();
        rsa.ImportFromPem(publicKeyPem);
        var wrapped = rsa.Encrypt(aes.Key, RSAEncryptionPadding.OaepSHA256);
        return (Encoding.ASCII.GetBytes(Convert.ToBase64String(encrypted)), Base64Url.EncodeToString(wrapped));
    }

    private static string Hash(ReadOnlySpan<byte> data) => Base64Url.EncodeToString(SHA256.HashData(data));
}
