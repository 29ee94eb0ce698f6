namespace Kilde.Bench;

/// <summary>Latencies of one run, in milliseconds.</summary>
internal sealed class Percentiles(IEnumerable<double> milliseconds)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public int Count => _sorted.Length;

    public double At(double share) => _sorted.Length == 0
        ? 0
        : Math.Round(_sorted[Math.Min(_sorted.Length - 1, (int)(share * _sorted.Length))], 1);
}
