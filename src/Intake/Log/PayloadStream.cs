using Kilde.Definitions.Reading;

namespace Kilde.Intake.Log;

/// <summary>One part of a payload in clear.</summary>
/// <param name="Bytes">Maybe more than the part has: a large array is used again and not made anew.</param>
internal readonly record struct OpenedPart(byte[] Bytes, int Length, bool IsLast);

/// <summary>Reads one part of a payload.</summary>
/// <param name="spare">The bytes of an earlier part that is done with, to be used again if they are enough.</param>
internal delegate Task<OpenedPart> ReadPart(
    Guid submissionId, int part, byte[] spare, CancellationToken cancellation);

/// <summary>
/// A payload as a stream, forward only. The part after the one that is being read is fetched and opened meanwhile.
/// </summary>
internal sealed class PayloadStream(Guid submissionId, ReadPart readPartAsync) : ForwardStream
{
    private readonly CancellationTokenSource _stopped = new();
    private Task<OpenedPart>? _next;
    private OpenedPart _current = new([], 0, IsLast: false);
    private int _position;
    private int _part;

    // The readers of messages are synchronous; they run on a thread of their own.
    public override int Read(Span<byte> buffer)
    {
        while (_position == _current.Length && !_current.IsLast) Take(Next().GetAwaiter().GetResult());
        return Copy(buffer);
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position == _current.Length && !_current.IsLast) Take(await Next().WaitAsync(cancellationToken));
        return Copy(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopped.Cancel();
            _ = _next?.ContinueWith(
                static part => part.Exception, CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default);
            _stopped.Dispose();
        }

        base.Dispose(disposing);
    }

    private Task<OpenedPart> Next() => _next ??= Fetch([]);

    private Task<OpenedPart> Fetch(byte[] spare)
    {
        var (part, token) = (_part++, _stopped.Token);
        return Task.Run(() => readPartAsync(submissionId, part, spare, token), token);
    }

    private void Take(OpenedPart part)
    {
        var done = _current.Bytes;
        (_current, _position) = (part, 0);
        _next = part.IsLast ? null : Fetch(done);
    }

    private int Copy(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _current.Length - _position);
        _current.Bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
