using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kilde.Intake.Slash.Client;
using Kilde.Platform.Tokens;
using Kilde.Testing;

namespace Kilde.Platform.Tests.Tokens;

public class DpopProofVerifierTests(JoseOracle jose) : IClassFixture<JoseOracle>
{
    // RFC 9449, figures 12 and 13: the proof, its access token, and the thumbprint of its key.
    private const string RfcProof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0Rs"
        + "cEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2"
        + "In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9w"
        + "cm90"
        + "ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFF"
        + "byJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private const string RfcToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    private const string RfcThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    // RFC 7638 § 3.1
    private const string RfcModulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc"
        + "_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQ"
        + "R0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bF"
        + "TWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    private readonly TestIssuer _issuer = new();

    [Fact]
    public void The_proof_of_the_standard_is_verified()
    {
        var clock = new FixedClock(DateTimeOffset.FromUnixTimeSeconds(1562262618));
        var verifier = new DpopProofVerifier(TimeSpan.FromSeconds(60), TimeSpan.Zero, clock);
        var token = new AccessToken(Sha256Value.OfText(RfcToken), null!, "client", RfcThumbprint);

        var (proof, fault) = verifier.Verify(
            RfcProof, token, new ProvenRequest("GET", "https://resource.example.org/protectedresource"));

        fault.ShouldBe(TokenFault.None);
        proof!.Id.ShouldBe("e1j3V_bKic8-LAEB");
    }

    [Fact]
    public async Task A_sound_proof_is_verified_and_its_own_claims_are_read()
    {
        var token = await _issuer.VerifiedTokenAsync();
        var claims = With(_issuer.ProofClaims(_issuer.Token()), "msg_type", "HST_Avtale");
        claims["ath"] = token.Hash.ToString();

        var signed = _issuer.SenderKey.Sign(_issuer.ProofHeader, claims);

        var proof = _issuer.Proofs.Verify(signed, token, TestIssuer.Request);

        proof.Fault.ShouldBe(TokenFault.None);
        proof.Value!.Text("msg_type"u8).ShouldBe("HST_Avtale");
        proof.Value.Text("msg_version"u8).ShouldBeNull();
        proof.Value.KeyThumbprint.ShouldBe(_issuer.SenderKey.Thumbprint);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_proof_that_jose_makes_is_verified(string algorithm)
    {
        var key = await jose.AskAsync(new JsonObject { ["op"] = "key", ["alg"] = algorithm });
        var jwk = key["public"]!.DeepClone().AsObject();
        jwk["alg"] = algorithm;
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "dpop+jwt", ["jwk"] = jwk, ["kid"] = "any" };
        var token = (await _issuer.VerifiedTokenAsync()) with { BoundKey = (string)key["thumbprint"]! };

        var proof = await jose.SignAsync(key["private"]!, header, Claims(token));

        _issuer.Proofs.Verify(proof, token, TestIssuer.Request).Fault.ShouldBe(TokenFault.None);
    }

    [Fact]
    public async Task Jose_verifies_a_proof_that_our_client_makes()
    {
        var token = await _issuer.VerifiedTokenAsync();

        var answer = await jose.AskAsync(new JsonObject
        {
            ["op"] = "verify", ["key"] = _issuer.SenderKey.Public.DeepClone(), ["alg"] = "ES256",
            ["jwt"] = _issuer.SenderKey.Sign(_issuer.ProofHeader, Claims(token)),
            ["options"] = new JsonObject { ["typ"] = "dpop+jwt" },
        });

        ((string?)answer["payload"]?["htu"]).ShouldBe(TestIssuer.Endpoint, answer.ToJsonString());
    }

    [Theory]
    [InlineData("htm", "GET", TokenFault.Method)]
    [InlineData("htm", "post", TokenFault.Method)]
    [InlineData("htu", "https://mottak.example.no/validate", TokenFault.Address)]
    [InlineData("htu", "http://mottak.example.no/message", TokenFault.Address)]
    [InlineData("htu", "https://mottak.example.no:8443/message", TokenFault.Address)]
    [InlineData("htu", "https://mottak.example.no@evil.example.no/message", TokenFault.Address)]
    [InlineData("htu", "/message", TokenFault.Address)]
    [InlineData("htu", null, TokenFault.Address)]
    [InlineData("ath", "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", TokenFault.OtherToken)]
    [InlineData("ath", null, TokenFault.OtherToken)]
    [InlineData("jti", null, TokenFault.NoId)]
    [InlineData("jti", "", TokenFault.NoId)]
    [InlineData("iat", "now", TokenFault.Malformed)]
    [InlineData("iat", null, TokenFault.Malformed)]
    public Task A_wrong_claim_is_refused(string claim, string? value, TokenFault fault) =>
        RefusedAsync(fault, _issuer.ProofHeader, claims => With(claims, claim, value));

    [Theory]
    [InlineData("https://MOTTAK.example.no/message")]
    [InlineData("https://mottak.example.no:443/message")]
    [InlineData("https://mottak.example.no/message?a=b#c")]
    public Task Other_spellings_of_the_same_address_are_taken(string address) =>
        RefusedAsync(TokenFault.None, _issuer.ProofHeader, claims => With(claims, "htu", address));

    [Theory]
    [InlineData(-151, TokenFault.Expired)]
    [InlineData(-149, TokenFault.None)]
    [InlineData(29, TokenFault.None)]
    [InlineData(31, TokenFault.NotYetValid)]
    [InlineData(100_000_000, TokenFault.NotYetValid)]
    public Task A_proof_lasts_two_minutes(int seconds, TokenFault fault) =>
        RefusedAsync(fault, _issuer.ProofHeader, claims => With(claims, "iat", _issuer.Now + seconds));

