using System.Threading.Channels;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Kilde.Platform.Databases;
using Kilde.Register.Periods;
using Kilde.Register.Persons;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>
/// Merges a message while it is being read: a whole year of a large hospital is never in memory. Reading runs beside
/// resolving, comparing and writing; all of it is one transaction and one batch of the change feed.
/// </summary>
public sealed class StreamedMerge
{
    /// <summary>Batches read and not yet written, counted.</summary>
    private const int BatchesAheadMax = 4;

    private readonly RegisterDatabase _database;
    private readonly VaultView _vault;
    private readonly RegisterMerge _merge;
    private readonly TimeProvider _clock;

    public StreamedMerge(RegisterDatabase database, IdentityVault vault, RegisterMerge merge, TimeProvider clock)
        : this(database, VaultView.Of(vault), merge, clock)
    {
    }

    internal StreamedMerge(RegisterDatabase database, VaultView vault, RegisterMerge merge, TimeProvider clock) =>
        (_database, _vault, _merge, _clock) = (database, vault, merge, clock);

    /// <summary>
    /// Reads the message to its end and merges it. A submission that was merged before is not read and gets its earlier
    /// outcome. <paramref name="completeAsync"/> runs in the same transaction, before commit.
    /// </summary>
    /// <returns>Null when the message was refused; then nothing is written, and the reading tells why.</returns>
    /// <exception cref="ArgumentException">A message of a whole year does not begin on 1 January.</exception>
    public async Task<MergeOutcome?> MergeAsync(
        SubmissionReading submission, Func<NpgsqlTransaction, MergeOutcome, Task> completeAsync,
        CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        var earlier = await MergedSubmissions.FindAsync([submission.SubmissionId], connection, cancellation);
        if (earlier.TryGetValue(submission.SubmissionId, out var outcome))
        {
            await using var completion = await connection.BeginTransactionAsync(cancellation);
            await completeAsync(completion, outcome);
            await completion.CommitAsync(cancellation);
            return outcome;
        }

        if (submission.Reading.Type.HasIdentities)
            return await HearAsync(submission, connection, completeAsync, cancellation);

        // Which parts are known is told before the first of them is read.
        if (submission.IsWhole && submission.Reading.Parts is { } parts)
            return await ReplaceAsync(submission, first: null, parts, connection, completeAsync, cancellation);

        var first = await Task.Run(submission.Reading.Next, cancellation);
        return submission.IsWhole
            ? await ReplaceAsync(submission, first, parts: null, connection, completeAsync, cancellation)
            : await MergeWholeAsync(submission, first, completeAsync, cancellation);
    }

    private async Task<MergeOutcome?> ReplaceAsync(
        SubmissionReading submission, RecordBatch? first, MessageParts? parts, NpgsqlConnection connection,
        Func<NpgsqlTransaction, MergeOutcome, Task> completeAsync, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var batches = await BatchCounter.TakeAsync(transaction, 1, _clock.GetUtcNow(), cancellation);
        var raced = await MergedSubmissions.FindAsync([submission.SubmissionId], connection, cancellation);
        if (!raced.TryGetValue(submission.SubmissionId, out var outcome))
        {
            var head = submission.Head();
            var write = new MergeWrite(transaction, [head], batches);
            var merge = new PeriodMerge(write, head, submissionNo: 1)
            {
                Parts = parts is null ? null : await PeriodParts.BeginAsync(parts, head, transaction, cancellation),
            };
            if (submission.Reading.Envelope is null) await merge.BeginAsync(head.SenderText, cancellation);
            await WriteAsync(submission, first, head, merge, batches.PersonChangeNo, cancellation);
            if (!submission.Reading.Outcome.IsAccepted) return null;

            await merge.FinishAsync(cancellation);
            outcome = (await write.CloseAsync(cancellation)).Single();
        }

        await completeAsync(transaction, outcome);
        await transaction.CommitAsync(cancellation);
        return outcome;
    }

    private async Task WriteAsync(
        SubmissionReading submission, RecordBatch? first, SubmissionHead head, PeriodMerge merge, long personChangeNo,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<RecordBatch>(
            new BoundedChannelOptions(BatchesAheadMax) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(submission.Reading, first, channel.Writer, stop.Token), cancellation);
        try
        {
            var persons = new PersonsAsOf(_vault, personChangeNo);
            await foreach (var batch in channel.Reader.ReadAllAsync(cancellation))
            {
                var resolved = ResolvedBatch.Of(submissionNo: 1, head, batch);
                var changes = await ResolvePersons.SetAsync([resolved], _vault, cancellation);
                await persons.TakeBackAsync(resolved.Persons, changes.Newest, cancellation);
                await merge.AddAsync(resolved, cancellation);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading;
    }

    private static async Task ReadAsync(
        MessageReading reading, RecordBatch? first, ChannelWriter<RecordBatch> batches, CancellationToken cancellation)
    {
        try
        {
            for (var batch = first ?? reading.Next(); batch is not null; batch = reading.Next())
                await batches.WriteAsync(batch, cancellation);
        }
        finally
        {
            // What went wrong is told by the task; the one who reads the channel only needs to know that it is over.
            batches.Complete();
        }
    }

    private async Task<MergeOutcome?> HearAsync(
        SubmissionReading submission, NpgsqlConnection connection,
        Func<NpgsqlTransaction, MergeOutcome, Task> completeAsync, CancellationToken cancellation)
    {
        var identities = new HearIdentities(_vault);
        await Task.Run(() => identities.Read(submission), cancellation);
        if (!submission.Reading.Outcome.IsAccepted) return null;

        var head = submission.Head();
        var told = await identities.TellAsync(head, connection, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var batches = await BatchCounter.TakeAsync(transaction, 1, _clock.GetUtcNow(), cancellation);
        var raced = await MergedSubmissions.FindAsync([submission.SubmissionId], connection, cancellation);
        if (!raced.TryGetValue(submission.SubmissionId, out var outcome))
        {
            var write = new MergeWrite(transaction, [head], batches);
            await HearIdentities.WriteAsync(told, head, write, cancellation);
            outcome = (await write.CloseAsync(cancellation)).Single();
        }

        await completeAsync(transaction, outcome);
        await transaction.CommitAsync(cancellation);
        return outcome;
    }

    // Small messages: daily ones, and changes within a year.
    private async Task<MergeOutcome?> MergeWholeAsync(
        SubmissionReading submission, RecordBatch? first, Func<NpgsqlTransaction, MergeOutcome, Task> completeAsync,
        CancellationToken cancellation)
    {
        var batches = new List<RecordBatch>();
        for (var batch = first; batch is not null; batch = submission.Reading.Next()) batches.Add(batch);
        var outcome = submission.Reading.Outcome;
        if (!outcome.IsAccepted) return null;

        // The reporting unit may stand once, behind the records (ipl and hst 56).
        if (submission.Reading.Envelope?.Institution is { Length: > 0 } institution)
        {
            foreach (var institutions in batches.Select(batch => batch.Institutions).OfType<string[]>())
                institutions.AsSpan().Replace("", institution);
        }

        var head = submission.Head();
        var content = new SubmissionContent(
            head.SubmissionId, head.Sender, head.ExtractedOn,
            new MessageContent(head.Type, IsAccepted: true, outcome.Findings, batches))
        {
            Year = head.Year,
            IsWhole = false,
        };
        var outcomes = await _merge.MergeAsync(
            [content], (transaction, merged) => completeAsync(transaction, merged[0]), cancellation);
        return outcomes[0];
    }
}
