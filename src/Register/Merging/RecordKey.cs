using System.Security.Cryptography;
using System.Text;
using Kilde.Kernel;

namespace Kilde.Register.Merging;

/// <summary>
/// The key of a record: the same sender's same local id of the same kind is the same record, whenever and however
/// often it is sent.
/// </summary>
/// <remarks>
/// A UUID version 8 (RFC 9562 § 5.8): the first 16 bytes of SHA-256 over
/// <c>register LF table LF sender LF local id</c> in UTF-8 (register in capitals: KPR, NPR), with version and
/// variant set. Anyone with the four values can compute it; it holds nothing of the person. The version of the
/// message is no part of it: a record sent again in a newer version is the same record.
/// </remarks>
public static class RecordKey
{
    private const int StackBytesMax = 512;

    public static Guid Of(RegisterCode register, string table, OrganizationNumber sender, string localId) =>
        Of(Beginning(register, table, sender), localId);

    /// <summary>For many records of one sender and table: the beginning is the same for all.</summary>
    internal static Guid Of(string beginning, string localId)
    {
        var bytesMax = Encoding.UTF8.GetMaxByteCount(beginning.Length + localId.Length);
        var bytes = bytesMax <= StackBytesMax ? stackalloc byte[bytesMax] : new byte[bytesMax];
        var length = Encoding.UTF8.GetBytes(beginning, bytes);
        length += Encoding.UTF8.GetBytes(localId, bytes[length..]);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    internal static string Beginning(RegisterCode register, string table, OrganizationNumber sender) =>
        $"{register.ToString().ToUpperInvariant()}\n{table}\n{sender}\n";
}
