using Kilde.Platform.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kilde.Platform.Tests.Workers;

public class WorkerLoopTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_goes_on_after_a_failure_and_at_once_while_there_is_work()
    {
        var (steps, done) = (0, new TaskCompletionSource());
        using var worker = Worker(
            WorkerPace.Default with { IdleWait = Long, FailureWaitMin = TimeSpan.FromMilliseconds(1) },
            new WorkerSignal(),
            _ =>
            {
                steps++;
                if (steps == 2) throw new InvalidOperationException("once");
                if (steps < 5) return Task.FromResult(true);
                done.SetResult();
                return Task.FromResult(false);
            });

        await worker.StartAsync(Cancellation);
        await done.Task.WaitAsync(Long, Cancellation);
        await worker.StopAsync(Cancellation);

        steps.ShouldBe(5);
    }

    [Fact]
    public async Task A_signal_wakes_a_worker_that_waits()
    {
        var (woken, signal) = (new TaskCompletionSource(), new WorkerSignal());
        var steps = 0;
        using var worker = Worker(WorkerPace.Default with { IdleWait = Long }, signal, _ =>
        {
            if (++steps == 2) woken.SetResult();
            return Task.FromResult(false);
        });

        await worker.StartAsync(Cancellation);
        signal.Raise();
        signal.Raise();
        await woken.Task.WaitAsync(Long, Cancellation);
        await worker.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(4, 1600)]
    [InlineData(9, 30_000)]
    [InlineData(1000, 30_000)]
    public void The_pause_grows_with_failures_up_to_a_limit(int failures, int milliseconds) =>
        WorkerPace.Default.AfterFailures(failures).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Theory]
    [InlineData(0, 4, 5)]
    [InlineData(1, 4, 5)]
    [InlineData(30, 4, 120)]
    [InlineData(30, 0, 5)]
    public void Whoever_has_worked_long_rests_long(int worked, int times, int rest) =>
        (WorkerPace.Default with { IdleWait = TimeSpan.FromSeconds(5), RestsTimes = times })
            .AfterWork(TimeSpan.FromSeconds(worked)).ShouldBe(TimeSpan.FromSeconds(rest));

    private static WorkerLoop Worker(
        WorkerPace pace, WorkerSignal signal, Func<CancellationToken, Task<bool>> stepAsync) =>
        new("test", pace, signal, stepAsync, TimeProvider.System, NullLogger<WorkerLoop>.Instance);
}
