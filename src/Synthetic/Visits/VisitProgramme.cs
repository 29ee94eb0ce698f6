namespace Kilde.Synthetic;

/// <summary>A reason to come: an age step of the child health programme, or a contact that recurs.</summary>
/// <param name="Id">Unique within the person.</param>
/// <param name="AgeStep">Code in list 9505, such as <c>4U</c>; <c>E</c> is an extra consultation.</param>
/// <param name="DueOn">About when.</param>
/// <param name="Share">How many come, 0–1.</param>
/// <param name="IsBaby">Under two years: lies on the scale, is weighed and measured each time.</param>
internal readonly record struct Occasion(int Id, string AgeStep, DateOnly DueOn, double Share, bool IsBaby);

/// <summary>
/// When people come to which kind of unit. Age steps are those of list 9505 that the national programme uses.
/// </summary>
internal static class VisitProgramme
{
    /// <summary>The step that is a visit at home.</summary>
    public const string HomeVisit = "10D";

    private const int ExtraEveryDays = 30;
    private const double ExtraShare = 0.45;
    private const int TreatmentEveryDays = 21;
    private const double TreatmentShare = 0.5;
    private const int BabyDays = 730;
    private const int ExtraIds = 1_000;

    private static readonly DateOnly Epoch = new(2020, 1, 1);

    private static readonly (string AgeStep, int Days, double Share)[] Centre =
    [
        (HomeVisit, 8, 0.9), ("4U", 28, 0.97), ("6U", 42, 0.98), ("3M", 91, 0.97), ("4M", 122, 0.8), ("5M", 152, 0.97),
        ("6M", 183, 0.95), ("8M", 244, 0.7), ("10M", 304, 0.8), ("12M", 366, 0.97), ("15M", 457, 0.95),
        ("18M", 548, 0.9), ("2A", 735, 0.93), ("4A", 1465, 0.94),
    ];

    private static readonly (string AgeStep, int Days, double Share)[] School =
    [
        ("6A", 2300, 0.97), ("8A", 3000, 0.95), ("13A", 4850, 0.92), ("14A", 5200, 0.3), ("16A", 5950, 0.4),
    ];

    /// <summary>The occasions that fall within some days before and after a day.</summary>
    public static void Collect(
        UnitKind kind, DateOnly bornOn, DateOnly day, int daysAround, List<Occasion> occasions)
    {
        occasions.Clear();
        if (kind == UnitKind.Physiotherapy)
        {
            Recurring(Epoch, bornOn, day, daysAround, TreatmentEveryDays, TreatmentShare, occasions);
            return;
        }

        var steps = kind == UnitKind.ChildHealthCentre ? Centre : School;
        var age = day.DayNumber - bornOn.DayNumber;
        for (var i = 0; i < steps.Length; i++)
        {
            var (step, days, share) = steps[i];
            if (Math.Abs(days - age) <= daysAround)
                occasions.Add(new Occasion(i, step, bornOn.AddDays(days), share, days < BabyDays));
        }

        Recurring(bornOn.AddDays(20), bornOn, day, daysAround, ExtraEveryDays, ExtraShare, occasions);
    }

    private static void Recurring(
        DateOnly from, DateOnly bornOn, DateOnly day, int daysAround, int everyDays, double share,
        List<Occasion> occasions)
    {
        var first = Math.Max(0, (day.DayNumber - daysAround - from.DayNumber + everyDays - 1) / everyDays);
        var last = (day.DayNumber + daysAround - from.DayNumber) / everyDays;
        for (var i = first; i <= last; i++)
        {
            var dueOn = from.AddDays(i * everyDays);
            occasions.Add(new Occasion(ExtraIds + i, "E", dueOn, share, dueOn.DayNumber - bornOn.DayNumber < BabyDays));
        }
    }
}
