using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kilde.Platform.Keys;

namespace Kilde.Quality.Sending;

/// <summary>Which part of what: what a part is bound to.</summary>
/// <param name="Id">Of the row whose parts they are.</param>
public readonly record struct SealedPart(Guid Id, int Part, bool IsLast)
{
    private const int IdBytes = 16;

    // Of another length than an id alone, so that a part and a whole cannot stand for each other.
    internal byte[] AssociatedData()
    {
        var bound = new byte[IdBytes + sizeof(int) + 1];
        Id.TryWriteBytes(bound, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bound.AsSpan(IdBytes), Part);
        bound[^1] = IsLast ? (byte)1 : (byte)0;
        return bound;
    }
}

/// <summary>
/// Encrypts what must not lie in clear text: documents, passwords, addresses. Each thing has a data key of its own,
/// wrapped by the key store, and is bound to its row.
/// </summary>
/// <remarks>
/// Layout: length and text of the key-encryption key's id, length and bytes of the wrapped key, nonce (12), tag (16),
/// ciphertext under AES-256-GCM. The associated data is the row's id; of a part also which one it is.
/// </remarks>
public sealed class Sealing(IKeyStore keys)
{
    private const string Purpose = "quality";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int LengthBytes = 2;

    private readonly byte[] _secret = keys.Secret(Purpose);

    public byte[] Seal(ReadOnlySpan<byte> content, Guid boundTo) =>
        SealTo(content, boundTo.ToByteArray(bigEndian: true));

    /// <summary>One part of what is too large to seal at once. It opens in its own place and in no other.</summary>
    public byte[] Seal(ReadOnlySpan<byte> content, SealedPart boundTo) => SealTo(content, boundTo.AssociatedData());

    public byte[] Seal(string text, Guid boundTo) => Seal(Encoding.UTF8.GetBytes(text), boundTo);

    /// <exception cref="CryptographicException">It was changed, or belongs to another row.</exception>
    public byte[] Open(byte[] sealedContent, Guid boundTo) =>
        OpenFrom(sealedContent, boundTo.ToByteArray(bigEndian: true));

    /// <exception cref="CryptographicException">It was changed, or belongs to another place.</exception>
    public byte[] Open(byte[] sealedContent, SealedPart boundTo) => OpenFrom(sealedContent, boundTo.AssociatedData());

    public string OpenText(byte[] sealedContent, Guid boundTo) =>
        Encoding.UTF8.GetString(Open(sealedContent, boundTo));

    /// <summary>Tells a contact again without keeping the number: HMAC-SHA-256 over unit and mobile.</summary>
    public byte[] ContactKey(string unit, string mobile) =>
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"contact\n{unit}\n{mobile}"));

    private byte[] SealTo(ReadOnlySpan<byte> content, byte[] place)
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
            rest[..NonceBytes], content, rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes), place);
        CryptographicOperations.ZeroMemory(key);
        return sealedContent;
    }

    private byte[] OpenFrom(byte[] sealedContent, byte[] place)
    {
        var rest = (ReadOnlySpan<byte>)sealedContent;
        var id = Encoding.ASCII.GetString(Read(ref rest));
        var key = keys.Unwrap(Purpose, new WrappedKey(id, Read(ref rest).ToArray()));
        var content = new byte[rest.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(
            rest[..NonceBytes], rest[(NonceBytes + TagBytes)..], rest.Slice(NonceBytes, TagBytes), content, place);
        CryptographicOperations.ZeroMemory(key);
        return content;
    }

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
