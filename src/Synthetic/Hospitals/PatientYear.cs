namespace Kilde.Synthetic;

/// <summary>A patient of an institution, with what the files of a year as of a day hold about the person.</summary>
/// <param name="Number">The institution's own patient number, the same every year.</param>
internal sealed record PatientYear(Inhabitant Person, long Number, IReadOnlyList<ReferralPeriod> Periods)
{
    /// <summary>Grams, for those who were under 100 days old at an episode.</summary>
    public int? BirthWeight { get; init; }

    /// <summary>How far into the institution's people this is, 0–1.</summary>
    public double Progress { get; init; }

    /// <summary>What is to be made wrong about the patient, in the file where it has its place.</summary>
    public FileFault? Fault { get; init; }
}
