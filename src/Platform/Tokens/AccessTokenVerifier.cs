using System.Security.Cryptography;
using System.Text.Json;

namespace Kilde.Platform.Tokens;

/// <summary>A verified access token that is bound to a key.</summary>
/// <param name="Hash">SHA-256 of the token's text: what a proof's <c>ath</c> must be.</param>
/// <param name="BoundKey">Thumbprint of the key whose proofs may use the token (<c>cnf.jkt</c>).</param>
public sealed record AccessToken(Sha256Value Hash, JwtClaims Claims, string ClientId, string BoundKey);

/// <summary>
/// Verifies DPoP-bound access tokens. The signature of a token is checked once; until it expires, the same text is
/// known by its hash.
/// </summary>
public sealed class AccessTokenVerifier(JwtVerifier verifier, TimeSpan clockSkew, TimeProvider clock)
{
    private const int TokensMax = 10_000;
    private static readonly string[] Types = ["at+jwt", "application/at+jwt", "JWT"];

    private readonly BoundedCache<Sha256Value, AccessToken> _known = new(TokensMax);

    public ValueTask<Verified<AccessToken>> VerifyAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > JwtParts.CharactersMax) return new(TokenFault.Malformed);
        var hash = Sha256Value.OfText(token);
        if (!_known.TryGet(hash, out var known)) return new(VerifyNewAsync(token, hash, cancellation));
        return new(known.Claims.ExpiresAt + clockSkew > clock.GetUtcNow() ? known : TokenFault.Expired);
    }

    private async Task<Verified<AccessToken>> VerifyNewAsync(
        string text, Sha256Value hash, CancellationToken cancellation)
    {
        var (claims, fault) = await verifier.VerifyAsync(text, Types, cancellation);
        if (claims is null) return fault;

        if (!claims.Payload.TryGetProperty("cnf"u8, out var cnf)) return TokenFault.NotBound;
        var boundKey = cnf.ValueKind == JsonValueKind.Object ? cnf.Text("jkt"u8) : null;
        if (StrictBase64Url.Decode(boundKey, SHA256.HashSizeInBytes) is not { Length: SHA256.HashSizeInBytes })
            return TokenFault.BadBinding;

        var token = new AccessToken(hash, claims, claims.Text("client_id") ?? claims.Subject, boundKey!);
        _known.Add(hash, token);
        return token;
    }
}
