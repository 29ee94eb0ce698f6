using Microsoft.Extensions.Hosting;

namespace Kilde.Intake;

/// <summary>The background work of intake, started and stopped as one. How many there are is an option.</summary>
internal sealed class IntakeWorkers(IReadOnlyList<IHostedService> workers) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var worker in workers) await worker.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(workers.Select(worker => worker.StopAsync(cancellationToken)));
}
