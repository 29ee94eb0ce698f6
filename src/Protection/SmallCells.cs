namespace Kilde.Protection;

/// <summary>
/// The rule that no view shows fewer than five persons (R9.34), and what follows from it for shares (R9.43).
/// </summary>
public static class SmallCells
{
    /// <summary>Persons in a cell that may be shown, counted. None at all may always be told.</summary>
    public const int PersonsMin = 5;

    public static bool IsSmall(long persons) => persons is > 0 and < PersonsMin;

    /// <summary>
    /// True when a share may be told of those it concerns: neither they, nor those within it, nor those outside it are
    /// few. A share of nobody is none.
    /// </summary>
    public static bool MayTellShare(long persons, long of) =>
        of >= PersonsMin && !IsSmall(persons) && !IsSmall(of - persons);
}
