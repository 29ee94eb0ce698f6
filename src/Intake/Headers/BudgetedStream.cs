using Kilde.Definitions.Reading;

namespace Kilde.Intake.Headers;

/// <summary>
/// Hands on XML as long as the budget lasts, and as long as tags come. An XML reader keeps a whole tag or text in
/// memory: what hostile input can make it keep is bounded here.
/// </summary>
internal sealed class BudgetedStream(Stream inner, long budget = long.MaxValue) : ForwardStream
{
    /// <summary>Bytes without a new tag. An element with all its attributes is some hundred.</summary>
    public const int TagKibibytesMax = 256;

    private long _left = budget;
    private long _sinceTag;

    public void Renew(long bytes) => _left = bytes;

    public override int Read(Span<byte> buffer) => Spend(buffer[..inner.Read(buffer)]);

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await inner.ReadAsync(buffer, cancellationToken);
        return Spend(buffer.Span[..bytes]);
    }

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
