namespace Kilde.Intake.Headers;

/// <summary>
/// Hands on what it reads as long as the budget lasts. An XML reader keeps a whole attribute or text in memory; the
/// budget is set before each part that must be small, and so bounds what hostile input can make it keep.
/// </summary>
internal sealed class BudgetedStream(Stream inner, long budget) : Stream
{
    private long _left = budget;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Renew(long bytes) => _left = bytes;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Spend(inner.Read(buffer));

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Spend(await inner.ReadAsync(buffer, cancellationToken));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Spend(int bytes)
    {
        _left -= bytes;
        if (_left < 0) throw new BudgetSpentException();
        return bytes;
    }
}

/// <summary>A part that must be small is not.</summary>
internal sealed class BudgetSpentException() : IOException("A part of the message is larger than it may be.");
