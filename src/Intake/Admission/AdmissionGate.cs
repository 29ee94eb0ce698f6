using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Admission;

/// <summary>
/// Bounds the work and the memory of taking in, and shares both fairly between senders: who sends much waits behind
/// itself, not before others. Enter before any costly work, when the sender is known.
/// </summary>
/// <remarks>
/// Free places go round the senders that wait, one each, so a sender with one message waits for one turn however many
/// another has waiting. A sender that is alone may have all the places; when there are others, it leaves most of them
/// free, so that a newcomer does not find the processor taken (ADR 0052). Who floods while others do not has one
/// (ADR 0055). Who waits for its body gives its place to others meanwhile (ADR 0171).
/// </remarks>
public sealed class AdmissionGate(IOptions<IntakeOptions> options, TimeProvider clock)
{
    /// <summary>
    /// The largest body the protocol takes: 15 MB of message as Base64. An undeclared length counts as this.
    /// </summary>
    private const long BodyBytesMax = 20L * 1024 * 1024;

    private const int ShareWithOthers = 12;
    private const int PlacesPerSenderMin = 2;
    private const int WaitingMessagesMin = 8;
    private const int RetryAfterSecondsMax = 30;
    private const int AsideMax = 256;
    private const int AsidePerSenderMax = 8;

    /// <summary>How long a sender counts as present after its last message.</summary>
    private static readonly TimeSpan Presence = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SenderQueue> _senders = [];
    private readonly LinkedList<SenderQueue> _turns = [];
    private readonly IntakeOptions _options = options.Value;
    private int _inside;
    private long _bytesInside;
    private int _aside;
    private long _bytesAside;
    private int _waiting;
    private long _left;
    private long _turnedAway;
    private bool _isOverloaded;
    private int _calm;
    private double _leftPerSecond = 100;
    private DateTimeOffset _countedAt = clock.GetUtcNow();

    /// <summary>Messages that are let in and not yet answered.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Messages that have given up their place while they wait for their sender.</summary>
    public int Aside => Volatile.Read(ref _aside);

    /// <summary>Messages that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <param name="sender">
    /// Client id and unit of the token; the remote address while the token is not yet known.
    /// </param>
    /// <param name="bodyBytes">
    /// Declared length of the body; null when not declared, which counts as the largest.
    /// </param>
    public ValueTask<GateAnswer> EnterAsync(string sender, long? bodyBytes, CancellationToken cancellation)
    {
        var bytes = Math.Clamp(bodyBytes ?? BodyBytesMax, 0, BodyBytesMax);
        Waiter waiter;
        lock (_lock)
        {
            var queue = QueueOf(sender);
            waiter = new Waiter(this, queue, bytes);
            if (queue.Waiting.Count == 0 && _turns.Count == 0 && Fits(waiter))
            {
                TakePlace(waiter);
                return ValueTask.FromResult<GateAnswer>(new GateAnswer.Admitted(waiter));
            }

            if (queue.Waiting.Count >= _options.WaitingMessagesPerSenderMax || !HasRoomToWait(queue))
                return ValueTask.FromResult<GateAnswer>(TurnAway(queue));

            Enqueue(waiter);
            Dispatch();
        }

        return new ValueTask<GateAnswer>(waiter.WaitAsync(cancellation));
    }

    private SenderQueue QueueOf(string sender)
    {
        var now = clock.GetUtcNow();
        CountAndForget(now);
        if (!_senders.TryGetValue(sender, out var queue)) _senders[sender] = queue = new SenderQueue();
        queue.SeenAt = now;
        return queue;
    }

    // Once a second: how fast places come free, which senders have gone, and which of those that stay flood.
    private void CountAndForget(DateTimeOffset now)
    {
        var elapsed = now - _countedAt;
        if (elapsed < TimeSpan.FromSeconds(1)) return;
        // With nobody waiting, what left is what came, and says nothing about what the machine can do.
        var rate = _left / elapsed.TotalSeconds;
        if (_left > 0 && (_waiting > 0 || rate > _leftPerSecond)) _leftPerSecond = (_leftPerSecond + rate) / 2;
        // What is kept back cannot come again at once: those turned away are fewer than would come.
        _isOverloaded = _turnedAway > _left / 2;
        (_left, _turnedAway, _countedAt) = (0, 0, now);
        _calm = 0;
        foreach (var (sender, queue) in _senders)
        {
            if (queue.IsIdle && now - queue.SeenAt > Presence) _senders.Remove(sender);
            else if (!queue.CountIsFlooding()) _calm++;
        }
    }

