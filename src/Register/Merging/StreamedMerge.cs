using System.Threading.Channels;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Kilde.Platform.Databases;
using Kilde.Register.Periods;
using Kilde.Register.Persons;
using Npgsql;

namespace Kilde.Register.Merging;

/// <summary>What a merge has written in its caller's transaction, before the message is accepted.</summary>
/// <param name="KeepPersonsAsync">
/// Tells the vault of the persons that are new, when the message is accepted and before the transaction commits. False
/// when the vault has heard of one of them otherwise: then what was written is taken back, and the message merged anew.
/// </param>
public sealed record JudgedOutcome(MergeOutcome Outcome, Func<CancellationToken, Task<bool>> KeepPersonsAsync);

/// <summary>
/// Merges a message while it is being read: a whole year of a large hospital is never in memory. Reading runs beside
/// resolving, comparing and writing; all of it is one transaction and one batch of the change feed.
/// </summary>
public sealed class StreamedMerge
{
    /// <summary>
    /// Batches read, and neither written nor being made ready for it: what is read while the rows of some are written.
    /// </summary>
    private const int BatchesAheadMax = 4;

    /// <summary>
    /// Batches whose persons are asked for together, when so many wait: each answer of the vault is a transaction.
    /// </summary>
    private const int BatchesPerQuestion = 3;

    /// <summary>
    /// After so many batches, what they have left half-old is collected. By itself the collector lets 100 MiB of it
    /// gather when a year begins, before it has seen that none of it lives long (ADR 176).
    /// </summary>
    private const int BatchesPerCollection = 12;

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
    /// Rows of a whole year that wait to be written together, in bytes. What waits when all is read is written while
    /// nothing else is left to do (ADR 164).
    /// </summary>
    internal int HeldBytesMax { get; init; } = 4 * 1024 * 1024;

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

    /// <summary>
    /// Merges a whole year in the reading that judges it, in the caller's transaction: what refuses the message may
    /// stand at its end, so the vault is told of nobody, and the caller decides whether what is written shall stand.
    /// </summary>
    /// <returns>
    /// Null when it cannot be merged so: it is no whole year, was merged before or was refused, or the vault must be
    /// told of more than new persons first. Then the caller takes back what was written, and reads on if the reading is
    /// not at its end.
    /// </returns>
    public async Task<JudgedOutcome?> MergeWhileJudgedAsync(
        SubmissionReading submission, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var type = submission.Reading.Type;
        if (type.Replacement != Replacement.CumulativePerPeriod || type.HasIdentities) return null;

        // Whether it is of a whole year shows at the latest when the first rows are read.
        var parts = submission.Reading.Parts;
        var first = parts is null ? await Task.Run(submission.Reading.Next, cancellation) : null;
        if (!submission.IsWhole || !submission.BeginsYear) return null;

        var batches = await BatchCounter.TakeAsync(transaction, 1, _clock.GetUtcNow(), cancellation);
        var earlier = await MergedSubmissions.FindAsync(
            [submission.SubmissionId], transaction.Connection!, cancellation);
        if (earlier.Count > 0) return null;

        var draft = _vault.BeginDraft();
        var outcome = await WriteAsync(
            submission, first, parts, transaction, batches,
            waiting => ResolvePersons.SetAsync(waiting, draft, cancellation), cancellation);
        return outcome is null ? null : new JudgedOutcome(outcome, draft.KeepAsync);
    }

    private async Task<MergeOutcome?> ReplaceAsync(
        SubmissionReading submission, RecordBatch? first, MessageParts? parts, NpgsqlConnection connection,
        Func<NpgsqlTransaction, MergeOutcome, Task> completeAsync, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var batches = await BatchCounter.TakeAsync(transaction, 1, _clock.GetUtcNow(), cancellation);
        var raced = await MergedSubmissions.FindAsync([submission.SubmissionId], connection, cancellation);
        var outcome = raced.TryGetValue(submission.SubmissionId, out var earlier)
            ? earlier
            : await WriteAsync(
                submission, first, parts, transaction, batches,
                async resolved => await ResolvePersons.SetAsync(resolved, _vault, cancellation), cancellation);
        if (outcome is null) return null;

        await completeAsync(transaction, outcome);
        await transaction.CommitAsync(cancellation);
        return outcome;
    }

