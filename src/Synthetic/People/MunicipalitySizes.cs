using System.Collections.Concurrent;
using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>
/// How many inhabitants each municipality has, at about two thirds of Norway's size: the largest roughly as they are,
/// the others made up.
/// </summary>
internal static class MunicipalitySizes
{
    private const int Thousand = 800;
    private const int SmallMin = 1_000;
    private const int SmallMax = 8_000;

    // Thousands of inhabitants, rounded; the rest have fewer than 30 000.
    private static readonly Dictionary<string, int> Large = new(StringComparer.Ordinal)
    {
        ["0301"] = 680, ["4601"] = 280, ["5001"] = 200, ["1103"] = 140, ["3201"] = 125, ["4204"] = 110, ["3301"] = 100,
        ["3203"] = 95, ["3205"] = 85, ["3107"] = 80, ["1108"] = 80, ["5501"] = 75, ["3907"] = 65, ["3207"] = 60,
        ["3105"] = 55, ["3905"] = 55, ["4003"] = 55, ["1804"] = 50, ["3103"] = 50, ["3909"] = 45, ["4203"] = 45,
        ["3118"] = 45, ["1149"] = 40, ["3222"] = 40, ["3209"] = 40, ["4626"] = 40, ["1106"] = 35, ["4001"] = 35,
        ["3411"] = 35, ["1508"] = 35, ["1580"] = 35, ["1506"] = 30, ["3101"] = 30, ["3403"] = 30, ["3407"] = 30,
        ["3305"] = 30, ["4627"] = 30, ["4631"] = 30,
    };

    private static readonly Dictionary<MunicipalityCode, (long First, int Count)> Blocks = LayOut();

    private static readonly ConcurrentDictionary<int, Dictionary<MunicipalityCode, List<MunicipalityCode>>>
        Years = new();

    /// <summary>The index of a municipality's first inhabitant, and how many there are.</summary>
    public static (long First, int Count) Of(MunicipalityCode municipality) =>
        Blocks.TryGetValue(municipality, out var block)
            ? block
            : throw new ArgumentOutOfRangeException(nameof(municipality), "Not a municipality of 2024.");

    /// <summary>The codes of a year that a municipality of 2024 was made from, or divided into; at least one.</summary>
    public static List<MunicipalityCode> Before(MunicipalityCode municipality, int year) =>
        Years.GetOrAdd(year, YearOf)[municipality];

    private static Dictionary<MunicipalityCode, List<MunicipalityCode>> YearOf(int year)
    {
        var year2024 = Blocks.Keys.ToDictionary(code => code, _ => new List<MunicipalityCode>());
        foreach (var code in MunicipalityCode.InUse(year))
        {
            var parts = year > Inhabitants.CodeYear
                ? Blocks.Keys.Where(old => old.MapTo(year).Contains(code))
                : code.MapTo(Inhabitants.CodeYear);
            foreach (var part in parts) year2024[part].Add(code);
        }

        return year2024;
    }

    private static Dictionary<MunicipalityCode, (long First, int Count)> LayOut()
    {
        var blocks = new Dictionary<MunicipalityCode, (long First, int Count)>();
        var next = 0L;
        foreach (var code in MunicipalityCode.InUse(Inhabitants.CodeYear))
        {
            var count = Large.TryGetValue(code.ToString(), out var thousands)
                ? thousands * Thousand
                : Chance.Of(seed: 0, Topic.Inhabitant, code.Number).Between(SmallMin, SmallMax);
            blocks[code] = (next, count);
            next += count;
        }

        return blocks;
    }
}
