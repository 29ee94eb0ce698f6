using System.Globalization;
using System.Threading.Channels;
using Kilde.Platform.Databases;
using Kilde.Platform.Workers;
using Npgsql;

namespace Kilde.Intake.Merging;

/// <summary>What there is to do for the workers behind the log.</summary>
[Flags]
internal enum QueuedWork
{
    None = 0,

    /// <summary>Messages to merge that are read in memory.</summary>
    InMemory = 1,

    /// <summary>Received messages to judge.</summary>
    Unjudged = 2,

    /// <summary>Judged messages to merge that are read as streams.</summary>
    Streamed = 4,

    All = InMemory | Unjudged | Streamed,
}

/// <summary>
/// Wakes the workers that have something to do and no others: those of this process at once, those of other nodes by
/// NOTIFY.
/// </summary>
/// <remarks>
/// NOTIFY makes commits queue up behind each other, so it is sent on its own, after the commit, a few times a second at
/// most. It is a hint: a worker that misses it looks by itself soon after.
/// </remarks>
internal sealed class MergeSignal(RegisterDatabase database, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan AnnouncementPause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> _elsewhere =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Tells this node's announcements from those of others.</summary>
    private readonly string _node = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");

    private int _unannounced;

    /// <summary>Wakes those who merge what is read in memory.</summary>
    public WorkerSignal InMemory { get; } = new();

    /// <summary>Wakes those who judge what was received.</summary>
    public WorkerSignal Unjudged { get; } = new();

    /// <summary>Wakes those who merge what was judged.</summary>
    public WorkerSignal Streamed { get; } = new();

    /// <summary>There is something to do, for this node or another.</summary>
    public void Raise(QueuedWork work)
    {
        if (work == QueuedWork.None) return;
        RaiseHere(work);
        Interlocked.Or(ref _unannounced, (int)work);
        _elsewhere.Writer.TryWrite(true);
    }

    /// <summary>There is more to do for this node's own workers; others have been told.</summary>
    public void RaiseHere(QueuedWork work)
    {
        if (work.HasFlag(QueuedWork.InMemory)) InMemory.Raise();
        if (work.HasFlag(QueuedWork.Unjudged)) Unjudged.Raise();
        if (work.HasFlag(QueuedWork.Streamed)) Streamed.Raise();
    }

    /// <summary>Waits for work to be announced on this node, and tells the others.</summary>
    public async Task<bool> AnnounceAsync(CancellationToken cancellation)
    {
        await _elsewhere.Reader.ReadAsync(cancellation);
        var work = Interlocked.Exchange(ref _unannounced, 0);
        await using var notify = database.Source.CreateCommand("select pg_notify('intake_accepted', $1)");
        notify.Parameters.Add(new NpgsqlParameter<string>
        {
            TypedValue = string.Create(CultureInfo.InvariantCulture, $"{work} {_node}"),
        });
        await notify.ExecuteNonQueryAsync(cancellation);
        await Task.Delay(AnnouncementPause, clock, cancellation);
        return true;
    }

    /// <summary>Hears what other nodes announce, for as long as the connection lasts.</summary>
    public async Task<bool> ListenAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, heard) => RaiseHere(WorkElsewhere(heard.Payload));
        await using var listen = new NpgsqlCommand("listen intake_accepted", connection);
        await listen.ExecuteNonQueryAsync(cancellation);
        while (true) await connection.WaitAsync(cancellation);
    }

    public void Dispose()
    {
        InMemory.Dispose();
        Unjudged.Dispose();
        Streamed.Dispose();
    }

    // This node's own workers were woken when it was raised. What is not understood may be anything.
    private QueuedWork WorkElsewhere(string payload)
    {
        var parts = payload.Split(' ');
        if (parts.Length == 2 && parts[1] == _node) return QueuedWork.None;
        var isWork = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var work);
        return isWork ? (QueuedWork)work & QueuedWork.All : QueuedWork.All;
    }
}
