using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>A municipal service that a person has been granted.</summary>
/// <param name="Number">Counted within the person.</param>
/// <param name="Kind">List 9151.</param>
/// <param name="ToOn">The day it ended; null while it goes on.</param>
/// <param name="HoursPerWeek">Hundredths of an hour; null for stays.</param>
/// <param name="Provider">The institution or unit that gives it.</param>
/// <param name="MovedOn">The day it was taken over by <paramref name="NextProvider"/>.</param>
/// <param name="Pauses">When the person was in hospital.</param>
internal sealed record CareService(
    int Number,
    int Kind,
    DateOnly AppliedOn,
    DateOnly FromOn,
    DateOnly? ToOn,
    int? HoursPerWeek,
    OrganizationNumber Provider,
    DateOnly? MovedOn,
    OrganizationNumber NextProvider,
    IReadOnlyList<(DateOnly From, DateOnly To)> Pauses)
{
    // List 9151.
    public const int PracticalHelp = 1;
    public const int PersonalAssistance = 3;
    public const int SupportContact = 9;
    public const int HomeNursing = 15;
    public const int ShortStay = 18;
    public const int Rehabilitation = 19;
    public const int LongStay = 21;
    public const int Housing = 29;

    public DateOnly DecidedOn => FromOn.AddDays(-2) < AppliedOn ? AppliedOn : FromOn.AddDays(-2);

    public bool IsStay => Kind is ShortStay or Rehabilitation or LongStay;

    /// <summary>Whether events tell of it (KPR ipl 56.0.0).</summary>
    public bool IsToldByEvents => IsStay || Kind == Housing;
}
