using Kilde.Register.Comparing;

namespace Kilde.Intake.Silence;

/// <summary>What a sender has told that it has of a unit's month, and what the register has of it.</summary>
/// <param name="Missing">
/// How many of the sender's own records the register has not, where each was looked for; null where only sums are
/// known.
/// </param>
public sealed record HeardPlace(DigestPlace Place, DigestSum Own, DigestSum Register, int? Missing = null)
{
    /// <summary>As many records the register lacks, at the least.</summary>
    public int Lacking => Own == Register ? 0 : Missing ?? Math.Max(0, Own.Count - Register.Count);

    /// <summary>As many the register has when they have come.</summary>
    public int Needed => Register.Count + Lacking;

    /// <summary>What a sender has told of the months that were compared.</summary>
    public static IReadOnlyList<HeardPlace> Of(
        IReadOnlyDictionary<DigestPlace, OwnMonth> own, IReadOnlyDictionary<DigestPlace, DigestSum> register,
        RecordMonth first, RecordMonth last) =>
    [
        .. own.Where(told => told.Key.Month >= first && told.Key.Month <= last)
            .Select(told => new HeardPlace(
                told.Key, told.Value.Sum, register.GetValueOrDefault(told.Key), told.Value.Missing)),
    ];
}

/// <summary>A sender's own month.</summary>
/// <param name="Missing">As many of its records the register lacks; null when they were not looked for.</param>
public readonly record struct OwnMonth(DigestSum Sum, int? Missing)
{
    /// <param name="sums">All that the sender has.</param>
    /// <param name="differences">What was found when each record was looked for; null when none was.</param>
    public static IReadOnlyDictionary<DigestPlace, OwnMonth> Of(
        IReadOnlyDictionary<DigestPlace, DigestSum> sums, IReadOnlyList<RecordDifference>? differences)
    {
        var missing = differences?.Where(one => one.Kind == DifferenceKind.Missing).ToLookup(one => one.Place);
        return sums.ToDictionary(told => told.Key, told => new OwnMonth(told.Value, missing?[told.Key].Count()));
    }
}
