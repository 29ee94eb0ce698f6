using System.Security.Cryptography;
using Npgsql;

namespace Kilde.Audit;

/// <summary>An entry with its place in a chain. docs/modules/audit.md gives the exact bytes under the hash.</summary>
/// <param name="Mark">HMAC-SHA-256 of the hash under the audit's secret: only the platform can have written it.</param>
internal sealed record SealedEntry(
    string Chain, long SequenceNo, DateTimeOffset OccurredAt, string ActorKind, string ActorId, string Purpose,
    string? CaseReference, string Action, string Subject, int Count, string? Details, byte[] PreviousHash, byte[] Hash,
    byte[] Mark)
{
    public const int HashBytes = 32;

    public const string Columns =
        """
        chain, sequence_no, occurred_at, actor_kind, actor_id, purpose, case_reference, action, subject, count, details,
        previous_hash, hash, seal
        """;

    public static SealedEntry Seal(
        AuditEntry entry, string chain, long number, DateTimeOffset at, byte[] previousHash, byte[] sealKey)
    {
        var open = new SealedEntry(
            chain, number, at, entry.Ground.Actor.Kind, entry.Ground.Actor.Id, entry.Ground.Purpose,
            entry.Ground.CaseReference, entry.Action, entry.Subject, entry.Count, entry.Details, previousHash, [], []);
        var hash = open.ComputeHash(number);
        return open with { Hash = hash, Mark = HMACSHA256.HashData(sealKey, hash) };
    }

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static SealedEntry Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6), row.GetString(7), row.GetString(8),
        row.GetInt32(9), row.IsDBNull(10) ? null : row.GetString(10), row.GetFieldValue<byte[]>(11),
        row.GetFieldValue<byte[]>(12), row.GetFieldValue<byte[]>(13));

    /// <summary>The content is what was hashed, in this place.</summary>
    public bool IsWhole => WasWrittenAs(SequenceNo);

    /// <summary>The content is what was hashed, as number so-and-so.</summary>
    public bool WasWrittenAs(long sequenceNo) => Hash.AsSpan().SequenceEqual(ComputeHash(sequenceNo));

    /// <summary>The hash was made by the platform.</summary>
    public bool IsSealed(byte[] sealKey) =>
        CryptographicOperations.FixedTimeEquals(Mark, HMACSHA256.HashData(sealKey, Hash));

    private byte[] ComputeHash(long sequenceNo) => SHA256.HashData(new CanonicalBytes()
        .AddFixed(PreviousHash)
        .Add(Chain)
        .Add(sequenceNo)
        .Add(OccurredAt)
        .Add(ActorKind)
        .Add(ActorId)
        .Add(Purpose)
        .Add(CaseReference)
        .Add(Action)
        .Add(Subject)
        .Add(Count)
        .Add(Details)
        .Span);
}
