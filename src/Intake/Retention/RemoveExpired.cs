using System.Buffers.Binary;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Retention;

/// <summary>Removes payloads some days after they were merged, and proofs that have expired.</summary>
internal sealed class RemoveExpired(RegisterDatabase database, TimeProvider clock, IOptions<IntakeOptions> options)
{
    /// <summary>Small transactions: the rows are many, and intake goes on meanwhile.</summary>
    private const int RowsMax = 2_000;

    /// <summary>A proof is refused for its age before this; the margin covers clocks that differ.</summary>
    private static readonly TimeSpan ProofMargin = TimeSpan.FromMinutes(5);

    /// <summary>No payload takes longer than this to be written.</summary>
    private static readonly TimeSpan PartsMargin = TimeSpan.FromDays(1);

    /// <summary>One round. True when there may be more to remove.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var payloads = await RemoveAsync(RemovePayloads, now.AddDays(-options.Value.PayloadDaysKept), cancellation);
        await RemoveAsync(RemoveParts, now - PartsMargin, cancellation);
        await RemoveAsync(RemoveJudgements, now.AddDays(-options.Value.PayloadDaysKept), cancellation);
        await RemoveAsync(RemoveTrials, now.AddDays(-options.Value.TrialDaysKept), cancellation);
        var proofs = await RemoveAsync(RemoveProofs, now - ProofMargin, cancellation);
        return payloads >= RowsMax || proofs >= RowsMax;
    }

    private async Task<int> RemoveAsync(string sql, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var delete = database.Source.CreateCommand(sql);
        delete.Parameters.AddWithValue("before", before);
        delete.Parameters.AddWithValue("rows", RowsMax);
        delete.Parameters.AddWithValue("oldest_kept", FirstIdOf(before));
        return await delete.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// No submission that came later has a smaller id: the first 48 bits are milliseconds (RFC 9562).
    /// </summary>
    private static Guid FirstIdOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }

    // Payloads lie in the order they came, so the oldest are found without an index on their age. The lock keeps a
    // replay from counting on a payload that is about to go.
    private const string RemovePayloads =
        """
        delete from intake.payload
        where submission_id in (
          select p.submission_id
          from intake.payload p
          join intake.submission s on s.submission_id = p.submission_id
          where p.submission_id < @oldest_kept and s.state = 'merged' and s.merged_at < @before
          order by p.submission_id
          limit @rows
          for no key update of s skip locked)
        """;

    // Parts whose submission was never stored: a stop came in between, or the bytes had come before.
    private const string RemoveParts =
        """
        delete from intake.payload
        where submission_id in (
          select p.submission_id
          from intake.payload p
          where p.form <> 0 and p.part = 0 and p.submission_id < @oldest_kept
            and not exists (select from intake.submission s where s.submission_id = p.submission_id)
          limit @rows)
        """;

    // What is not yet in the register is followed when it is, however long that takes.
    private const string RemoveJudgements =
        """
        delete from intake.judgement
        where submission_id in (
          select j.submission_id
          from intake.judgement j
          join intake.submission s on s.submission_id = j.submission_id
          where j.submission_id < @oldest_kept and s.state in ('merged', 'rejected') and s.changed_at < @before
          order by j.submission_id
          limit @rows)
        """;

    private const string RemoveTrials =
        """
        delete from intake.trial
        where trial_id in (
          select trial_id from intake.trial where trial_id < @oldest_kept and tried_at < @before
          order by trial_id limit @rows)
        """;

    private const string RemoveProofs =
        """
        delete from intake.used_proof
        where proof_hash in (
          select proof_hash from intake.used_proof where expires_at < @before limit @rows for update skip locked)
        """;
}