    [Theory]
    [InlineData("typ", "JWT", TokenFault.Type)]
    [InlineData("typ", null, TokenFault.Type)]
    [InlineData("alg", "none", TokenFault.Algorithm)]
    [InlineData("alg", "HS256", TokenFault.Algorithm)]
    [InlineData("alg", "RS256", TokenFault.Algorithm)]
    [InlineData("jwk", null, TokenFault.BadKey)]
    [InlineData("jwk", "text", TokenFault.BadKey)]
    [InlineData("crit", "exp", TokenFault.Malformed)]
    public Task A_wrong_header_is_refused(string member, string? value, TokenFault fault) =>
        RefusedAsync(fault, With(_issuer.ProofHeader, member, value), claims => claims);

    [Fact]
    public Task A_private_key_in_the_header_is_refused() => RefusedAsync(
        TokenFault.BadKey, Change(_issuer.ProofHeader, jwk => jwk["d"] = "AAAA"), claims => claims);

    [Fact]
    public Task A_key_whose_algorithm_is_another_is_refused() => RefusedAsync(
        TokenFault.Algorithm, Change(_issuer.ProofHeader, jwk => jwk["alg"] = "RS256"), claims => claims);

    [Fact]
    public async Task A_proof_by_another_key_than_the_tokens_is_refused()
    {
        using var thief = ClientKey.CreateEc();
        var token = await _issuer.VerifiedTokenAsync();
        var header = With(_issuer.ProofHeader, "jwk", thief.Public.DeepClone());

        Verify(thief.Sign(header, Claims(token)), token).ShouldBe(TokenFault.OtherKey);
        Verify(thief.Sign(_issuer.ProofHeader, Claims(token)), token).ShouldBe(TokenFault.Signature);
    }

    [Fact]
    public async Task A_small_rsa_key_is_refused()
    {
        using var small = ClientKey.CreateRsa(1024);
        await KeyIsRefusedAsync(small.Public, small);
    }

    [Fact]
    public async Task A_point_that_is_not_on_the_curve_is_refused()
    {
        using var key = ClientKey.CreateEc();
        var jwk = key.Public.DeepClone().AsObject();
        jwk["y"] = jwk["x"]!.DeepClone();
        await KeyIsRefusedAsync(jwk, key);
    }

    [Fact]
    public void The_thumbprint_of_the_standard_is_computed()
    {
        var jwk = System.Text.Json.JsonDocument.Parse(
            $$"""{"kty":"RSA","n":"{{RfcModulus}}","e":"AQAB","alg":"RS256","kid":"2011-04-29"}""");

        VerificationKey.TryRead(jwk.RootElement, out var key).ShouldBeTrue();
        key!.Thumbprint.ToString().ShouldBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    [Fact]
    public async Task Any_changed_character_is_caught()
    {
        var token = await _issuer.VerifiedTokenAsync();
        var proof = _issuer.SenderKey.Sign(_issuer.ProofHeader, Claims(token));

        Prop.ForAll(Gen.Choose(0, proof.Length - 1).ToArbitrary(), Gen.Choose(1, 127).ToArbitrary(), (place, change) =>
        {
            var changed = proof.ToCharArray();
            changed[place] = (char)(changed[place] ^ change);
            return Verify(new string(changed), token) != TokenFault.None;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public async Task A_lone_surrogate_in_a_claim_is_refused_and_not_an_exception()
    {
        var token = await _issuer.VerifiedTokenAsync();
        var claims = Claims(token).ToJsonString().Replace("\"proof-1\"", "\"\\ud800\"", StringComparison.Ordinal);
        var header = System.Buffers.Text.Base64Url.EncodeToString(
            System.Text.Encoding.UTF8.GetBytes(_issuer.ProofHeader.ToJsonString()));
        var payload = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(claims));

        Verify($"{header}.{payload}.AAAA", token).ShouldBe(TokenFault.NoId);
    }

    private static JsonObject With(JsonObject json, string name, JsonNode? value)
    {
        if (value is null) json.Remove(name);
        else json[name] = value;
        return json;
    }

    private static JsonObject Change(JsonObject header, Action<JsonObject> change)
    {
        change(header["jwk"]!.AsObject());
        return header;
    }

    private JsonObject Claims(AccessToken token) => new()
    {
        ["jti"] = "proof-1", ["htm"] = "POST", ["htu"] = TestIssuer.Endpoint, ["iat"] = _issuer.Now,
        ["ath"] = token.Hash.ToString(),
    };

    private TokenFault Verify(string proof, AccessToken token) =>
        _issuer.Proofs.Verify(proof, token, TestIssuer.Request).Fault;

    private async Task RefusedAsync(TokenFault fault, JsonObject header, Func<JsonObject, JsonObject> change)
    {
        var token = await _issuer.VerifiedTokenAsync();
        Verify(_issuer.SenderKey.Sign(header, change(Claims(token))), token).ShouldBe(fault);
    }

    private async Task KeyIsRefusedAsync(JsonObject jwk, ClientKey key)
    {
        VerificationKey.TryThumbprint(
            System.Text.Json.JsonDocument.Parse(jwk.ToJsonString()).RootElement, out var thumbprint).ShouldBeTrue();
        var token = (await _issuer.VerifiedTokenAsync()) with { BoundKey = thumbprint.ToString() };
        var header = new JsonObject { ["alg"] = key.Algorithm, ["typ"] = "dpop+jwt", ["jwk"] = jwk.DeepClone() };

        Verify(key.Sign(header, Claims(token)), token).ShouldBe(TokenFault.BadKey);
    }
}
