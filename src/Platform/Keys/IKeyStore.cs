namespace Kilde.Platform.Keys;

/// <summary>A data key, encrypted by a key-encryption key that never leaves the key store.</summary>
public sealed record WrappedKey(string KeyEncryptionKeyId, byte[] Ciphertext);

/// <summary>
/// Holds the keys that protect other keys. A file store serves development; production uses a hardware module
/// behind the same interface.
/// </summary>
public interface IKeyStore
{
    /// <summary>
    /// Encrypts a data key under the newest key-encryption key of the purpose (<c>identity</c>, <c>intake</c>).
    /// </summary>
    WrappedKey Wrap(string purpose, ReadOnlySpan<byte> dataKey);

    /// <summary>Decrypts a data key wrapped earlier, under whichever version wrapped it.</summary>
    byte[] Unwrap(string purpose, WrappedKey wrapped);

    /// <summary>A 32-byte secret for keyed hashes (the vault's pepper). It is never rotated.</summary>
    byte[] Secret(string purpose);

    /// <summary>Signs with the purpose's ECDSA P-256 key (audit checkpoints).</summary>
    byte[] Sign(string purpose, ReadOnlySpan<byte> data);

    bool Verify(string purpose, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>Makes a new version of the purpose's key-encryption key; older versions still unwrap.</summary>
    void Rotate(string purpose);
}