    private bool Fits(Waiter waiter) =>
        _inside < PlacesMax
        && waiter.Queue.Inside < PlacesOf(waiter.Queue)
        && (_inside == 0 || _bytesInside + waiter.Bytes <= BytesMax);

    // Many at work share the log's transactions, and each costs less. In a standing overload turning away takes the
    // processor, and many at work would only be late together.
    private int PlacesMax => _isOverloaded
        ? Math.Min(_options.AdmittedMessagesMax, _options.OverloadedAdmittedMessagesMax)
        : _options.AdmittedMessagesMax;

    private long BytesMax => _options.AdmittedMebibytesMax * 1024L * 1024;

    // As many, those at work included, as are answered in time at the pace of the moment (Little's law): whoever would
    // stay longer is better told to come back. A burst may wait; a queue that stands only makes everyone late, and
    // turning away takes from the pace, so in a standing overload fewer stay.
    private int WaitingMax => (int)Math.Clamp(
        (_leftPerSecond * StayMilliseconds / 1000) - _inside,
        Math.Min(WaitingMessagesMin, _options.WaitingMessagesMax), _options.WaitingMessagesMax);

    private int StayMilliseconds =>
        _isOverloaded ? _options.OverloadedStayMillisecondsMax : _options.StayMillisecondsMax;

    // When all waiting room is taken, whoever has most waiting gives one up to a sender that has clearly less: a flood
    // turns away itself.
    private bool HasRoomToWait(SenderQueue queue)
    {
        if (_waiting < WaitingMax) return true;
        var longest = LongestWaiting();
        if (longest is null || longest.Waiting.Count <= queue.Waiting.Count + 1) return false;
        TurnAwayLastOf(longest);
        return true;
    }

    private SenderQueue? LongestWaiting() => _turns.MaxBy(queue => queue.Waiting.Count);

    private void TurnAwayLastOf(SenderQueue queue)
    {
        var last = queue.Waiting.Last!.Value;
        Remove(last);
        if (queue.Waiting.Count == 0) _turns.Remove(queue);
        last.Answer(TurnAway(queue));
    }

    private GateAnswer.Refused TurnAway(SenderQueue queue)
    {
        IntakeMeter.TurnedAway.Add(1);
        _turnedAway++;
        queue.TurnedAway++;
        if (!_isOverloaded && _turnedAway > Math.Max(_left, _options.WaitingMessagesMax)) BeginOverload();
        return new GateAnswer.Refused(RetryAfterSeconds());
    }

    // More than the waiting room holds, and more than were answered: no burst that passes. Were it found out when the
    // second is counted, all who wait would be late; those there is no longer time for are told so now.
    private void BeginOverload()
    {
        _isOverloaded = true;
        while (_waiting > WaitingMax && LongestWaiting() is { } longest) TurnAwayLastOf(longest);
    }

    private int PlacesOf(SenderQueue queue)
    {
        if (_senders.Count <= 1) return PlacesMax;
        // Where everybody floods, nobody is spared by giving some of them less.
        if (queue.IsFlooding && _calm > 0) return 1;
        return Math.Max(PlacesPerSenderMin, PlacesMax / ShareWithOthers);
    }

    private void TakePlace(Waiter waiter)
    {
        _inside++;
        _bytesInside += waiter.Bytes;
        waiter.Queue.Inside++;
    }

    private void Enqueue(Waiter waiter)
    {
        if (waiter.Queue.Waiting.Count == 0) _turns.AddLast(waiter.Queue);
        waiter.Node = waiter.Queue.Waiting.AddLast(waiter);
        _waiting++;
    }

    /// <summary>Gives free places to the first in turn whose message fits; whoever got one goes last.</summary>
    private void Dispatch()
    {
        for (var turn = _turns.First; turn is not null && _inside < PlacesMax;)
        {
            var waiter = turn.Value.Waiting.First!.Value;
            if (!Fits(waiter))
            {
                turn = turn.Next;
                continue;
            }

            Dequeue(waiter);
            TakePlace(waiter);
            waiter.LetIn();
            turn = _turns.First;
        }
    }

