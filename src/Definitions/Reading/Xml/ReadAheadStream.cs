using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Kilde.Definitions.Reading.Xml;

/// <summary>
/// Reads some way ahead beside whoever reads it. Nobody waits for a thread to be free: what has not been read ahead is
/// read when it is asked for.
/// </summary>
internal sealed class ReadAheadStream(Stream inner) : ForwardStream
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>How far ahead. More is read when half of it is gone.</summary>
    private const int PiecesMax = 8;

    private readonly Lock _reading = new();
    private readonly ConcurrentQueue<Piece> _pieces = new();
    private readonly ConcurrentQueue<byte[]> _spare = new();
    private Piece _current = new([], 0, null);
    private int _position;
    private bool _isAhead;
    private volatile bool _isEnded;
    private int _isAtWork;

    // Bytes that were read, and why no more could be.
    private readonly record struct Piece(byte[] Bytes, int Length, ExceptionDispatchInfo? Fault);

    /// <summary>From now on what comes is read ahead; before, only what is asked for.</summary>
    public void Begin() => _isAhead = true;

    /// <summary>Waits for what is being read, and reads nothing more.</summary>
    public void Stop()
    {
        lock (_reading) _isEnded = true;
    }

    public override int Read(Span<byte> buffer)
    {
        if (!_isAhead) return inner.Read(buffer);
        while (_position == _current.Length)
        {
            _current.Fault?.Throw();
            if (!TryTake()) return 0;
        }

        var count = Math.Min(buffer.Length, _current.Length - _position);
        _current.Bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Stop();
        base.Dispose(disposing);
    }

    private bool TryTake()
    {
        if (!_pieces.TryDequeue(out var next))
        {
            lock (_reading)
            {
                if (_pieces.IsEmpty) TryRead();
                if (!_pieces.TryDequeue(out next)) return false;
            }
        }

        if (_current.Bytes.Length > 0) _spare.Enqueue(_current.Bytes);
        (_current, _position) = (next, 0);
        if (!_isEnded && _pieces.Count <= PiecesMax / 2 && Interlocked.Exchange(ref _isAtWork, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static stream => stream.ReadOn(), this, preferLocal: false);
        return true;
    }

    private void ReadOn()
    {
        var isMore = true;
        while (isMore && _pieces.Count < PiecesMax)
        {
            lock (_reading) isMore = TryRead();
        }

        Volatile.Write(ref _isAtWork, 0);
    }

    // False when there is nothing more.
    private bool TryRead()
    {
        if (_isEnded) return false;
        var bytes = _spare.TryDequeue(out var spare) ? spare : new byte[PieceBytes];
        ExceptionDispatchInfo? fault = null;
        var length = 0;
        try
        {
            while (length < bytes.Length && !_isEnded)
            {
                var read = inner.Read(bytes.AsSpan(length));
                length += read;
                _isEnded = read == 0;
            }
        }
        catch (Exception thrown)
        {
            // Whoever reads is told when he comes so far.
            fault = ExceptionDispatchInfo.Capture(thrown);
            _isEnded = true;
        }

        _pieces.Enqueue(new Piece(bytes, length, fault));
        return true;
    }
}
