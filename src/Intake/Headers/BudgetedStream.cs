using Kilde.Definitions.Reading;

namespace Kilde.Intake.Headers;

/// <summary>Hands on bytes as long as the budget lasts.</summary>
internal sealed class BudgetedStream(Stream inner, long budget) : ForwardStream
{
    private long _left = budget;

    /// <summary>True when it was this budget that did not last.</summary>
    public bool IsSpent => _left < 0;

    public void Renew(long bytes) => _left = bytes;

    public override int Read(Span<byte> buffer) => Spend(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Spend(await inner.ReadAsync(buffer, cancellationToken));

    private int Spend(int bytes)
    {
        _left -= bytes;
        if (_left < 0) throw new BudgetSpentException();
        return bytes;
    }
}

/// <summary>A part that must be small is not.</summary>
internal sealed class BudgetSpentException() : IOException("A part of the message is larger than it may be.");
