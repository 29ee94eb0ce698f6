using System.Diagnostics.CodeAnalysis;

namespace Kilde.Intake.Bus;

/// <summary>What is tried again after a pause, in turn, while others are taken.</summary>
internal sealed class WaitingMessages<T>(TimeProvider clock, TimeSpan pause)
{
    private readonly Queue<(T Message, long Since)> _waiting = [];

    public int Count => _waiting.Count;

    public IEnumerable<T> All => _waiting.Select(one => one.Message);

    public void Add(T message) => _waiting.Enqueue((message, clock.GetTimestamp()));

    /// <summary>Their channel is lost: the server has them again.</summary>
    public void Clear() => _waiting.Clear();

    /// <summary>The one that has waited longest; false when none has waited its time.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T message)
    {
        message = default;
        if (!_waiting.TryPeek(out var first) || clock.GetElapsedTime(first.Since) < pause) return false;
        message = _waiting.Dequeue().Message;
        return true;
    }
}
