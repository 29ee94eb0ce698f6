using System.Collections;
using System.Diagnostics;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Log;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Merging;

/// <summary>
/// Takes out of a replayed submission what later submissions of its queue have sent or deleted since: an old version
/// must not come back over a newer one (ADR 0053).
/// </summary>
internal sealed class Overtaken(RegisterDatabase database, PayloadCipher cipher, ReadPayload read)
{
    /// <returns>
    /// What is left, perhaps nothing; or null when that cannot be told: a later payload is gone or unreadable, or the
    /// later message replaces its whole period.
    /// </returns>
    public async Task<MessageContent?> RemoveFromAsync(
        ClaimedSubmission replayed, MessageContent content, CancellationToken cancellation)
    {
        var touched = content.Batches.Select(_ => new HashSet<string>()).ToArray();
        await foreach (var later in MergedLaterAsync(replayed, cancellation))
        {
            if (content.Type.Replacement != Replacement.Incremental || later.Payload is null) return null;
            var plain = await cipher.OpenAsync(new PayloadPlace(later.SubmissionId), later.Payload, cancellation);
            if (read(later, plain) is not { IsAccepted: true } laterContent) return null;
            Collect(laterContent, content, touched);
        }

        return content with
        {
            Batches = [.. content.Batches.Select((batch, i) => Without(batch, touched[i]))],
        };
    }

    // Tables are compared by name: the later message may be of another version of the type.
    private static void Collect(MessageContent later, MessageContent content, HashSet<string>[] touched)
    {
        for (var i = 0; i < content.Batches.Count; i++)
        {
            foreach (var batch in later.Batches.Where(batch => batch.Type.Table == content.Batches[i].Type.Table))
            {
                touched[i].UnionWith(batch.LocalIds);
                touched[i].UnionWith(batch.DeletedLocalIds);
            }
        }
    }

    private static RecordBatch Without(RecordBatch batch, HashSet<string> touched)
    {
        int[] rows = [.. Enumerable.Range(0, batch.Count).Where(row => !touched.Contains(batch.LocalIds[row]))];
        return batch with
        {
            Count = rows.Length,
            Units = Pick(batch.Units, rows),
            LocalIds = Pick(batch.LocalIds, rows),
            Persons = Pick(batch.Persons, rows),
            Columns = [.. batch.Columns.Select(column => Pick(column, rows))],
            DeletedLocalIds = [.. batch.DeletedLocalIds.Where(id => !touched.Contains(id))],
        };
    }

    private static ColumnVector Pick(ColumnVector column, int[] rows) => column switch
    {
        ColumnVector<long> values => PickValues(values, rows),
        ColumnVector<decimal> values => PickValues(values, rows),
        ColumnVector<string> values => PickValues(values, rows),
        ColumnVector<bool> values => PickValues(values, rows),
        ColumnVector<DateOnly> values => PickValues(values, rows),
        ColumnVector<DateTimeOffset> values => PickValues(values, rows),
        ColumnVector<string[]> values => PickValues(values, rows),
        ColumnVector<long[]> values => PickValues(values, rows),
        _ => throw new UnreachableException(),
    };

    private static ColumnVector<T> PickValues<T>(ColumnVector<T> column, int[] rows)
    {
        var nulls = new BitArray(rows.Length);
        for (var i = 0; i < rows.Length; i++) nulls[i] = column.IsNull(rows[i]);
        return new ColumnVector<T>(column.Kind, Array.ConvertAll(rows, row => column[row]), nulls);
    }

    private static T[] Pick<T>(T[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);

    // One at a time: there may be many, and each may be large.
    private async IAsyncEnumerable<ClaimedSubmission> MergedLaterAsync(
        ClaimedSubmission replayed,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var select = database.Source.CreateCommand(
            """
            select s.type_version, s.extracted_on, s.received_at, s.submission_id, s.lane_sequence,
              p.data_key_id, p.nonce, p.ciphertext
            from intake.submission s
            left join intake.payload p on p.submission_id = s.submission_id and p.form = 0
            where s.lane_id = @lane and s.lane_sequence > @sequence and s.state = 'merged'
            order by s.lane_sequence
            """);
        select.Parameters.AddWithValue("lane", replayed.Lane);
        select.Parameters.AddWithValue("sequence", replayed.Sequence);
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            yield return replayed with
            {
                TypeVersion = row.GetString(0),
                ExtractedOn = row.GetFieldValue<DateOnly>(1),
                ReceivedAt = row.GetFieldValue<DateTimeOffset>(2),
                SubmissionId = row.GetGuid(3),
                Sequence = row.GetInt64(4),
                Payload = row.IsDBNull(5)
                    ? null
                    : new SealedPayload(row.GetGuid(5), row.GetFieldValue<byte[]>(6), row.GetFieldValue<byte[]>(7)),
            };
        }
    }
}
