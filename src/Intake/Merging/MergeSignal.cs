using System.Threading.Channels;
using Kilde.Platform.Databases;
using Kilde.Platform.Workers;

namespace Kilde.Intake.Merging;

/// <summary>Wakes the merge workers: those of this process at once, those of other nodes by NOTIFY.</summary>
/// <remarks>
/// NOTIFY makes commits queue up behind each other, so it is sent on its own, after the commit, a few times a second at
/// most. It is a hint: a worker that misses it looks by itself soon after.
/// </remarks>
internal sealed class MergeSignal(RegisterDatabase database, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan AnnouncementPause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> _elsewhere =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public WorkerSignal Here { get; } = new();

    /// <summary>Wakes those who judge what was received.</summary>
    public WorkerSignal Unjudged { get; } = new();

    /// <summary>Wakes those who merge what was judged.</summary>
    public WorkerSignal Streamed { get; } = new();

    public void Raise()
    {
        Here.Raise();
        Streamed.Raise();
        _elsewhere.Writer.TryWrite(true);
    }

    /// <summary>Something was received and is to be judged, here or on another node.</summary>
    public void RaiseUnjudged()
    {
        Unjudged.Raise();
        _elsewhere.Writer.TryWrite(true);
    }

    /// <summary>Waits for work to be announced on this node, and tells the others.</summary>
    public async Task<bool> AnnounceAsync(CancellationToken cancellation)
    {
        await _elsewhere.Reader.ReadAsync(cancellation);
        await using var notify = database.Source.CreateCommand("notify intake_accepted");
        await notify.ExecuteNonQueryAsync(cancellation);
        await Task.Delay(AnnouncementPause, clock, cancellation);
        return true;
    }

    /// <summary>Hears what other nodes announce, for as long as the connection lasts.</summary>
    public async Task<bool> ListenAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var listen = new Npgsql.NpgsqlCommand("listen intake_accepted", connection);
        await listen.ExecuteNonQueryAsync(cancellation);
        while (true)
        {
            await connection.WaitAsync(cancellation);
            Here.Raise();
            Unjudged.Raise();
            Streamed.Raise();
        }
    }

    public void Dispose()
    {
        Here.Dispose();
        Unjudged.Dispose();
        Streamed.Dispose();
    }
}
