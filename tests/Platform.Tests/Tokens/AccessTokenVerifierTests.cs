using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kilde.Intake.Slash.Client;
using Kilde.Platform.Tokens;

namespace Kilde.Platform.Tests.Tokens;

public class AccessTokenVerifierTests(JoseOracle jose) : IClassFixture<JoseOracle>
{
    private readonly TestIssuer _issuer = new();

    [Fact]
    public async Task A_sound_token_is_verified_and_its_claims_are_read()
    {
        var claims = _issuer.TokenClaims;
        claims["helseid://claims/client/claims/orgnr_parent"] = "974760673";

        var token = await AcceptAsync(_issuer.Key.Sign(_issuer.TokenHeader, claims));

        token.ClientId.ShouldBe("client");
        token.BoundKey.ShouldBe(_issuer.SenderKey.Thumbprint);
        token.Claims.Text("helseid://claims/client/claims/orgnr_parent").ShouldBe("974760673");
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_token_that_jose_makes_is_verified(string algorithm)
    {
        var key = await jose.AskAsync(new JsonObject { ["op"] = "key", ["alg"] = algorithm });
        var published = key["public"]!.DeepClone().AsObject();
        published["kid"] = "jose";
        _issuer.Published.Add(published);
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = "jose" };

        await AcceptAsync(await jose.SignAsync(key["private"]!, header, _issuer.TokenClaims));

        VerificationKey.TryRead(Parse(published), out var read).ShouldBeTrue();
        read!.Thumbprint.ToString().ShouldBe((string?)key["thumbprint"]);
    }

    [Fact]
    public async Task Jose_verifies_a_token_that_our_code_makes()
    {
        var answer = await jose.AskAsync(new JsonObject
        {
            ["op"] = "verify", ["key"] = _issuer.Key.Public.DeepClone(), ["alg"] = "RS256", ["jwt"] = _issuer.Token(),
            ["options"] = new JsonObject
            {
                ["issuer"] = TestIssuer.Address, ["audience"] = TestIssuer.Audience, ["typ"] = "at+jwt",
                ["clockTolerance"] = 1_000_000_000,
            },
        });

        ((string?)answer["payload"]?["client_id"]).ShouldBe("client", answer.ToJsonString());
    }

    [Fact]
    public async Task The_signature_is_checked_once_and_the_expiry_each_time()
    {
        var token = _issuer.Token();
        var first = await AcceptAsync(token);

        (await AcceptAsync(token)).ShouldBeSameAs(first);

        _issuer.Clock.Advance(TimeSpan.FromSeconds(631));
        (await RefuseAsync(token)).ShouldBe(TokenFault.Expired);
    }

    [Fact]
    public Task An_unsigned_token_is_refused() => RefusedAsync(
        TokenFault.Algorithm, $"{Part(With(_issuer.TokenHeader, "alg", "none"))}.{Part(_issuer.TokenClaims)}.AA");

