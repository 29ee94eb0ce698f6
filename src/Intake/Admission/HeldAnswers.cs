using System.Security.Cryptography;

namespace Kilde.Intake.Admission;

/// <summary>
/// Keeps back the answers that turn messages away: a connection cannot ask again before it is answered, as it was told
/// not to. The more are kept back the longer each is, so that those who are turned away take about the same of the
/// machine however many they are, and those who were let in keep their pace (ADR 0055).
/// </summary>
public sealed class HeldAnswers(TimeProvider clock)
{
    /// <summary>Answers kept back at once; each holds the memory of a request. Those beyond go at once.</summary>
    internal const int CountMax = 5_000;

    private const double AnswersPerSecond = 1_000;
    private const double SecondsMin = 1;
    private const double SecondsMax = 4;
    private const int Parts = 1_000;

    private int _count;

    /// <summary>Answers kept back now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Waits until the answer may go.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var count = Interlocked.Increment(ref _count);
        try
        {
            if (count <= CountMax) await Task.Delay(TimeFor(count), clock, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>
    /// Half to one and a half of the time in which as many answers go out: spread, so that those who were turned away
    /// together do not come back together.
    /// </summary>
    internal static TimeSpan TimeFor(int count)
    {
        var seconds = Math.Clamp(count / AnswersPerSecond, SecondsMin, SecondsMax);
        return TimeSpan.FromSeconds(seconds * (0.5 + (RandomNumberGenerator.GetInt32(Parts + 1) / (double)Parts)));
    }
}
