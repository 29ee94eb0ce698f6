using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kilde.Platform.Tokens;

/// <summary>
/// A public key read from a JWK (RFC 7517): RSA of 2048 to 4096 bits, or P-256. Verifying is safe from many threads:
/// each call has a context of its own over a key that never changes.
/// </summary>
public sealed class VerificationKey
{
    private const int RsaBitsMin = 2048;
    private const int RsaBitsMax = 4096;
    private const int CoordinateBytes = 32;

    // A JWK with any of these is a secret that someone is about to leak, or a symmetric key.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;
    private readonly string? _algorithm;

    private VerificationKey(RSA? rsa, ECDsa? ecdsa, string? algorithm, Sha256Value thumbprint)
    {
        _rsa = rsa;
        _ecdsa = ecdsa;
        _algorithm = algorithm;
        Thumbprint = thumbprint;
    }

    /// <summary>JWK thumbprint with SHA-256 (RFC 7638).</summary>
    public Sha256Value Thumbprint { get; }

    /// <summary>The thumbprint without the key: enough to look a known key up.</summary>
    internal static bool TryThumbprint(JsonElement jwk, out Sha256Value thumbprint)
    {
        thumbprint = default;
        if (jwk.ValueKind != JsonValueKind.Object || PrivateMembers.Any(member => jwk.TryGetProperty(member, out _)))
            return false;

        // The members in the order and spelling the RFC fixes. Their values are base64url, so nothing needs escaping;
        // a value that would need it gives a thumbprint that no key has.
        var (x, y) = (jwk.Text("x"u8), jwk.Text("y"u8));
        var canonical = jwk.Text("kty"u8) switch
        {
            "RSA" => $$"""{"e":"{{jwk.Text("e"u8)}}","kty":"RSA","n":"{{jwk.Text("n"u8)}}"}""",
            "EC" => $$"""{"crv":"{{jwk.Text("crv"u8)}}","kty":"EC","x":"{{x}}","y":"{{y}}"}""",
            _ => null,
        };
        if (canonical is null) return false;
        thumbprint = Sha256Value.Of(Encoding.UTF8.GetBytes(canonical));
        return true;
    }

    /// <summary>Reads a public JWK. False for private, weak, oversized, misspelled or unknown kinds of key.</summary>
    public static bool TryRead(JsonElement jwk, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (!TryThumbprint(jwk, out var thumbprint)) return false;
        try
        {
            var algorithm = jwk.Text("alg"u8);
            key = jwk.Text("kty"u8) == "RSA"
                ? ReadRsa(jwk) is { } rsa ? new(rsa, null, algorithm, thumbprint) : null
                : ReadEc(jwk) is { } ecdsa ? new(null, ecdsa, algorithm, thumbprint) : null;
        }
        catch (CryptographicException)
        {
            // A point that is not on the curve.
        }
        return key is not null;
    }

    /// <summary>True when the algorithm is one we take, fits the key, and is the one the key is for.</summary>
    public bool Fits(string algorithm) =>
        (_algorithm is null || _algorithm == algorithm)
        && (_rsa is not null ? algorithm is "RS256" or "PS256" : algorithm is "ES256");

    public bool Verify(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (!Fits(algorithm)) return false;
        if (_rsa is null) return VerifyEc(data, signature);
        var padding = algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return signature.Length == _rsa.KeySize / 8
            && _rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, padding);
    }

    private bool VerifyEc(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        signature.Length == 2 * CoordinateBytes
        && _ecdsa!.VerifyData(
            data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static RSA? ReadRsa(JsonElement jwk)
    {
        var modulus = StrictBase64Url.Decode(jwk.Text("n"u8), RsaBitsMax / 8);
        var exponent = StrictBase64Url.Decode(jwk.Text("e"u8), sizeof(uint));
        if (modulus is null || exponent is null || !IsSound(modulus, exponent)) return null;
        var rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent });
        return rsa.KeySize is >= RsaBitsMin and <= RsaBitsMax ? rsa : null;
    }

    private static bool IsSound(byte[] modulus, byte[] exponent) =>
        modulus.Length >= RsaBitsMin / 8 && modulus[0] != 0 && (modulus[^1] & 1) == 1
        && exponent.Length is 3 or 4 && exponent[0] != 0 && (exponent[^1] & 1) == 1;

    private static ECDsa? ReadEc(JsonElement jwk)
    {
        var x = StrictBase64Url.Decode(jwk.Text("x"u8), CoordinateBytes);
        var y = StrictBase64Url.Decode(jwk.Text("y"u8), CoordinateBytes);
        if (jwk.Text("crv"u8) != "P-256" || x?.Length != CoordinateBytes || y?.Length != CoordinateBytes) return null;
        var point = new ECPoint { X = x, Y = y };
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
    }
}
