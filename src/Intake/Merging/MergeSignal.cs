using System.Threading.Channels;
using Kilde.Platform.Databases;

namespace Kilde.Intake.Merging;

/// <summary>Wakes the merge workers: those of this process at once, those of other nodes by NOTIFY.</summary>
/// <remarks>
/// NOTIFY makes commits queue up behind each other, so it is sent on its own, after the commit, a few times a second at
/// most. It is a hint: a worker that misses it looks by itself soon after.
/// </remarks>
internal sealed class MergeSignal(RegisterDatabase database, TimeProvider clock)
{
    public const string ChannelName = "intake_accepted";

    private static readonly TimeSpan AnnouncementPause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> _here = OneSlot();
    private readonly Channel<bool> _elsewhere = OneSlot();

    public void Raise()
    {
        _here.Writer.TryWrite(true);
        _elsewhere.Writer.TryWrite(true);
    }

    /// <summary>Wakes only the workers of this process: another node has announced work.</summary>
    public void RaiseHere() => _here.Writer.TryWrite(true);

    /// <summary>Returns when work has been announced, or the time is up.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var timeUp = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellation);
        try
        {
            await _here.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Nothing was announced: the caller looks for itself.
        }
    }

    /// <summary>Tells other nodes, until cancelled.</summary>
    public async Task AnnounceAsync(CancellationToken cancellation)
    {
        while (await _elsewhere.Reader.WaitToReadAsync(cancellation))
        {
            _elsewhere.Reader.TryRead(out _);
            await using var notify = database.Source.CreateCommand($"notify {ChannelName}");
            await notify.ExecuteNonQueryAsync(cancellation);
            await Task.Delay(AnnouncementPause, clock, cancellation);
        }
    }

    private static Channel<bool> OneSlot() =>
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
}
