using System.Security.Cryptography;
using Kilde.Platform.Keys;

namespace Kilde.Audit;

/// <summary>How far each chain of a log had come at a time, signed.</summary>
internal sealed record Checkpoint(
    long CheckpointNo, DateTimeOffset MadeAt, string[] Chains, long[] SequenceNos, byte[][] Hashes,
    byte[] PreviousHash, byte[] Hash, byte[] Signature)
{
    public static Checkpoint Sign(
        string log, long number, DateTimeOffset at, IReadOnlyList<ChainHead> heads,
        byte[] previousHash, IKeyStore keys)
    {
        var open = new Checkpoint(
            number, at, [.. heads.Select(head => head.Chain)], [.. heads.Select(head => head.SequenceNo)],
            [.. heads.Select(head => head.Hash)], previousHash, [], []);
        var hash = open.ComputeHash(log);
        return open with { Hash = hash, Signature = keys.Sign(AuditLog.KeyPurpose, hash) };
    }

    public bool IsGenuine(string log, IKeyStore keys) =>
        Hash.AsSpan().SequenceEqual(ComputeHash(log)) && keys.Verify(AuditLog.KeyPurpose, Hash, Signature);

    private byte[] ComputeHash(string log)
    {
        var bytes = new CanonicalBytes()
            .AddFixed(PreviousHash)
            .Add(log)
            .Add(CheckpointNo)
            .Add(MadeAt)
            .Add(Chains.Length);
        for (var i = 0; i < Chains.Length; i++) bytes.Add(Chains[i]).Add(SequenceNos[i]).AddFixed(Hashes[i]);
        return SHA256.HashData(bytes.Span);
    }
}
