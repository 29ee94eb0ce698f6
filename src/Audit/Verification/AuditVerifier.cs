using System.Data;
using System.Text.Json;
using Kilde.Platform.Keys;
using Npgsql;

namespace Kilde.Audit.Verification;

/// <summary>
/// Reads a whole log, as it was in one moment, and names every entry that was altered, removed, moved or inserted.
/// Memory does not grow with the log.
/// </summary>
public sealed class AuditVerifier(IKeyStore keys, AuditOptions options)
{
    private const int FindingsMax = 1000;
    private const int EntriesPerReport = 1000;
    private const string CheckpointChain = "checkpoint";

    public Task<AuditVerification> VerifyAsync(AuditStore store, CancellationToken cancellation) =>
        VerifyAsync(store, progress: null, cancellation);

    /// <param name="progress">Told how many entries have been read, and of about how many.</param>
    public async Task<AuditVerification> VerifyAsync(
        AuditStore store, Action<long, long>? progress, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var snapshot =
            await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);

        var findings = new List<TamperFinding>();
        var heads = new Dictionary<string, long>(StringComparer.Ordinal);
        var deviating = new List<TamperFinding>();
        var checkpoints = await CheckCheckpointsAsync(store.Name, connection, heads, findings, deviating, cancellation);
        var expected = (await ChainHead.FindAsync(snapshot, cancellation)).Sum(head => head.SequenceNo);
        var (entries, isComplete) = await CheckEntriesAsync(
            connection, heads, findings, read => progress?.Invoke(read, expected), cancellation);

