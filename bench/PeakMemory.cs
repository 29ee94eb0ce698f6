using System.Diagnostics;

namespace Kilde.Bench;

/// <summary>The most memory this process holds while it lives, looked at twenty times a second.</summary>
internal sealed class PeakMemory : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly PeriodicTimer _timer = new(LookEvery);
    private readonly Task _looking;
    private long _peak;

    public PeakMemory() => _looking = LookAsync();

    public long Mebibytes
    {
        get
        {
            Look();
            return _peak >> 20;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _looking;
    }

    private async Task LookAsync()
    {
        do Look();
        while (await _timer.WaitForNextTickAsync());
    }

    private void Look()
    {
        using var self = Process.GetCurrentProcess();
        _peak = Math.Max(_peak, self.WorkingSet64);
    }
}
