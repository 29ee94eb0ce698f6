namespace Kilde.Intake.Silence;

/// <summary>
/// Counts that vary more than by chance alone: a mean, and how much the mean itself varies from day to day.
/// </summary>
/// <param name="Mean">Above 0.</param>
/// <param name="Dispersion">The variance is Mean + Dispersion · Mean²; above 0.</param>
internal readonly record struct NegativeBinomial(double Mean, double Dispersion)
{
    private const double Negligible = 1e-12;

    // Lanczos' approximation with g = 7 and nine terms.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>The chance of this many or fewer.</summary>
    public double AtMost(int count)
    {
        var size = 1 / Dispersion;
        if (count >= Mean + (10 * Math.Sqrt(Mean + (Dispersion * Mean * Mean)))) return 1;

        // From the top down: the terms fall off from there when the count is below the mean.
        var term = Math.Exp(
            LogGamma(count + size) - LogGamma(size) - LogGamma(count + 1) + (size * Math.Log(size / (size + Mean)))
            + (count * Math.Log(Mean / (size + Mean))));
        var sum = 0.0;
        for (var i = count; ; i--)
        {
            sum += term;
            if (i == 0 || (i < Mean && term < sum * Negligible)) return Math.Min(1, sum);
            term *= i / (size + i - 1) * ((size + Mean) / Mean);
        }
    }

    private static double LogGamma(double x)
    {
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x - 1 + i);
        var t = x + 6.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x - 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
