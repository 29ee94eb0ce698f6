namespace Kilde.Synthetic;

/// <summary>How big a synthetic Norway is.</summary>
/// <param name="Units">Reporting units, at least 1. The first are helsestasjoner in KPR's pilot municipalities.</param>
/// <param name="PersonsPerUnit">Persons at each unit at a time, 1–20 000.</param>
public sealed record NorwaySize(int Units, int PersonsPerUnit)
{
    /// <summary>For a demonstration: a dozen units, about 2 000 persons and 140 messages on a working day.</summary>
    public static NorwaySize Small { get; } = new(Units: 12, PersonsPerUnit: 170);

    /// <summary>For benchmarks: 1 200 units, about 400 000 persons and 14 000 messages on a working day.</summary>
    public static NorwaySize Large { get; } = new(Units: 1_200, PersonsPerUnit: 340);
}
