namespace Kilde.Intake.Headers;

/// <summary>
/// Hands on XML as long as the budget lasts, and as long as tags come. An XML reader keeps a whole tag or text in
/// memory: what hostile input can make it keep is bounded here.
/// </summary>
internal sealed class BudgetedStream(Stream inner, long budget = long.MaxValue) : Stream
{
    /// <summary>Bytes without a new tag. An element with all its attributes is some hundred.</summary>
    public const int TagKibibytesMax = 256;

    private long _left = budget;
    private long _sinceTag;

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

    public override int Read(Span<byte> buffer) => Spend(buffer[..inner.Read(buffer)]);

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await inner.ReadAsync(buffer, cancellationToken);
        return Spend(buffer.Span[..bytes]);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Spend(ReadOnlySpan<byte> bytes)
    {
        _left -= bytes.Length;
        if (_left < 0) throw new BudgetSpentException();

        // A tag begins with <, and < stands in no attribute and no text.
        var last = bytes.LastIndexOf((byte)'<');
        _sinceTag += last < 0 ? bytes.Length : bytes.IndexOf((byte)'<');
        if (_sinceTag > TagKibibytesMax * 1024) throw new BudgetSpentException();
        if (last >= 0) _sinceTag = bytes.Length - last;
        return bytes.Length;
    }
}

/// <summary>A part that must be small is not.</summary>
internal sealed class BudgetSpentException() : IOException("A part of the message is larger than it may be.");
