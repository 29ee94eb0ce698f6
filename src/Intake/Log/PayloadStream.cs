namespace Kilde.Intake.Log;

/// <summary>Reads one part of a payload.</summary>
internal delegate Task<(byte[] Plain, bool IsLast)> ReadPart(
    Guid submissionId, int part, CancellationToken cancellation);

/// <summary>
/// A payload as a stream, forward only. The part after the one that is being read is fetched and opened meanwhile.
/// </summary>
internal sealed class PayloadStream(Guid submissionId, ReadPart readPartAsync) : Stream
{
    private readonly CancellationTokenSource _stopped = new();
    private Task<(byte[] Plain, bool IsLast)>? _next;
    private byte[] _current = [];
    private int _position;
    private int _part;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The readers of messages are synchronous; they run on a thread of their own.
    public override int Read(Span<byte> buffer)
    {
        while (_position == _current.Length && !_isAtEnd) Take(Next().GetAwaiter().GetResult());
        return Copy(buffer);
    }

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position == _current.Length && !_isAtEnd) Take(await Next().WaitAsync(cancellationToken));
        return Copy(buffer.Span);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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

    private Task<(byte[] Plain, bool IsLast)> Next() => _next ??= Fetch();

    private Task<(byte[] Plain, bool IsLast)> Fetch()
    {
        var (part, token) = (_part++, _stopped.Token);
        return Task.Run(() => readPartAsync(submissionId, part, token), token);
    }

    private void Take((byte[] Plain, bool IsLast) part)
    {
        (_current, _position, _isAtEnd) = (part.Plain, 0, part.IsLast);
        _next = part.IsLast ? null : Fetch();
    }

    private int Copy(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _current.Length - _position);
        _current.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
