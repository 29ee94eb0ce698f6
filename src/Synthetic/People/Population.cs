using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>
/// The people, each made from an index when asked for, so that a million of them take no memory. Birthdays are spread
/// evenly over the years of birth; some are still unborn and appear as time goes.
/// </summary>
internal sealed class Population(ulong seed)
{
    private const double DNumberOnly = 0.03;
    private const double BecomesResident = 0.03;
    private const double LocalOnly = 0.02;
    private const double NewSeries = 0.01;

    private static readonly Cohort[] Cohorts =
    [
        new(UnitKind.ChildHealthCentre, new DateOnly(2020, 1, 1), new DateOnly(2029, 12, 31), AgeMin: 0, AgeLimit: 6),
        new(
            UnitKind.SchoolHealthService, new DateOnly(2007, 1, 1), new DateOnly(2022, 12, 31),
            AgeMin: 6, AgeLimit: 19),
        new(UnitKind.Physiotherapy, new DateOnly(1940, 1, 1), new DateOnly(1999, 12, 31), AgeMin: 20, AgeLimit: 130),
    ];

    /// <summary>Indices to give a unit so that about so many persons belong to it at a time.</summary>
    public static int IndicesFor(UnitKind kind, int persons)
    {
        var cohort = Of(kind);
        var years = cohort.Days / 365.25;
        return (int)Math.Ceiling(persons * years / Math.Min(years, cohort.AgeLimit - cohort.AgeMin));
    }

    public static bool Belongs(UnitKind kind, DateOnly bornOn, DateOnly day)
    {
        var cohort = Of(kind);
        return bornOn <= day && bornOn.AddYears(cohort.AgeMin) <= day && bornOn.AddYears(cohort.AgeLimit) > day;
    }

    public static DateOnly BornOn(UnitKind kind, long index)
    {
        var cohort = Of(kind);
        return cohort.First.AddDays((int)(index % cohort.Days * Stride % cohort.Days));
    }

    /// <param name="index">From 0, counted within the kind of unit.</param>
    public SyntheticPerson Get(UnitKind kind, long index)
    {
        var bornOn = BornOn(kind, index);
        var chance = Chance.Of(seed, Topic.Person, (long)kind, index);
        var standing = Standing(chance.Fraction());
        var isNewSeries = chance.Happens(NewSeries);
        var localId = $"P{(int)kind}{index:D7}{chance.Below(36 * 36):X3}";
        var settledOn = bornOn.AddDays(chance.Between(90, 900));

        // The kinds share birthdays, so each takes every third of a birthday's numbers.
        var slot = checked((int)(index / Of(kind).Days)) * Cohorts.Length + (int)kind - 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, PersonNumbers.SlotsMax, nameof(index));
        var serial = PersonNumbers.SerialOf(bornOn, slot);
        var dNumber = standing is PersonStanding.DNumberOnly or PersonStanding.BecomesResident
            ? PersonNumbers.Make(bornOn, serial, isDNumber: true, isNewSeries: false)
            : default;
        if (dNumber == default && standing != PersonStanding.LocalOnly) standing = PersonStanding.Resident;
        var national = standing is PersonStanding.Resident or PersonStanding.BecomesResident
            ? PersonNumbers.Make(bornOn, serial, isDNumber: false, isNewSeries)
            : default;

        return new SyntheticPerson(
            index, localId, bornOn, IsFemale: serial % 2 == 0, standing, national, dNumber,
            standing == PersonStanding.BecomesResident ? settledOn : null);
    }

    // Neighbours in a unit are born far apart; the stride has no factor in common with the number of days.
    private const long Stride = 1_000_003;

    private static Cohort Of(UnitKind kind) => Cohorts[(int)kind - 1];

    private static PersonStanding Standing(double fraction) => fraction switch
    {
        < DNumberOnly => PersonStanding.DNumberOnly,
        < DNumberOnly + BecomesResident => PersonStanding.BecomesResident,
        < DNumberOnly + BecomesResident + LocalOnly => PersonStanding.LocalOnly,
        _ => PersonStanding.Resident,
    };

    /// <param name="First">First and last birthday of those who belong to such units.</param>
    /// <param name="AgeMin">Years of age from which, and up to which, people belong.</param>
    private sealed record Cohort(UnitKind Kind, DateOnly First, DateOnly Last, int AgeMin, int AgeLimit)
    {
        public int Days { get; } = Last.DayNumber - First.DayNumber + 1;
    }
}
