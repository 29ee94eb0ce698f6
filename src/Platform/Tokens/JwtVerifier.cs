using System.Text.Json;

namespace Kilde.Platform.Tokens;

/// <summary>
/// Verifies a JWT that an issuer has signed: algorithm, key, signature, issuer, audience and times (RFC 7519, 8725).
/// </summary>
public sealed class JwtVerifier(IssuerKeys keys, string audience, TimeSpan clockSkew, TimeProvider clock)
{
    /// <param name="jwt">The compact form.</param>
    /// <param name="types">
    /// Header types allowed, for example <c>at+jwt</c>; compared without case; null allows none.
    /// </param>
    /// <param name="cancellation">Ends a wait for the issuer's keys.</param>
    public async Task<Verified<JwtClaims>> VerifyAsync(string jwt, string?[] types, CancellationToken cancellation)
    {
        if (!JwtParts.TryRead(jwt, out var parts)) return TokenFault.Malformed;
        using (parts)
        {
            if (CheckHeader(parts.Header, types) is var headerFault and not TokenFault.None) return headerFault;
            if (CheckClaims(parts.Payload) is var fault and not TokenFault.None) return fault;

            var algorithm = parts.Header.Text("alg"u8)!;
            var (key, keyFault) = await keys.FindAsync(parts.Header.Text("kid"u8), algorithm, cancellation);
            if (key is null) return keyFault;
            if (!key.Verify(algorithm, parts.SigningInput, parts.Signature)) return TokenFault.Signature;

            var payload = parts.Payload.Clone();
            return new JwtClaims(payload, payload.Text("sub"u8) ?? "", payload.Time("exp"u8)!.Value);
        }
    }

    private static TokenFault CheckHeader(JsonElement header, string?[] types)
    {
        if (header.Text("alg"u8) is not ("RS256" or "PS256" or "ES256")) return TokenFault.Algorithm;

        // We understand no extension, so none may be critical (RFC 7515 § 4.1.11).
        if (header.TryGetProperty("crit"u8, out _)) return TokenFault.Malformed;
        var isType = types.Contains(header.Text("typ"u8), StringComparer.OrdinalIgnoreCase);
        return isType ? TokenFault.None : TokenFault.Type;
    }

    private TokenFault CheckClaims(JsonElement claims)
    {
        var now = clock.GetUtcNow();
        if (claims.Text("iss"u8) != keys.Issuer) return TokenFault.Issuer;
        if (!HasAudience(claims)) return TokenFault.Audience;
        if (claims.Time("exp"u8) is not { } expires) return TokenFault.Malformed;
        if (expires + clockSkew <= now) return TokenFault.Expired;
        if (!StartedBy(claims, "nbf"u8, now) || !StartedBy(claims, "iat"u8, now)) return TokenFault.NotYetValid;
        return TokenFault.None;
    }

    private bool StartedBy(JsonElement claims, ReadOnlySpan<byte> name, DateTimeOffset now) =>
        !claims.TryGetProperty(name, out _) || (claims.Time(name) is { } time && time - clockSkew <= now);

    private bool HasAudience(JsonElement claims)
    {
        if (!claims.TryGetProperty("aud"u8, out var value)) return false;
        return value.ValueKind switch
        {
            JsonValueKind.String => claims.Text("aud"u8) == audience,
            JsonValueKind.Array => value.EnumerateArray()
                .Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(audience)),
            _ => false,
        };
    }
}
