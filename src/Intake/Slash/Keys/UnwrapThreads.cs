namespace Kilde.Intake.Slash.Keys;

/// <summary>
/// Runs private key operations on threads of their own, one for each processor, in the order they were asked for.
/// </summary>
/// <remarks>
/// An operation takes a processor for a millisecond, ten times the rest of a request. On the shared threads, whatever
/// takes microseconds (an answer, a refusal, the next row from the database) would wait behind as many of them as there
/// are messages at work. What waits here is bounded by the admission gate.
/// </remarks>
internal sealed class UnwrapThreads : IDisposable
{
    private readonly Queue<Action> _waiting = [];
    private bool _isClosed;

    public UnwrapThreads()
    {
        for (var i = 1; i <= Environment.ProcessorCount; i++)
            new Thread(Work) { IsBackground = true, Name = $"unwrap-{i}" }.Start();
    }

    /// <summary>Runs an operation; what it throws is thrown to whoever waits for it.</summary>
    public Task<T> RunAsync<T>(Func<T> operation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _waiting.Enqueue(() => Run(operation, done));
            Monitor.Pulse(_waiting);
        }

        return done.Task;
    }

    /// <summary>The threads end when they have done what was asked.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _isClosed = true;
            Monitor.PulseAll(_waiting);
        }
    }

    private void Work()
    {
        while (Next() is { } operation) operation();
    }

    // Waiting on a monitor sleeps at once; a BlockingCollection would spin first.
    private Action? Next()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_isClosed) Monitor.Wait(_waiting);
            return _waiting.TryDequeue(out var operation) ? operation : null;
        }
    }

    private static void Run<T>(Func<T> operation, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(operation());
        }
        catch (Exception exception)
        {
            // The thread's net: the fault belongs to the request, and the thread serves the next.
            done.SetException(exception);
        }
    }
}
