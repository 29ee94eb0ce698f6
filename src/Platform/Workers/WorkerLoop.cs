using Kilde.Platform.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kilde.Platform.Workers;

/// <summary>How often a worker looks for work.</summary>
/// <param name="IdleWait">Between looks when there was nothing to do; <see cref="WorkerSignal"/> cuts it short.</param>
/// <param name="FailureWaitMin">After the first failure; doubled for each further one.</param>
/// <param name="FailureWaitMax">The longest wait between failures.</param>
public sealed record WorkerPace(TimeSpan IdleWait, TimeSpan FailureWaitMin, TimeSpan FailureWaitMax)
{
    /// <summary>
    /// How many times as long as it worked a worker rests at least, when it is done for now. For those who follow what
    /// goes on all the time, and can take much together as cheaply as little: others must get on meanwhile.
    /// </summary>
    public double RestsTimes { get; init; }

    public static WorkerPace Default { get; } =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    internal TimeSpan AfterWork(TimeSpan worked)
    {
        var rest = worked * RestsTimes;
        return rest > IdleWait ? rest : IdleWait;
    }

    internal TimeSpan AfterFailures(int failures) =>
        failures > 20 ? FailureWaitMax : Shortest(FailureWaitMin * Math.Pow(2, failures - 1), FailureWaitMax);

    private static TimeSpan Shortest(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Tells a waiting worker of the same process that there is work.</summary>
public sealed class WorkerSignal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0, 1);

    public void Raise()
    {
        try
        {
            if (_raised.CurrentCount == 0) _raised.Release();
        }
        catch (SemaphoreFullException)
        {
            // Raised by another thread in the same moment: one is enough.
        }
    }

    public void Dispose() => _raised.Dispose();

    internal Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _raised.WaitAsync(atMost, cancellation);
}

/// <summary>
/// Runs one step again and again in the background: at once while there is work, after a pause when there is none, and
/// after a growing pause when it fails. A step must leave nothing half done.
/// </summary>
public sealed partial class WorkerLoop(
    string name, WorkerPace pace, WorkerSignal signal, Func<CancellationToken, Task<bool>> stepAsync,
    TimeProvider clock, ILogger<WorkerLoop> logger) : BackgroundService
{
    private static readonly ModuleTelemetry Telemetry = new("Platform");
    private static readonly System.Diagnostics.Metrics.Counter<long> FailedSteps =
        Telemetry.Meter.CreateCounter<long>("kilde.worker.failed_steps");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host waits for the first await; a worker must not hold up the others.
        await Task.Yield();
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var started = clock.GetTimestamp();
                var didWork = await stepAsync(stoppingToken);
                failures = 0;
                if (!didWork) await signal.WaitAsync(pace.AfterWork(clock.GetElapsedTime(started)), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The one place: a worker outlives every failure of its step, and says so.
                failures++;
                FailedSteps.Add(1, new KeyValuePair<string, object?>("worker", name));
                Log.StepFailed(logger, failure, name, failures);
                await PauseAsync(pace.AfterFailures(failures), stoppingToken);
            }
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellation) =>
        await Task.Delay(pause, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Worker {Worker} failed {Failures} time(s) in a row")]
        public static partial void StepFailed(ILogger logger, Exception failure, string worker, int failures);
    }
}

public static class WorkerRegistration
{
    /// <summary>Adds a background worker. The step answers whether there was something to do.</summary>
    public static IServiceCollection AddWorker(
        this IServiceCollection services, string name, WorkerPace pace,
        Func<IServiceProvider, Func<CancellationToken, Task<bool>>> step,
        Func<IServiceProvider, WorkerSignal>? signal = null) =>
        services.AddSingleton<IHostedService>(
            provider => NewWorker(provider, name, pace, step(provider), signal?.Invoke(provider)));

    /// <summary>A worker whose pace is known only when options are.</summary>
    public static WorkerLoop NewWorker(
        IServiceProvider provider, string name, WorkerPace pace, Func<CancellationToken, Task<bool>> stepAsync,
        WorkerSignal? signal = null) =>
        new(name, pace, signal ?? new WorkerSignal(), stepAsync, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<WorkerLoop>>());
}