    private async Task<MergeOutcome?> WriteAsync(
        SubmissionReading submission, RecordBatch? first, MessageParts? parts, NpgsqlTransaction transaction,
        TakenBatches batches, SetPersons setPersonsAsync, CancellationToken cancellation)
    {
        var head = submission.Head();
        var write = new MergeWrite(transaction, [head], batches) { HeldBytesMax = HeldBytesMax };
        var merge = new PeriodMerge(write, head, submissionNo: 1)
        {
            Parts = parts is null ? null : await PeriodParts.BeginAsync(parts, head, write, cancellation),
        };
        if (submission.Reading.Envelope is null) await merge.BeginAsync(head.SenderText, cancellation);
        var persons = new PersonsAsOf(_vault, batches.PersonChangeNo);
        try
        {
            if (!await WriteRowsAsync(submission, first, head, merge, persons, setPersonsAsync, cancellation)
                || !submission.Reading.Outcome.IsAccepted) return null;
            await merge.FinishAsync(cancellation);
            return (await write.CloseAsync(cancellation)).Single();
        }
        finally
        {
            // Whoever takes back what is written needs the transaction.
            await write.SettleAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sets the persons of some rows; null when they cannot be set.</summary>
    private delegate Task<ResolvedChanges?> SetPersons(IReadOnlyList<ResolvedBatch> batches);

    // False when the persons of some rows could not be set; then some rows are read and not written.
    private async Task<bool> WriteRowsAsync(
        SubmissionReading submission, RecordBatch? first, SubmissionHead head, PeriodMerge merge, PersonsAsOf persons,
        SetPersons setPersonsAsync, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var channel = Channel.CreateBounded<RecordBatch>(
            new BoundedChannelOptions(BatchesAheadMax) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(submission.Reading, first, channel.Writer, stop.Token), cancellation);
        try
        {
            var batches = channel.Reader;
            if (!await WriteRowsAsync(batches, head, merge, persons, setPersonsAsync, cancellation)) return false;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading;
        return true;
    }

    // The persons, keys and hashes of some rows are found while those before are written.
    private static async Task<bool> WriteRowsAsync(
        ChannelReader<RecordBatch> batches, SubmissionHead head, PeriodMerge merge, PersonsAsOf persons,
        SetPersons setPersonsAsync, CancellationToken cancellation)
    {
        var keys = new RowKeys();
        var isSet = true;
        var written = 0;
        var ahead = PrepareNextAsync();
        try
        {
            while (await ahead is { Count: > 0 } prepared)
            {
                ahead = Task.Run(PrepareNextAsync, cancellation);
                foreach (var rows in prepared)
                {
                    await merge.AddAsync(rows, cancellation);
                    if (++written % BatchesPerCollection == 0) GC.Collect(generation: 1);
                }
            }
        }
        finally
        {
            // Whoever comes after may ask the vault's draft, which answers one at a time.
            await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return isSet;

        // Those that wait, but not more than are asked for together. None when all is read, or when the persons could
        // not be set.
        async Task<IReadOnlyList<KeyedBatch>> PrepareNextAsync()
        {
            if (!await batches.WaitToReadAsync(cancellation)) return [];
            var waiting = new List<ResolvedBatch>(BatchesPerQuestion);
            while (waiting.Count < BatchesPerQuestion && batches.TryRead(out var batch))
                waiting.Add(ResolvedBatch.Of(submissionNo: 1, head, batch));
            if (await setPersonsAsync(waiting) is not { } changes)
            {
                isSet = false;
                return [];
            }

            foreach (var resolved in waiting)
                await persons.TakeBackAsync(resolved.Persons, changes.Newest, cancellation);
            return [.. waiting.Select(resolved => KeyedBatch.Of(resolved, keys))];
        }
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
            await identities.WriteAsync(told, head, write, cancellation);
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
        var batches = submission.ReadAll(first);
        var outcome = submission.Reading.Outcome;
        if (!outcome.IsAccepted) return null;

        var head = submission.Head();
        var content = new SubmissionContent(
            head.SubmissionId, head.Sender, head.ExtractedOn,
            new MessageContent(head.Type, IsAccepted: true, outcome.Findings, batches))
        {
            Year = head.Year,
            Share = head.Share,
            IsWhole = false,
        };
        var outcomes = await _merge.MergeAsync(
            [content], (transaction, merged) => completeAsync(transaction, merged[0]), cancellation);
        return outcomes[0];
    }
}
