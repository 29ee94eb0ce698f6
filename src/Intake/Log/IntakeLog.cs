using System.Threading.Channels;
using Kilde.Audit;
using Kilde.Intake.Admission;
using Kilde.Intake.Merging;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Intake.Log;

/// <summary>
/// The durable, encrypted log of what came in. Concurrent messages share one transaction: the log is written in
/// batches, and a message is answered when its batch is on disk.
/// </summary>
/// <remarks>
/// A batch is what gathered while the batch before it was written. While more messages are on their way through the
/// gate than have gathered, it waits a little for them: a transaction costs as much as several messages do, and what
/// it costs is taken from those on their way. A lone message is written at once. A caller that gives up while its
/// message is being written gets no answer; the message is then stored whole, or not at all.
/// </remarks>
public sealed partial class IntakeLog : IAsyncDisposable
{
    private const int AttemptsMax = 3;
    private static readonly TimeSpan AttemptPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two looks at how many messages are on their way.</summary>
    private static readonly TimeSpan GatherPause = TimeSpan.FromMilliseconds(2);

    private readonly RegisterDatabase _database;
    private readonly AuditLog _audit;
    private readonly PayloadCipher _cipher;
    private readonly PayloadStore _store;
    private readonly AdmissionGate _gate;
    private readonly MergeSignal _signal;
    private readonly TimeProvider _clock;
    private readonly ILogger<IntakeLog> _logger;
    private readonly IntakeOptions _options;
    private readonly LaneDirectory _lanes;
    private readonly Channel<Waiting> _waiting;
    private readonly Task[] _writers;
    private readonly SemaphoreSlim _turn = new(1);
    private int _held;

    internal IntakeLog(
        RegisterDatabase database, AuditLog audit, PayloadCipher cipher, AdmissionGate gate, MergeSignal signal,
        TimeProvider clock, IOptions<IntakeOptions> options, ILogger<IntakeLog> logger)
    {
        _database = database;
        _audit = audit;
        _cipher = cipher;
        _store = new PayloadStore(database, cipher);
        _gate = gate;
        _signal = signal;
        _clock = clock;
        _logger = logger;
        _options = options.Value;
        _lanes = new LaneDirectory(clock);
        _waiting = Channel.CreateBounded<Waiting>(_options.LogWaitingMessagesMax);
        _writers = [.. Enumerable.Range(0, _options.LogWriters).Select(_ => Task.Run(WriteBatchesAsync))];
    }

    /// <summary>Stores an accepted message and puts it in its queue. Returns when it is on disk.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    public async Task<StoreOutcome> StoreAsync(AcceptedMessage message, CancellationToken cancellation)
    {
        var submissionId = Guid.CreateVersion7(_clock.GetUtcNow());
        var payload = await TranslateAsync(
            _cipher.SealAsync(new PayloadPlace(submissionId), message.Payload, cancellation));
        return await EnqueueAsync(LogEntry.Of(submissionId, message, payload), cancellation);
    }

