using Kilde.Protection;

namespace Kilde.Quality.Completeness;

/// <summary>What is counted.</summary>
public enum CompletenessBasis
{
    /// <summary>Different persons, <i>individbasert</i>.</summary>
    Persons = 1,

    /// <summary>Contacts, <i>forløpsbasert</i>.</summary>
    Contacts,
}

/// <summary>A share that may be shown.</summary>
/// <param name="Share">0–1; null when nothing can be told.</param>
/// <param name="IsAtLeast">True: what it comes to at the least, whatever the hidden numbers are.</param>
public readonly record struct ToldShare(decimal? Share, bool IsAtLeast);

/// <summary>How complete a quality registry and the register are, held against each other, at one unit.</summary>
/// <param name="Unit">As it names itself in its messages; null: all units together.</param>
/// <param name="OfRegistry">(only the registry + both) / all.</param>
/// <param name="OfRegister">(only NPR or KPR + both) / all.</param>
public sealed record UnitCompleteness(
    string? Unit, CompletenessBasis Basis, ToldNumber OnlyRegistry, ToldNumber Both, ToldNumber OnlyRegister,
    ToldShare OfRegistry, ToldShare OfRegister);

/// <param name="Unit">Null: all units together.</param>
internal sealed record CountedUnit(
    string? Unit, CompletenessBasis Basis, long OnlyRegistry, long InBoth, long OnlyRegister)
{
    public IReadOnlyList<long> Cells => [OnlyRegistry, InBoth, OnlyRegister];
}

/// <summary>Decides what may be shown of a completeness analysis. Pure.</summary>
internal static class ShowCompleteness
{
    /// <param name="counted">Of one basis; the one without a unit is the whole.</param>
    public static IReadOnlyList<UnitCompleteness> Of(IReadOnlyList<CountedUnit> counted)
    {
        CountedUnit[] units = [.. counted.Where(each => each.Unit is not null)];
        var told = Enumerable.Range(0, 3)
            .Select(cell => HideSmallCells.Of([.. units.Select(unit => unit.Cells[cell])])).ToList();
        var whole = counted.Where(each => each.Unit is null)
            .Select(each => Show(each, [.. each.Cells.Zip(told, (cell, column) => column.Told(cell))]));
        return [.. whole, .. units.Select((unit, at) => Show(unit, [.. told.Select(column => column.Cells[at])]))];
    }

    private static UnitCompleteness Show(CountedUnit each, ToldNumber[] told) => new(
        each.Unit, each.Basis, told[0], told[1], told[2],
        ShareOf(told[0], told[1], told[2]), ShareOf(told[2], told[1], told[0]));

    // What is few may be as little as one where it is within, and as much as four where it is without: what the share
    // then comes to can be worked out from what is shown, and so tells nothing more.
    private static ToldShare ShareOf(ToldNumber alone, ToldNumber both, ToldNumber missing)
    {
        ToldNumber[] all = [alone, both, missing];
        if (all.Any(cell => cell is { Number: null, IsFew: false })) return default;
        var within = (alone.Number ?? 1) + (both.Number ?? 1);
        var whole = within + (missing.Number ?? SmallCells.PersonsMin - 1);
        return whole == 0
            ? default
            : new ToldShare(Math.Round((decimal)within / whole, 3), all.Any(cell => cell.Number is null));
    }
}
