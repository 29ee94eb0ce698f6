using System.Text.Json;

namespace Kilde.Platform.Tokens;

/// <summary>A verified proof that whoever calls holds the key the access token is bound to (RFC 9449).</summary>
public sealed class DpopProof
{
    private readonly JsonElement _payload;

    internal DpopProof(JsonElement payload, string keyThumbprint, string id, DateTimeOffset issuedAt)
    {
        _payload = payload;
        KeyThumbprint = keyThumbprint;
        Id = id;
        IssuedAt = issuedAt;
    }

    public string KeyThumbprint { get; }

    /// <summary>Claim <c>jti</c>: a proof may be used once.</summary>
    public string Id { get; }

    public DateTimeOffset IssuedAt { get; }

    /// <summary>A claim of the API's own; null when it is missing or not a text.</summary>
    public string? Text(ReadOnlySpan<byte> name) => _payload.Text(name);
}

/// <summary>The request a proof must be made for.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Address">Our own address of the endpoint, without query and fragment.</param>
public readonly record struct ProvenRequest(string Method, string Address);

/// <summary>
/// Verifies DPoP proofs. What costs nothing is checked before the signature; a sender's key is imported once. That a
/// proof is used only once is for whoever stores what it came with.
/// </summary>
public sealed class DpopProofVerifier(TimeSpan ageMax, TimeSpan clockSkew, TimeProvider clock)
{
    private const int KeysMax = 10_000;
    private const int IdCharactersMax = 256;

    private readonly BoundedCache<Sha256Value, VerificationKey> _keys = new(KeysMax);

    /// <summary>How long after it was made a proof can still be accepted.</summary>
    public TimeSpan Lifetime => ageMax + clockSkew;

    public Verified<DpopProof> Verify(string proof, AccessToken token, in ProvenRequest request)
    {
        if (!JwtParts.TryRead(proof, out var parts)) return TokenFault.Malformed;
        using (parts)
        {
            if (CheckClaims(parts.Payload, token, request) is var fault and not TokenFault.None) return fault;
            return VerifySignature(parts, token);
        }
    }

    private TokenFault CheckClaims(JsonElement claims, AccessToken token, in ProvenRequest request)
    {
        if (claims.Text("htm"u8) != request.Method) return TokenFault.Method;
        if (!IsAddress(claims.Text("htu"u8), request.Address)) return TokenFault.Address;
        if (claims.Text("ath"u8) != token.Hash.ToString()) return TokenFault.OtherToken;
        if (claims.Text("jti"u8) is not { Length: > 0 and <= IdCharactersMax }) return TokenFault.NoId;

        var now = clock.GetUtcNow();
        if (claims.Time("iat"u8) is not { } issuedAt) return TokenFault.Malformed;
        if (issuedAt + Lifetime < now) return TokenFault.Expired;
        return issuedAt - clockSkew > now ? TokenFault.NotYetValid : TokenFault.None;
    }

    private Verified<DpopProof> VerifySignature(JwtParts parts, AccessToken token)
    {
        var header = parts.Header;
        var algorithm = header.Text("alg"u8);
        if (algorithm is not ("RS256" or "PS256" or "ES256")) return TokenFault.Algorithm;
        var type = header.Text("typ"u8);
        if (!string.Equals(type, "dpop+jwt", StringComparison.OrdinalIgnoreCase)) return TokenFault.Type;
        if (header.TryGetProperty("crit"u8, out _)) return TokenFault.Malformed;
        if (!header.TryGetProperty("jwk"u8, out var jwk) || !VerificationKey.TryThumbprint(jwk, out var thumbprint))
            return TokenFault.BadKey;

        var name = thumbprint.ToString();
        if (name != token.BoundKey) return TokenFault.OtherKey;
        if (FindKey(jwk, thumbprint) is not { } key) return TokenFault.BadKey;
        if (jwk.Text("alg"u8) is { } keyAlgorithm && keyAlgorithm != algorithm) return TokenFault.Algorithm;
        if (!key.Fits(algorithm)) return TokenFault.Algorithm;
        if (!key.Verify(algorithm, parts.SigningInput, parts.Signature)) return TokenFault.Signature;

        var payload = parts.Payload.Clone();
        return new DpopProof(payload, name, payload.Text("jti"u8)!, payload.Time("iat"u8)!.Value);
    }

    private VerificationKey? FindKey(JsonElement jwk, Sha256Value thumbprint)
    {
        if (_keys.TryGet(thumbprint, out var known)) return known;
        if (!VerificationKey.TryRead(jwk, out var key)) return null;
        _keys.Add(thumbprint, key);
        return key;
    }

    // Senders write the address in more than one way: upper-case host, explicit default port, a query (RFC 9449 § 4.3
    // has it ignored).
    private static bool IsAddress(string? htu, string expected)
    {
        if (htu == expected) return true;
        return Uri.TryCreate(htu, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Path) == new Uri(expected).GetLeftPart(UriPartial.Path)
            && uri.UserInfo.Length == 0;
    }
}