    /// <summary>
    /// Stores a message that nobody has judged yet, of any size, and keeps its place in its queue. Returns when it is
    /// on disk.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    internal async Task<StoreOutcome> StoreAsync(
        ReceivedMessage message, Stream payload, CancellationToken cancellation)
    {
        var submissionId = Guid.CreateVersion7(_clock.GetUtcNow());
        var stored = await WriteAsync(submissionId, payload, cancellation);
        var outcome = await EnqueueAsync(LogEntry.Of(submissionId, message, stored), cancellation);
        if (outcome is StoreOutcome.Repeated) await _store.RemoveAsync(submissionId, cancellation);
        return outcome;
    }

    /// <summary>Stores that a message was refused, and its proof as used. Returns when it is on disk.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    public Task<StoreOutcome> StoreAsync(RefusedMessage message, CancellationToken cancellation) =>
        EnqueueAsync(LogEntry.Of(Guid.CreateVersion7(_clock.GetUtcNow()), message), cancellation);

    /// <summary>
    /// Stores that a message was refused without letting its sender wait. The answer to a refused message promises
    /// nothing, so it may go out before the log is written.
    /// </summary>
    /// <returns>False when the log has more than enough to do with accepted messages; then only a counter
    /// tells.</returns>
    public bool TryStore(RefusedMessage message)
    {
        var entry = LogEntry.Of(Guid.CreateVersion7(_clock.GetUtcNow()), message);
        var hasRoom = _waiting.Reader.Count < _options.LogWaitingMessagesMax / 2;
        if (hasRoom && _waiting.Writer.TryWrite(new Waiting(entry, CancellationToken.None))) return true;
        IntakeMeter.RefusalsNotLogged.Add(1);
        return false;
    }

    /// <summary>Writes what has been handed in, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_writers);
        _turn.Dispose();
    }

    private async Task<StoreOutcome> EnqueueAsync(LogEntry entry, CancellationToken cancellation)
    {
        var waiting = new Waiting(entry, cancellation);
        Interlocked.Increment(ref _held);
        try
        {
            await _waiting.Writer.WriteAsync(waiting, cancellation);
            return await waiting.Outcome.Task.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    private async Task WriteBatchesAsync()
    {
        var batch = new List<Waiting>(_options.LogBatchMessagesMax);
        while (await TakeAsync(batch))
        {
            if (batch.Count > 0) await WriteAsync(batch);
            batch.Clear();
        }
    }

    // One writer gathers at a time: two would share what comes between them, and each batch be half as large.
    private async Task<bool> TakeAsync(List<Waiting> batch)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (!await _waiting.Reader.WaitToReadAsync(CancellationToken.None)) return false;
            await GatherAsync(batch);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task GatherAsync(List<Waiting> batch)
    {
        var startedAt = _clock.GetTimestamp();
        var patience = TimeSpan.FromMilliseconds(_options.LogGatherMillisecondsMax);
        Gather(batch);
        while (batch.Count > 0 && batch.Count < OnTheirWay && _clock.GetElapsedTime(startedAt) < patience)
        {
            await Task.Delay(GatherPause, _clock, CancellationToken.None);
            Gather(batch);
        }
    }

    /// <summary>Messages that have been let in and not been handed in here.</summary>
    private int OnTheirWay => _gate.Inside - Volatile.Read(ref _held);

    private void Gather(List<Waiting> batch)
    {
        var bytes = batch.Sum(waiting => waiting.Entry.PayloadBytes);
        while (batch.Count < _options.LogBatchMessagesMax && _waiting.Reader.TryPeek(out var next))
        {
            if (batch.Count > 0 && bytes + next.Entry.PayloadBytes > _options.LogBatchMebibytesMax * 1024L * 1024)
                return;

            // The other writer may have taken what was seen; what comes instead is as good.
            if (!_waiting.Reader.TryRead(out var taken)) return;
            if (taken.Cancellation.IsCancellationRequested)
            {
                taken.Outcome.TrySetCanceled(taken.Cancellation);
                continue;
            }

            batch.Add(taken);
            bytes += taken.Entry.PayloadBytes;
        }
    }

    /// <summary>
    /// Writes the batch. When something in it cannot be written, its halves are tried, down to the one that is at
    /// fault: nobody else's message fails with it.
    /// </summary>
    private async Task WriteAsync(List<Waiting> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            var transaction = new LogTransaction(_audit, _clock, _options.FindingsStoredMax);
            try
            {
                var outcomes = await WriteOnceAsync(transaction, batch);
                for (var i = 0; i < batch.Count; i++) batch[i].Outcome.TrySetResult(outcomes[i]);
                return;
            }
            catch (Exception exception) when (
                Failure.KindOf(exception) != FailureKind.Fault && attempt < AttemptsMax && !transaction.IsCommitSent)
            {
                await Task.Delay(attempt * AttemptPause, _clock, CancellationToken.None);
            }
            catch (Exception exception) when (Failure.KindOf(exception) != FailureKind.Fault)
            {
                Log.Unavailable(_logger, batch.Count, exception.GetType().Name);
                FailAll(batch, new StorageUnavailableException("The log cannot be written at the moment.", exception));
                return;
            }
            catch (Exception exception)
            {
                // The worker's outermost net: whatever it is, it is answered, and the next batch is written.
                if (batch.Count == 1)
                {
                    Log.Unstorable(_logger, batch[0].Entry.SubmissionId, exception.GetType().Name);
                    FailAll(batch, exception);
                    return;
                }

                await WriteAsync(batch[..(batch.Count / 2)]);
                await WriteAsync(batch[(batch.Count / 2)..]);
                return;
            }
        }
    }

    private async Task<StoreOutcome[]> WriteOnceAsync(LogTransaction transaction, List<Waiting> batch)
    {
        // A batch that has begun is finished: no caller may stop what it shares with others.
        var cancellation = CancellationToken.None;
        var startedAt = _clock.GetTimestamp();
        var entries = batch.ConvertAll(waiting => waiting.Entry);
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        var lanes = await _lanes.FindAsync(connection, entries, cancellation);
        var outcomes = await transaction.WriteAsync(connection, entries, lanes, cancellation);
        IntakeMeter.Batch(outcomes, entries, _clock.GetElapsedTime(startedAt));
        _signal.Raise(WorkIn(entries));
        return outcomes;
    }

    private static QueuedWork WorkIn(List<LogEntry> entries)
    {
        var work = QueuedWork.None;
        foreach (var entry in entries)
        {
            if (entry.IsUnjudged) work |= QueuedWork.Unjudged;
            else if (entry.IsAccepted) work |= QueuedWork.InMemory;
        }

        return work;
    }

    private static void FailAll(List<Waiting> batch, Exception exception)
    {
        foreach (var waiting in batch)
        {
            waiting.Outcome.TrySetException(exception);
            _ = waiting.Outcome.Task.Exception; // Observed: nobody may be waiting for it any more.
        }
    }

    private static async ValueTask<SealedPayload> TranslateAsync(ValueTask<SealedPayload> sealing)
    {
        try
        {
            return await sealing;
        }
        catch (NpgsqlException exception)
        {
            throw new StorageUnavailableException("A data key cannot be made at the moment.", exception);
        }
    }

    // A fault of ours is no outage: whoever holds the message until the database is back would hold it for ever.
    private async Task<StoredPayload> WriteAsync(Guid submissionId, Stream payload, CancellationToken cancellation)
    {
        try
        {
            return await _store.WriteAsync(submissionId, payload, cancellation);
        }
        catch (NpgsqlException exception) when (Failure.KindOf(exception) != FailureKind.Fault)
        {
            throw new StorageUnavailableException("A payload cannot be stored at the moment.", exception);
        }
    }

    private sealed class Waiting(LogEntry entry, CancellationToken cancellation)
    {
        public LogEntry Entry { get; } = entry;

        public CancellationToken Cancellation { get; } = cancellation;

        public TaskCompletionSource<StoreOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Error, "{Count} messages were not stored: {Fault}. Their senders will try again")]
        public static partial void Unavailable(ILogger logger, int count, string fault);

        [LoggerMessage(2102, LogLevel.Error, "Submission {SubmissionId} cannot be stored: {Fault}")]
        public static partial void Unstorable(ILogger logger, Guid submissionId, string fault);
    }
}
