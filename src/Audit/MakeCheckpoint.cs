using System.Text.Json;
using Dapper;
using Kilde.Platform.Keys;
using Npgsql;

namespace Kilde.Audit;

/// <summary>A checkpoint as it is kept outside the database.</summary>
internal sealed record CheckpointAnchor(string Log, long CheckpointNo, DateTimeOffset MadeAt, string Hash);

/// <summary>
/// Signs how far each chain of a log has come, when anything was written since the last time. Run by a worker every
/// <see cref="AuditOptions.CheckpointSeconds"/> and on demand.
/// </summary>
public sealed class MakeCheckpoint(IKeyStore keys, TimeProvider clock, AuditOptions options)
{
    private const long LockKey = 0x4B494C4447;

    /// <returns>The checkpoint's number, or null when nothing was written since the last one.</returns>
    public async Task<long?> HandleAsync(AuditStore store, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(Command($"select pg_advisory_xact_lock({LockKey})"));

        var heads = await ChainHead.FindAsync(transaction, cancellation);
        var last = await connection.QuerySingleOrDefaultAsync<(long No, string[] Chains, long[] Numbers, byte[] Hash)>(
            Command(Last));
        if (heads.Count == 0 || IsSame(heads, last.Chains, last.Numbers)) return null;

        var now = clock.GetUtcNow();
        var checkpoint = Checkpoint.Sign(
            store.Name, last.No + 1, now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)), heads,
            last.Hash ?? new byte[SealedEntry.HashBytes], keys);
        await connection.ExecuteAsync(Command(Insert, checkpoint));
        await transaction.CommitAsync(cancellation);
        await AnchorAsync(store, checkpoint, cancellation);
        return checkpoint.CheckpointNo;

        CommandDefinition Command(string sql, object? values = null) =>
            new(sql, values, transaction, cancellationToken: cancellation);
    }

    private static bool IsSame(
        IReadOnlyList<ChainHead> heads, string[]? chains, long[]? numbers) =>
        chains is not null && heads.Select(head => head.Chain).SequenceEqual(chains)
        && heads.Select(head => head.SequenceNo).SequenceEqual(numbers!);

    private async Task AnchorAsync(AuditStore store, Checkpoint checkpoint, CancellationToken cancellation)
    {
        if (options.AnchorFile.Length == 0) return;

        var anchor = new CheckpointAnchor(
            store.Name, checkpoint.CheckpointNo, checkpoint.MadeAt, Convert.ToHexStringLower(checkpoint.Hash));
        await File.AppendAllTextAsync(
            options.AnchorFile, JsonSerializer.Serialize(anchor, JsonSerializerOptions.Web) + "\n", cancellation);
    }

    private const string Last =
        """
        select checkpoint_no, chains, sequence_nos, hash from audit.checkpoint order by checkpoint_no desc limit 1
        """;

    private const string Insert =
        """
        insert into audit.checkpoint (
          checkpoint_no, made_at, chains, sequence_nos, hashes, previous_hash, hash, signature)
        values (@CheckpointNo, @MadeAt, @Chains, @SequenceNos, @Hashes, @PreviousHash, @Hash, @Signature)
        """;
}
