using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Kilde.Platform.Tokens;

/// <summary>
/// The signing keys of one issuer, found by OpenID discovery. They are kept, fetched again after
/// <see cref="FreshFor"/>, and at once when a token names a key we do not know, but never more often than
/// <see cref="RefreshAfterMin"/>. When the issuer is away, the keys we have are used on.
/// </summary>
public sealed partial class IssuerKeys : IDisposable
{
    public static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    public static readonly TimeSpan RefreshAfterMin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private const int DocumentBytesMax = 256 * 1024;
    private const int KeysMax = 50;

    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _fetching = new(1);
    private volatile KeySet? _current;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    public IssuerKeys(string issuer, TimeProvider clock, ILogger<IssuerKeys> log)
        : this(issuer, clock, log, new SocketsHttpHandler { AllowAutoRedirect = false })
    {
    }

    internal IssuerKeys(string issuer, TimeProvider clock, ILogger log, HttpMessageHandler handler)
    {
        if (!IsSafe(issuer)) throw new ArgumentException("The issuer must be an https address.", nameof(issuer));
        Issuer = issuer;
        _clock = clock;
        _log = log;
        _http = new HttpClient(handler)
        {
            Timeout = FetchTimeout, MaxResponseContentBufferSize = DocumentBytesMax,
        };
    }

    public string Issuer { get; }

    public void Dispose()
    {
        _http.Dispose();
        _fetching.Dispose();
    }

    internal async ValueTask<(VerificationKey? Key, TokenFault Fault)> FindAsync(
        string? id, string algorithm, CancellationToken cancellation)
    {
        var set = _current;
        if (set is not null && IsFresh(set) && set.Find(id, algorithm) is { } known) return (known, TokenFault.None);

        set = await RefreshAsync(cancellation);
        if (set is null) return (null, TokenFault.IssuerUnavailable);
        return set.Find(id, algorithm) is { } key ? (key, TokenFault.None) : (null, TokenFault.UnknownKey);
    }

    private bool IsFresh(KeySet set) => set.FetchedAt + FreshFor > _clock.GetUtcNow();

    private async Task<KeySet?> RefreshAsync(CancellationToken cancellation)
    {
        await _fetching.WaitAsync(cancellation);
        try
        {
            var now = _clock.GetUtcNow();
            if (_triedAt + RefreshAfterMin > now) return _current;
            _triedAt = now;
            _current = await FetchAsync(now, cancellation);
        }
        catch (Exception exception) when (IsOutside(exception, cancellation))
        {
            Log.FetchFailed(_log, Issuer, exception.GetType().Name);
        }
        finally
        {
            _fetching.Release();
        }
        return _current;
    }

    // A failed connection, an answer that is not JSON, a discovery document of someone else, or our own time limit.
    private static bool IsOutside(Exception exception, CancellationToken cancellation) =>
        exception is HttpRequestException or JsonException or InvalidDataException
        || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);

    private async Task<KeySet> FetchAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        using var discovery = await GetAsync($"{Issuer.TrimEnd('/')}/.well-known/openid-configuration", cancellation);
        if (discovery.RootElement.Text("issuer"u8) != Issuer)
            throw new InvalidDataException("The discovery document names another issuer.");
        if (discovery.RootElement.Text("jwks_uri"u8) is not { } address || !IsSafe(address))
            throw new InvalidDataException("The discovery document names no safe address for the keys.");

        using var jwks = await GetAsync(address, cancellation);
        if (!jwks.RootElement.TryGetProperty("keys"u8, out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("The key set has no keys.");
        return KeySet.Read(keys, now);
    }

    private async Task<JsonDocument> GetAsync(string address, CancellationToken cancellation)
    {
        var bytes = await _http.GetByteArrayAsync(new Uri(address), cancellation);
        var document = JsonDocument.Parse(bytes, Strict);
        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new InvalidDataException("The answer is not a JSON object.");
    }

    // Keys travel over https; plain http only to a provider on this machine.
    private static bool IsSafe(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private sealed class KeySet
    {
        private readonly FrozenDictionary<string, VerificationKey> _byId;
        private readonly VerificationKey? _only;

        private KeySet(Dictionary<string, VerificationKey> byId, List<VerificationKey> all, DateTimeOffset fetchedAt)
        {
            _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
            _only = all.Count == 1 ? all[0] : null;
            FetchedAt = fetchedAt;
        }

        public DateTimeOffset FetchedAt { get; }

        public static KeySet Read(JsonElement keys, DateTimeOffset now)
        {
            var byId = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
            var all = new List<VerificationKey>();
            foreach (var jwk in keys.EnumerateArray().Take(KeysMax))
            {
                if (jwk.ValueKind != JsonValueKind.Object || jwk.Text("use"u8) is not (null or "sig")) continue;
                if (!VerificationKey.TryRead(jwk, out var key)) continue;
                all.Add(key);
                if (jwk.Text("kid"u8) is { } id) byId.TryAdd(id, key);
            }
            return new KeySet(byId, all, now);
        }

        // A token without kid is unambiguous only when the issuer has a single key.
        public VerificationKey? Find(string? id, string algorithm)
        {
            var key = id is null ? _only : _byId.GetValueOrDefault(id);
            return key?.Fits(algorithm) == true ? key : null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Warning, "The signing keys of {Issuer} could not be fetched: {Error}.")]
        public static partial void FetchFailed(ILogger log, string issuer, string error);
    }
}
