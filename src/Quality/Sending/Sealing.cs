using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kilde.Platform.Keys;

namespace Kilde.Quality.Sending;

/// <summary>
/// Encrypts what must not lie in clear text: documents, passwords, addresses. Each thing has a data key of its own,
/// wrapped by the key store, and is bound to its row.
/// </summary>
/// <remarks>
/// Layout: length and text of the key-encryption key's id, length and bytes of the wrapped key, nonce (12), tag (16),
/// ciphertext under AES-256-GCM. The associated data is the row's id.
/// </remarks>
public sealed class Sealing(IKeyStore keys)
{
    private const string Purpose = "quality";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int LengthBytes = 2;

    private readonly byte[] _secret = keys.Secret(Purpose);

    public byte[] Seal(ReadOnlySpan<byte> content, Guid boundTo)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var wrapped = keys.Wrap(Purpose, key);
        var id = Encoding.ASCII.GetBytes(wrapped.KeyEncryptionKeyId);
        var head = (2 * LengthBytes) + id.Length + wrapped.Ciphertext.Length;
        var sealedContent = new byte[head + NonceBytes + TagBytes + content.Length];
        var rest = Write(Write(sealedContent, id), wrapped.Ciphertext);
        RandomNumberGenerator.Fill(rest[..NonceBytes]);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(
            rest[..NonceBytes], content, rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes),
            boundTo.ToByteArray(bigEndian: true));
        CryptographicOperations.ZeroMemory(key);
        return sealedContent;
    }

    public byte[] Seal(string text, Guid boundTo) => Seal(Encoding.UTF8.GetBytes(text), boundTo);

    /// <exception cref="CryptographicException">It was changed, or belongs to another row.</exception>
    public byte[] Open(byte[] sealedContent, Guid boundTo)
    {
        var rest = (ReadOnlySpan<byte>)sealedContent;
        var id = Encoding.ASCII.GetString(Read(ref rest));
        var key = keys.Unwrap(Purpose, new WrappedKey(id, Read(ref rest).ToArray()));
        var content = new byte[rest.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(
            rest[..NonceBytes], rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes), content,
            boundTo.ToByteArray(bigEndian: true));
        CryptographicOperations.ZeroMemory(key);
        return content;
    }

    public string OpenText(byte[] sealedContent, Guid boundTo) =>
        Encoding.UTF8.GetString(Open(sealedContent, boundTo));

    /// <summary>Tells a contact again without keeping the number: HMAC-SHA-256 over unit and mobile.</summary>
    public byte[] ContactKey(string unit, string mobile) =>
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"contact\n{unit}\n{mobile}"));

    private static Span<byte> Write(Span<byte> to, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)part.Length);
        part.CopyTo(to[LengthBytes..]);
        return to[(LengthBytes + part.Length)..];
    }

    private static ReadOnlySpan<byte> Read(ref ReadOnlySpan<byte> from)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(from);
        var part = from.Slice(LengthBytes, length);
        from = from[(LengthBytes + length)..];
        return part;
    }
}
