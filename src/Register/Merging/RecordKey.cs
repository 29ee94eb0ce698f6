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
/// message is no part of it: a record sent again in a newer version is the same record. Where messages replace a
/// sender's whole year, <c>year LF</c> stands before the local id: each year is a set of records of its own, and a stay
/// over New Year stands in both as each was reported (ADR 80). Where the message is about a share of the sender, as an
/// urban district, <c>share LF</c> stands before the year (ADR 160). Where a local id is unique within the patient
/// only, the vault's key of the patient number stands before it, with LF between. Where a record hangs in a chain of
/// notifications, the id of the original notification stands for the local id, with LF and the local id after it where
/// a notification may hold several.
/// </remarks>
public static class RecordKey
{
    /// <param name="sender">The reporting unit as the records have it.</param>
    /// <param name="year">For types whose messages belong to a year.</param>
    public static Guid Of(
        RegisterCode register, string table, string sender, string localId, DataYear? year = null) =>
        OfText(Encoding.UTF8.GetBytes(Beginning(register, table, sender, year) + localId));

    internal static Guid OfText(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    internal static string Beginning(
        RegisterCode register, string table, string sender, DataYear? year, string share = "") =>
        $"{register.ToString().ToUpperInvariant()}\n{table}\n{sender}\n{(share.Length > 0 ? $"{share}\n" : "")}"
        + (year is { } of ? $"{of}\n" : "");
}