        // A checkpoint and an entry disagree: news only if the entry is not already told of.
        var told = findings.Select(finding => (finding.Chain, finding.SequenceNo)).ToHashSet();
        findings.AddRange(deviating.Where(finding => told.Add((finding.Chain, finding.SequenceNo))));
        return new AuditVerification(
            store.Name, entries, checkpoints, [.. findings.Take(FindingsMax)],
            isComplete && findings.Count <= FindingsMax);
    }

    private async Task<(long Entries, bool IsComplete)> CheckEntriesAsync(
        NpgsqlConnection connection, Dictionary<string, long> heads, List<TamperFinding> findings,
        Action<long> report, CancellationToken cancellation)
    {
        var sealKey = keys.Secret(AuditLog.KeyPurpose);
        var (entries, isComplete) = (0L, true);
        ChainVerifier? current = null;
        await using (var select = new NpgsqlCommand(
            $"select {SealedEntry.Columns} from audit.entry order by chain, sequence_no", connection))
        {
            await using var rows = await select.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var entry = SealedEntry.Read(rows);
                if (current?.Chain != entry.Chain)
                {
                    End();
                    heads.Remove(entry.Chain, out var head);
                    current = new ChainVerifier(entry.Chain, head, sealKey);
                }

                current.Next(entry);
                if (++entries % EntriesPerReport == 0) report(entries);
            }
        }

        End();
        report(entries);

        // Checkpoints have seen chains that are gone altogether.
        foreach (var (chain, head) in heads)
        {
            current = new ChainVerifier(chain, head, sealKey);
            End();
        }

        return (entries, isComplete);

        void End()
        {
            if (current is null || findings.Count > FindingsMax) return;
            findings.AddRange(current.End());
            isComplete &= current.IsComplete;
        }
    }

    private async Task<long> CheckCheckpointsAsync(
        string log, NpgsqlConnection connection, Dictionary<string, long> heads, List<TamperFinding> findings,
        List<TamperFinding> deviating, CancellationToken cancellation)
    {
        var anchors = await AnchorsAsync(log, cancellation);
        var (count, last, lastHash) = (0L, 0L, new byte[SealedEntry.HashBytes]);
        await using var select = new NpgsqlCommand(Checkpoints, connection);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var row = CheckpointRow.Read(rows);
            var checkpoint = row.Checkpoint;
            var number = checkpoint.CheckpointNo;
            ReportRemoved(last + 1, number - 1);
            var isAnchored = !anchors.Remove(number, out var anchor)
                || anchor == Convert.ToHexStringLower(checkpoint.Hash);
            var isGenuine = checkpoint.IsGenuine(log, keys) && isAnchored;
            if (!isGenuine)
                Report(TamperKind.CheckpointAltered, number, "Sjekkpunktet er ikke det som ble signert.");
            else if (number == last + 1 && !checkpoint.PreviousHash.AsSpan().SequenceEqual(lastHash))
                Report(TamperKind.CheckpointAltered, last, "Sjekkpunktet er ikke det som det neste bygger på.");
            if (isGenuine) NoteHeads(checkpoint, row.Found);
            (last, lastHash) = (number, isGenuine ? checkpoint.Hash : row.NextPreviousHash ?? lastHash);
            count++;
        }

        if (anchors.Count > 0) ReportRemoved(last + 1, anchors.Keys.Max());
        return count;

        void NoteHeads(Checkpoint checkpoint, byte[]?[] found)
        {
            for (var i = 0; i < checkpoint.Chains.Length; i++)
            {
                var (chain, number) = (checkpoint.Chains[i], checkpoint.SequenceNos[i]);
                heads[chain] = Math.Max(heads.GetValueOrDefault(chain), number);
                if (found[i] is { } hash && !hash.AsSpan().SequenceEqual(checkpoint.Hashes[i])
                    && deviating.Count < FindingsMax)
                {
                    var text = $"Avviker fra signert sjekkpunkt {checkpoint.CheckpointNo}.";
                    deviating.Add(new(TamperKind.Altered, chain, number, text));
                }
            }
        }

        void ReportRemoved(long from, long to)
        {
            for (var number = from; number <= to && findings.Count <= FindingsMax; number++)
                Report(TamperKind.CheckpointRemoved, number, "Sjekkpunktet er fjernet.");
        }

        void Report(TamperKind kind, long number, string text) =>
            findings.Add(new TamperFinding(kind, CheckpointChain, number, text));
    }

    private async Task<Dictionary<long, string>> AnchorsAsync(string log, CancellationToken cancellation)
    {
        var anchors = new Dictionary<long, string>();
        if (options.AnchorFile.Length == 0 || !File.Exists(options.AnchorFile)) return anchors;

        await foreach (var line in File.ReadLinesAsync(options.AnchorFile, cancellation))
        {
            var anchor = JsonSerializer.Deserialize<CheckpointAnchor>(line, JsonSerializerOptions.Web)!;
            if (anchor.Log == log) anchors[anchor.CheckpointNo] = anchor.Hash;
        }

        return anchors;
    }

    /// <param name="Found">The hashes of the entries the checkpoint names; null where there is none.</param>
    private sealed record CheckpointRow(Checkpoint Checkpoint, byte[]? NextPreviousHash, byte[]?[] Found)
    {
        public static CheckpointRow Read(NpgsqlDataReader row) => new(
            new Checkpoint(
                row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<string[]>(2),
                row.GetFieldValue<long[]>(3), row.GetFieldValue<byte[][]>(4), row.GetFieldValue<byte[]>(5),
                row.GetFieldValue<byte[]>(6), row.GetFieldValue<byte[]>(7)),
            row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8),
            row.GetFieldValue<byte[]?[]>(9));
    }

    private const string Checkpoints =
        """
        select checkpoint_no, made_at, chains, sequence_nos, hashes, previous_hash, hash, signature,
          lead(previous_hash) over (order by checkpoint_no) as next_previous_hash,
          array(
            select e.hash
            from unnest(chains, sequence_nos) with ordinality head (chain, sequence_no, place)
            left join audit.entry e on e.chain = head.chain and e.sequence_no = head.sequence_no
            order by head.place) as found
        from audit.checkpoint
        order by checkpoint_no
        """;
}
