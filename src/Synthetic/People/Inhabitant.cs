using Kilde.Kernel;

namespace Kilde.Synthetic;

/// <summary>Somebody who lives in a municipality and does not exist. Numbers are made only when asked for.</summary>
/// <param name="Index">Of the country: no other inhabitant has it.</param>
/// <param name="Home">The municipality, by the codes of 2024.</param>
/// <param name="Number">From 0, counted within the municipality.</param>
public sealed record Inhabitant(
    long Index,
    MunicipalityCode Home,
    int Number,
    DateOnly BornOn,
    DateOnly DiedOn,
    PersonStanding Standing,
    DateOnly SettledOn)
{
    private readonly Lazy<int> _serial = new(
        () => PersonNumbers.SerialOf(BornOn, Inhabitants.SlotOf(Index, BornOn)), isThreadSafe: false);

    public bool IsFemale => _serial.Value % 2 == 0;

    /// <summary>Whole years on a day.</summary>
    public int AgeOn(DateOnly day) =>
        day.Year - BornOn.Year - (day.Month * 100 + day.Day < BornOn.Month * 100 + BornOn.Day ? 1 : 0);

    public bool IsAliveOn(DateOnly day) => BornOn <= day && day <= DiedOn;

    /// <summary>The number the health service knows on a day; not set when the person has none.</summary>
    public PersonIdentifier NumberOn(DateOnly day)
    {
        if (Standing == PersonStanding.LocalOnly) return default;
        var isDNumber = Standing == PersonStanding.DNumberOnly
            || (Standing == PersonStanding.BecomesResident && day < SettledOn);
        var number = PersonNumbers.Make(BornOn, _serial.Value, isDNumber, isNewSeries: false);
        return number == default && isDNumber
            ? PersonNumbers.Make(BornOn, _serial.Value, isDNumber: false, isNewSeries: false)
            : number;
    }
}
