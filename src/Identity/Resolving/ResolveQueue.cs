using System.Collections.Concurrent;
using Kilde.Audit;

namespace Kilde.Identity.Resolving;

/// <summary>
/// Lets small questions that come at the same time share a transaction: the wait for the disk, which is most of a
/// single question's time, is then one for all of them.
/// </summary>
internal sealed class ResolveQueue(ResolveTransaction transaction)
{
    private const int ClaimsPerTransactionMax = 10_000;

    /// <summary>One waits for the disk while the other gathers.</summary>
    private const int RunnersMax = 2;

    private readonly ConcurrentQueue<Question> _waiting = new();
    private int _runners;

    public Task<ResolvedPerson[]> AskAsync(IndexedClaim[] claims, AuditEntry entry, CancellationToken cancellation)
    {
        var question = new Question(claims, entry);
        _waiting.Enqueue(question);
        TryStartRunner();
        return question.Answer.Task.WaitAsync(cancellation);
    }

    private void TryStartRunner()
    {
        if (Interlocked.Increment(ref _runners) <= RunnersMax) _ = RunAsync();
        else Interlocked.Decrement(ref _runners);
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        while (Take() is { Count: > 0 } questions)
        {
            var claims = questions.SelectMany(question => question.Claims).ToArray();
            var entries = questions.Select(question => question.Entry).ToArray();
            var running = transaction.RunAsync(claims, entries, CancellationToken.None);
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Answer(questions, running);
        }

        Interlocked.Decrement(ref _runners);

        // Somebody may have asked after the last look and before the count went down.
        if (!_waiting.IsEmpty) TryStartRunner();
    }

    private static void Answer(List<Question> questions, Task<ResolvedPerson[]> running)
    {
        var from = 0;
        foreach (var question in questions)
        {
            if (running.IsFaulted)
            {
                question.Answer.SetException(running.Exception.InnerExceptions);
                continue;
            }

            question.Answer.SetResult(running.Result[from..(from + question.Claims.Length)]);
            from += question.Claims.Length;
        }
    }

    private List<Question> Take()
    {
        var (taken, claims) = (new List<Question>(), 0);
        while (claims < ClaimsPerTransactionMax && _waiting.TryDequeue(out var question))
        {
            taken.Add(question);
            claims += question.Claims.Length;
        }

        return taken;
    }

    private sealed record Question(IndexedClaim[] Claims, AuditEntry Entry)
    {
        public TaskCompletionSource<ResolvedPerson[]> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
