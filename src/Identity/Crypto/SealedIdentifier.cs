using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kilde.Identity.Crypto;

/// <summary>
/// An identifier's clear text under AES-256-GCM: nonce (12 bytes), tag (16), ciphertext. The identifier's key and the
/// data key's number are bound in, so a ciphertext moved to another row does not open.
/// </summary>
internal static class SealedIdentifier
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static AesGcm Cipher(DataKey key) => new(key.Secret, TagBytes);

    public static byte[] Seal(AesGcm cipher, int dataKeyNo, long identifierKey, ReadOnlySpan<byte> clearText)
    {
        var sealedText = new byte[NonceBytes + TagBytes + clearText.Length];
        var nonce = sealedText.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> bound = stackalloc byte[sizeof(int) + sizeof(long)];
        Bind(bound, dataKeyNo, identifierKey);
        cipher.Encrypt(
            nonce, clearText, sealedText.AsSpan(NonceBytes + TagBytes), sealedText.AsSpan(NonceBytes, TagBytes), bound);
        return sealedText;
    }

    /// <summary>The clear text. Only <see cref="LoggedDecryption"/> calls this; a test holds it to that.</summary>
    public static byte[] Open(AesGcm cipher, int dataKeyNo, long identifierKey, ReadOnlySpan<byte> sealedText)
    {
        var clearText = new byte[sealedText.Length - NonceBytes - TagBytes];
        Span<byte> bound = stackalloc byte[sizeof(int) + sizeof(long)];
        Bind(bound, dataKeyNo, identifierKey);
        cipher.Decrypt(
            sealedText[..NonceBytes], sealedText[(NonceBytes + TagBytes)..], sealedText.Slice(NonceBytes, TagBytes),
            clearText, bound);
        return clearText;
    }

    private static void Bind(Span<byte> bound, int dataKeyNo, long identifierKey)
    {
        BinaryPrimitives.WriteInt32BigEndian(bound, dataKeyNo);
        BinaryPrimitives.WriteInt64BigEndian(bound[sizeof(int)..], identifierKey);
    }
}
