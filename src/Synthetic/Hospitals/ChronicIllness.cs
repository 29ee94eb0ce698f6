namespace Kilde.Synthetic;

/// <summary>A lasting illness that brings a person to the hospital every year, and often into municipal care.</summary>
/// <param name="SinceOn">When the hospital received the first referral.</param>
/// <param name="EveryDays">Days between contacts.</param>
/// <param name="Level">List 8406: 3 controls, 2 treatments of hours.</param>
internal sealed record ChronicIllness(
    Specialty Specialty, string Condition, DateOnly SinceOn, int EveryDays, int Level)
{
    /// <summary>Age when it begins, from and up to.</summary>
    private const int OnsetMin = 8;
    private const int OnsetMax = 85;

    private static readonly (string Specialty, string Condition, int EveryDays, int Level, int Share)[] Kinds =
    [
        ("180", "N185", 3, 2, 1),
        ("853", "C509", 21, 2, 20),
        ("120", "C900", 28, 2, 12),
        ("250", "G35", 42, 2, 15),
        ("190", "M069", 56, 3, 30),
        ("140", "K500", 56, 2, 14),
        ("170", "J449", 75, 3, 40),
        ("150", "I509", 75, 3, 55),
    ];

    /// <summary>Null for most people.</summary>
    public static ChronicIllness? Of(ulong seed, Inhabitant person)
    {
        var chance = Chance.Of(seed, Topic.Course, person.Index);
        if (!chance.Happens(0.14)) return null;
        var sinceOn = person.BornOn.AddDays(chance.Between(OnsetMin * 365, OnsetMax * 365));
        if (sinceOn > person.DiedOn) return null;
        var left = chance.Below(Kinds.Sum(kind => kind.Share));
        var at = 0;
        while ((left -= Kinds[at].Share) >= 0) at++;
        var (specialty, condition, every, level, _) = Kinds[at];
        return new ChronicIllness(
            Specialties.Somatic.First(found => found.Code == specialty), condition, sinceOn,
            every == 3 ? 3 : every + chance.Below(every / 3), level);
    }
}
