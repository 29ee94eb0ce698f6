using System.Net;
using System.Text.Json.Nodes;
using Kilde.Intake.Slash.Client;
using Kilde.Platform.Tokens;
using Kilde.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kilde.Platform.Tests.Tokens;

/// <summary>An issuer in memory: its keys by discovery, and tokens and proofs to be spoilt.</summary>
public sealed class TestIssuer : HttpMessageHandler
{
    public const string Address = "https://issuer.example.no";
    public const string Audience = "kilde:intake";
    public const string Endpoint = "https://mottak.example.no/message";

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // An RSA key takes a while to make, and no test changes it.
    private static readonly ClientKey SharedKey = ClientKey.CreateRsa();

    public TestIssuer()
    {
        Keys = new IssuerKeys(Address, Clock, NullLogger.Instance, this);
        Jwts = new JwtVerifier(Keys, Audience, Skew, Clock);
        Tokens = new AccessTokenVerifier(Jwts, Skew, Clock);
        Proofs = new DpopProofVerifier(TimeSpan.FromSeconds(120), Skew, Clock);
        Published = [Describe(Key)];
    }

    public FixedClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public ClientKey Key => SharedKey;

    public ClientKey SenderKey { get; } = ClientKey.CreateEc();

    public IssuerKeys Keys { get; }

    public JwtVerifier Jwts { get; }

    public AccessTokenVerifier Tokens { get; }

    public DpopProofVerifier Proofs { get; }

    public List<JsonObject> Published { get; }

    public string Named { get; set; } = Address;

    public bool IsAway { get; set; }

    public int Fetches { get; private set; }

    public static ProvenRequest Request => new("POST", Endpoint);

    public JsonObject TokenHeader => new() { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = Key.Thumbprint };

    public JsonObject TokenClaims => new()
    {
        ["iss"] = Address, ["aud"] = Audience, ["sub"] = "client", ["client_id"] = "client",
        ["iat"] = Now, ["nbf"] = Now, ["exp"] = Now + 600, ["jti"] = "token-1",
        ["cnf"] = new JsonObject { ["jkt"] = SenderKey.Thumbprint },
    };

    public JsonObject ProofHeader => new()
    {
        ["alg"] = SenderKey.Algorithm, ["typ"] = "dpop+jwt", ["jwk"] = SenderKey.Public.DeepClone(),
    };

    public long Now => Clock.Now.ToUnixTimeSeconds();

    public static JsonObject Describe(ClientKey key)
    {
        var jwk = key.Public.DeepClone().AsObject();
        jwk["kid"] = key.Thumbprint;
        jwk["use"] = "sig";
        return jwk;
    }

    public string Token() => Key.Sign(TokenHeader, TokenClaims);

    public JsonObject ProofClaims(string token) => new()
    {
        ["jti"] = "proof-1", ["htm"] = "POST", ["htu"] = Endpoint, ["iat"] = Now,
        ["ath"] = Sha256Value.OfText(token).ToString(),
    };

    public async Task<AccessToken> VerifiedTokenAsync() =>
        (await Tokens.VerifyAsync(Token(), TestContext.Current.CancellationToken)).Value.ShouldNotBeNull();

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Fetches++;
        if (IsAway) throw new HttpRequestException("away");
        JsonObject answer = request.RequestUri!.AbsolutePath == "/jwks"
            ? new() { ["keys"] = new JsonArray([.. Published.Select(key => key.DeepClone())]) }
            : new() { ["issuer"] = Named, ["jwks_uri"] = $"{Address}/jwks" };
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(answer.ToJsonString()),
        });
    }
}