    [Fact]
    public Task A_token_with_an_empty_signature_is_refused() => RefusedAsync(
        TokenFault.Malformed, $"{Part(With(_issuer.TokenHeader, "alg", "none"))}.{Part(_issuer.TokenClaims)}.");

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_shared_secret_is_refused()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(_issuer.Key.ToPem());
        var secret = Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem());
        var text = $"{Part(With(_issuer.TokenHeader, "alg", "HS256"))}.{Part(_issuer.TokenClaims)}";
        var signature = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text));
        await RefusedAsync(TokenFault.Algorithm, $"{text}.{Base64Url.EncodeToString(signature)}");
    }

    [Theory]
    [InlineData("RS384")]
    [InlineData("rs256")]
    [InlineData("EdDSA")]
    public Task Other_algorithms_are_refused(string algorithm) => RefusedAsync(
        TokenFault.Algorithm, _issuer.Key.Sign(With(_issuer.TokenHeader, "alg", algorithm), _issuer.TokenClaims));

    [Fact]
    public Task An_algorithm_that_is_not_the_keys_is_refused() => RefusedAsync(
        TokenFault.UnknownKey, _issuer.Key.Sign(With(_issuer.TokenHeader, "alg", "ES256"), _issuer.TokenClaims));

    [Fact]
    public async Task A_token_signed_by_someone_else_is_refused()
    {
        using var stranger = ClientKey.CreateRsa();
        await RefusedAsync(TokenFault.Signature, stranger.Sign(_issuer.TokenHeader, _issuer.TokenClaims));
    }

    [Fact]
    public Task A_critical_extension_is_refused() => RefusedAsync(
        TokenFault.Malformed,
        _issuer.Key.Sign(With(_issuer.TokenHeader, "crit", new JsonArray("b64")), _issuer.TokenClaims));

    [Fact]
    public Task An_identity_token_is_no_access_token() => RefusedAsync(
        TokenFault.Type, _issuer.Key.Sign(With(_issuer.TokenHeader, "typ", "dpop+jwt"), _issuer.TokenClaims));

    [Theory]
    [InlineData("iss", "https://issuer.example.no/", TokenFault.Issuer)]
    [InlineData("iss", null, TokenFault.Issuer)]
    [InlineData("aud", "someone-else", TokenFault.Audience)]
    [InlineData("aud", null, TokenFault.Audience)]
    [InlineData("exp", null, TokenFault.Malformed)]
    [InlineData("cnf", null, TokenFault.NotBound)]
    [InlineData("cnf", "text", TokenFault.BadBinding)]
    [InlineData("nbf", "soon", TokenFault.NotYetValid)]
    public Task A_wrong_claim_is_refused(string claim, string? value, TokenFault fault) => RefusedAsync(
        fault, _issuer.Key.Sign(_issuer.TokenHeader, With(_issuer.TokenClaims, claim, value)));

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I=")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J")]
    public Task A_binding_that_is_no_thumbprint_is_refused(string thumbprint) => RefusedAsync(
        TokenFault.BadBinding, _issuer.Key.Sign(
            _issuer.TokenHeader, With(_issuer.TokenClaims, "cnf", new JsonObject { ["jkt"] = thumbprint })));

    [Theory]
    [InlineData("exp", -31, TokenFault.Expired)]
    [InlineData("nbf", 31, TokenFault.NotYetValid)]
    [InlineData("iat", 31, TokenFault.NotYetValid)]
    [InlineData("exp", -29, TokenFault.None)]
    [InlineData("nbf", 29, TokenFault.None)]
    public async Task Times_count_with_thirty_seconds_of_skew(string claim, int seconds, TokenFault fault)
    {
        var token = _issuer.Key.Sign(_issuer.TokenHeader, With(_issuer.TokenClaims, claim, _issuer.Now + seconds));
        (await VerifyAsync(token)).Fault.ShouldBe(fault);
    }

    [Fact]
    public async Task One_of_several_audiences_is_enough() => await AcceptAsync(_issuer.Key.Sign(
        _issuer.TokenHeader, With(_issuer.TokenClaims, "aud", new JsonArray("other", TestIssuer.Audience))));

    [Fact]
    public Task A_claim_given_twice_is_refused() => RefusedAsync(
        TokenFault.Malformed, SignText(
            _issuer.TokenHeader.ToJsonString(),
            _issuer.TokenClaims.ToJsonString()[..^1] + ",\"aud\":\"kilde:intake\"}"));

    [Fact]
    public Task A_header_member_given_twice_is_refused() => RefusedAsync(
        TokenFault.Malformed, SignText(
            _issuer.TokenHeader.ToJsonString()[..^1] + ",\"alg\":\"none\"}", _issuer.TokenClaims.ToJsonString()));

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("!!!!.????.####")]
    [InlineData("bm90IGpzb24.bm90IGpzb24.bm90IGpzb24")]
    [InlineData("W10.W10.W10W")]
    [InlineData("æøå.æøå.æøå")]
    public Task Garbage_is_refused(string text) => RefusedAsync(TokenFault.Malformed, text);

    [Fact]
    public Task A_huge_token_is_refused_unread() => RefusedAsync(
        TokenFault.Malformed, _issuer.Key.Sign(
            _issuer.TokenHeader, With(_issuer.TokenClaims, "padding", new string('x', 20_000))));

    [Fact]
    public Task Deep_nesting_is_refused() => RefusedAsync(
        TokenFault.Malformed, SignText(
            _issuer.TokenHeader.ToJsonString(), $"{{\"a\":{new string('[', 100)}{new string(']', 100)}}}"));

    [Fact]
    public void Any_changed_character_is_caught()
    {
        var token = _issuer.Token();
        Prop.ForAll(Gen.Choose(0, token.Length - 1).ToArbitrary(), Gen.Choose(1, 127).ToArbitrary(), (place, change) =>
        {
            var changed = token.ToCharArray();
            changed[place] = (char)(changed[place] ^ change);
            return _issuer.Tokens.VerifyAsync(new string(changed), CancellationToken.None)
                .AsTask().GetAwaiter().GetResult().Fault != TokenFault.None;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static System.Text.Json.JsonElement Parse(JsonObject json) =>
        System.Text.Json.JsonDocument.Parse(json.ToJsonString()).RootElement;

    private static JsonObject With(JsonObject json, string name, JsonNode? value)
    {
        if (value is null) json.Remove(name);
        else json[name] = value;
        return json;
    }

    private static string Part(JsonObject json) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private string SignText(string header, string payload)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(_issuer.Key.ToPem());
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "."
            + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        var signature = rsa.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private async Task<Verified<AccessToken>> VerifyAsync(string token) =>
        await _issuer.Tokens.VerifyAsync(token, TestContext.Current.CancellationToken);

    private async Task<AccessToken> AcceptAsync(string token)
    {
        var (value, fault) = await VerifyAsync(token);
        fault.ShouldBe(TokenFault.None);
        return value.ShouldNotBeNull();
    }

    private async Task<TokenFault> RefuseAsync(string token)
    {
        var (value, fault) = await VerifyAsync(token);
        value.ShouldBeNull();
        return fault;
    }

    private async Task RefusedAsync(TokenFault fault, string token) => (await RefuseAsync(token)).ShouldBe(fault);
}
