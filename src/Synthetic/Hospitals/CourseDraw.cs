namespace Kilde.Synthetic;

/// <summary>One course being drawn: its own chance, and the ids it hands out, stable from file to file.</summary>
internal sealed class CourseDraw(
    Chance chance, Inhabitant person, int year, int slot, int age, TrustInstitution hospital)
{
    private Chance _chance = chance;
    private int _episodes;

    public ref Chance Chance => ref _chance;

    public Inhabitant Person => person;

    public int Year => year;

    /// <summary>At the beginning of the year.</summary>
    public int Age => age;

    public TrustInstitution Hospital => hospital;

    public string PeriodId { get; } = $"HP{person.Index}-{year % 100}{slot}";

    public string NextId() => $"E{person.Index}-{year % 100}{slot}{++_episodes:D2}";

    public DateOnly DayOfYear() => new DateOnly(year, 1, 1).AddDays(_chance.Below(365));
}