    private void Dequeue(Waiter waiter)
    {
        Remove(waiter);
        _turns.Remove(waiter.Queue);
        if (waiter.Queue.Waiting.Count > 0) _turns.AddLast(waiter.Queue);
    }

    private void Remove(Waiter waiter)
    {
        waiter.Queue.Waiting.Remove(waiter.Node!);
        waiter.Node = null;
        _waiting--;
    }

    private void Leave(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.IsAside) CountAside(waiter, -1);
            else GiveUpPlace(waiter);
            waiter.Queue.Left++;
            _left++;
            Dispatch();
        }
    }

    private bool TryStepAside(Waiter waiter)
    {
        lock (_lock)
        {
            if (_aside >= AsideMax || waiter.Queue.Aside >= AsidePerSenderMax) return false;
            if (_aside > 0 && _bytesAside + waiter.Bytes > BytesMax) return false;
            CountAside(waiter, 1);
            GiveUpPlace(waiter);
            Dispatch();
            return true;
        }
    }

    private void StepBack(Waiter waiter)
    {
        lock (_lock)
        {
            CountAside(waiter, -1);
            TakePlace(waiter);
        }
    }

    private void CountAside(Waiter waiter, int change)
    {
        waiter.IsAside = change > 0;
        waiter.Queue.Aside += change;
        _aside += change;
        _bytesAside += change * waiter.Bytes;
    }

    private void GiveUpPlace(Waiter waiter)
    {
        _inside--;
        _bytesInside -= waiter.Bytes;
        waiter.Queue.Inside--;
    }

    /// <summary>False when the waiter has been let in: then it has a place to leave.</summary>
    private bool TryWithdraw(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node is null) return false;
            Remove(waiter);
            if (waiter.Queue.Waiting.Count == 0) _turns.Remove(waiter.Queue);
            Dispatch();
            return true;
        }
    }

    // Spread out, so that those who were turned away together do not come back together.
    private int RetryAfterSeconds()
    {
        var drainSeconds = (int)Math.Ceiling(_waiting / Math.Max(1, _leftPerSecond));
        return RandomNumberGenerator.GetInt32(1, Math.Min(RetryAfterSecondsMax, 2 + (2 * drainSeconds)) + 1);
    }

    private sealed class SenderQueue
    {
        public LinkedList<Waiter> Waiting { get; } = [];

        public int Inside { get; set; }

        public int Aside { get; set; }

        public bool IsIdle => Inside == 0 && Aside == 0 && Waiting.Count == 0;

        public DateTimeOffset SeenAt { get; set; }

        /// <summary>Messages answered since the last count.</summary>
        public long Left { get; set; }

        /// <summary>Messages turned away since the last count.</summary>
        public long TurnedAway { get; set; }

        /// <summary>More was turned away than answered when it was counted last.</summary>
        public bool IsFlooding { get; private set; }

        public bool CountIsFlooding()
        {
            IsFlooding = TurnedAway > Left;
            (Left, TurnedAway) = (0, 0);
            return IsFlooding;
        }
    }

    private sealed class Waiter(AdmissionGate gate, SenderQueue queue, long bytes) : GatePlace
    {
        private readonly TaskCompletionSource<GateAnswer> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        private int _hasLeft;

        public SenderQueue Queue { get; } = queue;

        public long Bytes { get; } = bytes;

        public LinkedListNode<Waiter>? Node { get; set; }

        public bool IsAside { get; set; }

        public override bool TryStepAside() => gate.TryStepAside(this);

        public override void StepBack() => gate.StepBack(this);

        public void LetIn() => Answer(new GateAnswer.Admitted(this));

        public void Answer(GateAnswer answer) => _answer.SetResult(answer);

        public async Task<GateAnswer> WaitAsync(CancellationToken cancellation)
        {
            await using var registration = cancellation.UnsafeRegister(
                static (state, token) =>
                {
                    var waiter = (Waiter)state!;
                    if (waiter.Withdraw()) waiter._answer.TrySetCanceled(token);
                },
                this);
            return await _answer.Task;
        }

        public override void Dispose()
        {
            if (Interlocked.Exchange(ref _hasLeft, 1) == 0) gate.Leave(this);
        }

        private bool Withdraw() => gate.TryWithdraw(this);
    }
}
