using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kilde.Intake.Slash.Keys;

/// <summary>One key pair, ready for use.</summary>
/// <remarks>
/// Each private operation borrows an RSA object of its own. They are thread-safe in OpenSSL, but share a lock around
/// their blinding; with one each, the processors do not wait for one another.
/// </remarks>
internal sealed class SlashKey(string id, DateTimeOffset expiresAt, string publicPem, Lazy<byte[]>? privateKey)
{
    private readonly ConcurrentBag<RSA> _idle = [];

    public string Id { get; } = id;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public string PublicPem { get; } = publicPem;

    /// <summary>Length in bytes of what the key encrypts to; 0 when the private part is gone.</summary>
    public int ModulusBytes { get; } = privateKey is null ? 0 : SizeOf(publicPem);

    /// <summary>Unwraps a message key (RSA-OAEP with SHA-256). False for what was not wrapped for this key.</summary>
    public bool TryUnwrap(ReadOnlySpan<byte> wrapped, Span<byte> key, out int keyBytes)
    {
        keyBytes = 0;
        if (privateKey is null || wrapped.Length != ModulusBytes) return false;
        if (!_idle.TryTake(out var rsa)) rsa = Import();
        try
        {
            return rsa.TryDecrypt(wrapped, key, RSAEncryptionPadding.OaepSHA256, out keyBytes);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            _idle.Add(rsa);
        }
    }

    private RSA Import()
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(privateKey!.Value, out _);
        return rsa;
    }

    private static int SizeOf(string pem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return rsa.KeySize / 8;
    }
}
