using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>
/// Everybody who lives in a municipality, each made from municipality and number: the patients of hospitals and the
/// users of municipal care are the same people.
/// </summary>
/// <remarks>
/// Births are spread evenly over 1925–2026 and ages at death follow a table, so that the living on a day make a pyramid
/// much like Norway's. Their numbers are others than those of the people at the units of <see cref="Population"/>.
/// </remarks>
internal sealed class Inhabitants(ulong seed)
{
    /// <summary>Municipalities are those of this year; <see cref="HomeIn"/> gives the code of another.</summary>
    public const int CodeYear = 2024;

    private const double DNumberOnly = 0.015;
    private const double BecomesResident = 0.01;
    private const double LocalOnly = 0.008;
    private const long Stride = 1_000_003;

    private static readonly DateOnly FirstBirth = new(1925, 1, 1);
    private static readonly int BirthDays = new DateOnly(2026, 12, 31).DayNumber - FirstBirth.DayNumber + 1;
    private static readonly DateOnly FirstSettled = new(2015, 1, 1);
    private const int SettledDays = 4_000;

    // The share of people who have died by an age; between two ages it grows evenly.
    private static readonly (int Age, double Dead)[] Deaths =
    [
        (0, 0.002), (20, 0.005), (40, 0.013), (60, 0.05), (70, 0.13), (80, 0.32), (85, 0.5), (90, 0.72), (95, 0.91),
        (104, 1.0),
    ];

    private static readonly Dictionary<MunicipalityCode, UrbanDistrictCode[]> Districts = UrbanDistrictCode.All
        .GroupBy(district => district.Municipality).ToDictionary(city => city.Key, city => city.ToArray());

    /// <summary>How many numbers a municipality has given out: the living, the dead and those not born yet.</summary>
    public static int CountOf(MunicipalityCode municipality) => MunicipalitySizes.Of(municipality).Count;

    public Inhabitant Get(MunicipalityCode municipality, int number)
    {
        var (first, count) = MunicipalitySizes.Of(municipality);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, count);
        var index = first + number;
        var bornOn = FirstBirth.AddDays((int)(index % BirthDays * Stride % BirthDays));
        var chance = Chance.Of(seed, Topic.Inhabitant, index);
        var diedOn = bornOn.AddDays(DaysLived(ref chance));
        var standing = chance.Fraction() switch
        {
            < DNumberOnly => PersonStanding.DNumberOnly,
            < DNumberOnly + BecomesResident => PersonStanding.BecomesResident,
            < DNumberOnly + BecomesResident + LocalOnly => PersonStanding.LocalOnly,
            _ => PersonStanding.Resident,
        };
        var settledOn = FirstSettled.AddDays(chance.Below(SettledDays));
        return new Inhabitant(index, municipality, number, bornOn, diedOn, standing, settledOn);
    }

    /// <summary>
    /// The code of the municipality that an inhabitant lived in, in the borders of a year: where several were merged,
    /// people are spread over those that were before.
    /// </summary>
    public static MunicipalityCode HomeIn(Inhabitant person, int year)
    {
        var before = MunicipalitySizes.Before(person.Home, year);
        return before[person.Number % before.Count];
    }

    /// <summary>The urban district (bydel); null outside the four cities that have them.</summary>
    public static UrbanDistrictCode? DistrictOf(Inhabitant person) =>
        Districts.TryGetValue(person.Home, out var districts) ? districts[person.Number % districts.Length] : null;

    /// <summary>Which of a birthday's serials: those that no unit's population takes.</summary>
    public static int SlotOf(long index, DateOnly bornOn)
    {
        var place = (int)(index / BirthDays) * 3;
        return bornOn.Year >= 2000 ? place + 2 : place;
    }

    /// <summary>How many inhabitants there are numbers for.</summary>
    public static long IndicesMax => (long)BirthDays * (PersonNumbers.SlotsMax / 3);

    private static int DaysLived(ref Chance chance)
    {
        var dead = chance.Fraction();
        var within = chance.Fraction();
        for (var i = 1; i < Deaths.Length; i++)
        {
            if (dead >= Deaths[i].Dead) continue;
            var years = Deaths[i - 1].Age + (within * (Deaths[i].Age - Deaths[i - 1].Age));
            return dead < Deaths[0].Dead ? chance.Below(28) : (int)(years * 365.25);
        }

        return Deaths[^1].Age * 365;
    }
}
