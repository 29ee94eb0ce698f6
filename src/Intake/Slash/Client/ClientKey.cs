using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Kilde.Intake.Slash.Client;

/// <summary>A sender's key pair: it proves who the sender is to HelseID, and signs the DPoP proofs.</summary>
public sealed class ClientKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;

    private ClientKey(RSA? rsa, ECDsa? ecdsa)
    {
        _rsa = rsa;
        _ecdsa = ecdsa;
        Public = rsa is not null ? Describe(rsa) : Describe(ecdsa!);
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Public.ToJsonString())));
    }

    /// <summary>RS256 or ES256.</summary>
    public string Algorithm => _rsa is not null ? "RS256" : "ES256";

    /// <summary>The public key as a JWK, with the members RFC 7638 names, in its order.</summary>
    public JsonObject Public { get; }

    /// <summary>JWK thumbprint (RFC 7638), base64url; also the key's <c>kid</c>.</summary>
    public string Thumbprint { get; }

    /// <summary>An RSA key, as FHI's standard client uses. A signature costs about a millisecond.</summary>
    public static ClientKey CreateRsa(int bits = 2048) => new(RSA.Create(bits), null);

    /// <summary>A P-256 key: forty times cheaper to sign with.</summary>
    public static ClientKey CreateEc() => new(null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a PEM file made by <see cref="ToPem"/> or by any tool that writes PKCS#8.</summary>
    /// <exception cref="CryptographicException">The text is no private RSA or P-256 key.</exception>
    public static ClientKey FromPem(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new ClientKey(rsa, null);
        }
        catch (CryptographicException)
        {
            // PKCS#8 looks the same for both kinds from outside; whichever importer takes it, is right.
            rsa.Dispose();
            var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return new ClientKey(null, ecdsa);
        }
    }

    /// <summary>The private key as PKCS#8 PEM. Keep it in a file that only its owner can read.</summary>
    public string ToPem() => _rsa?.ExportPkcs8PrivateKeyPem() ?? _ecdsa!.ExportPkcs8PrivateKeyPem();

    /// <summary>Signs header and payload as a compact JWT.</summary>
    public string Sign(JsonObject header, JsonObject payload)
    {
        var text = $"{Encode(header)}.{Encode(payload)}";
        var data = Encoding.ASCII.GetBytes(text);
        var signature = _rsa?.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ?? _ecdsa!.SignData(data, HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ecdsa?.Dispose();
    }

    private static string Encode(JsonObject json) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonObject Describe(RSA rsa)
    {
        var key = rsa.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["e"] = Base64Url.EncodeToString(key.Exponent),
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(key.Modulus),
        };
    }

    private static JsonObject Describe(ECDsa ecdsa)
    {
        var key = ecdsa.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["crv"] = "P-256",
            ["kty"] = "EC",
            ["x"] = Base64Url.EncodeToString(key.Q.X),
            ["y"] = Base64Url.EncodeToString(key.Q.Y),
        };
    }
}
