namespace Kilde.Synthetic;

/// <summary>Height and weight by age and sex, near the middle of Norwegian children and spread as they are.</summary>
/// <remarks>Rounded points of our own, joined by straight lines; good enough to look right, not for medicine.</remarks>
internal static class Growth
{
    private static readonly double[] Years = [0, 0.25, 0.5, 1, 1.5, 2, 4, 6, 8, 10, 12, 14, 16, 18];

    private static readonly double[] GirlsHeights =
        [49.7, 60.5, 66.5, 74.8, 81.5, 87, 103.5, 116.5, 128.5, 139.5, 152, 161.5, 165.5, 167];

    private static readonly double[] BoysHeights =
        [50.5, 62, 68, 76.5, 83, 88.5, 104.5, 117.5, 129.5, 140.5, 152, 166, 176, 180];

    private static readonly double[] GirlsWeights =
        [3.4, 5.9, 7.5, 9.3, 10.8, 12.2, 16.9, 21.5, 27, 33.5, 42, 51.5, 57.5, 60];

    private static readonly double[] BoysWeights =
        [3.6, 6.4, 8.1, 10, 11.5, 12.8, 17.2, 21.9, 27.3, 33.5, 41.5, 53, 64, 71];

    private const double HeightSpread = 0.037;
    private const double WeightSpread = 0.12;

    /// <summary>
    /// Centimetres with one decimal and kilograms with two. A person keeps to the same line through life.
    /// </summary>
    /// <param name="height">The person's deviation in height, 1 = one standard deviation.</param>
    /// <param name="weight">The same for weight beyond what the height makes.</param>
    public static (decimal Centimetres, decimal Kilograms) At(double years, bool isFemale, double height, double weight)
    {
        var centimetres = Interpolate(isFemale ? GirlsHeights : BoysHeights, years) * (1 + (HeightSpread * height));
        var kilograms = Interpolate(isFemale ? GirlsWeights : BoysWeights, years)
            * (1 + (WeightSpread * ((0.6 * height) + (0.8 * weight))));
        return (Math.Round((decimal)centimetres, 1), Math.Round((decimal)Math.Max(kilograms, 1.8), 2));
    }

    private static double Interpolate(double[] values, double years)
    {
        var right = Math.Clamp(Array.FindIndex(Years, point => point > years), 1, Years.Length - 1);
        if (years >= Years[^1]) return values[^1];
        var part = (years - Years[right - 1]) / (Years[right] - Years[right - 1]);
        return values[right - 1] + (part * (values[right] - values[right - 1]));
    }
}
