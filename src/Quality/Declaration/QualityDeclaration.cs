using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Quality.Caveats;

namespace Kilde.Quality.Declaration;

/// <summary>How good an item is, by the share of records that have a value that says something (F36).</summary>
public enum ItemGrade
{
    /// <summary>Under half.</summary>
    Poor = 1,

    /// <summary>From 50 to 90 percent.</summary>
    Medium,

    /// <summary>Over 90 percent.</summary>
    Good,
}

/// <summary>One item of the records of an area.</summary>
/// <param name="IsRequired">True when each record is to have it; what only some have is told, and not graded.</param>
/// <param name="Filled">Records that have a value.</param>
/// <param name="Unknown">Records whose value says that it is not known.</param>
public sealed record DeclaredItem(
    string Name, LocalizedText Title, bool IsRequired, long Records, long Filled, long Unknown)
{
    private const double PoorBelow = 0.5;
    private const double GoodAbove = 0.9;

    /// <summary>The share of records with a value that says something; 0 when there are no records.</summary>
    public double ValidShare => Records == 0 ? 0 : (double)(Filled - Unknown) / Records;

    public ItemGrade? Grade => IsRequired && Records > 0 ? GradeOf(ValidShare) : null;

    public static ItemGrade GradeOf(double share) => share switch
    {
        < PoorBelow => ItemGrade.Poor,
        > GoodAbove => ItemGrade.Good,
        _ => ItemGrade.Medium,
    };
}

/// <summary>One kind of record.</summary>
/// <param name="Months">Months of the year that have records.</param>
public sealed record DeclaredRecords(
    LocalizedText Title, string MessageType, long Records, int Units, int Months, IReadOnlyList<DeclaredItem> Items);

/// <summary>What a check has found in the area that stands.</summary>
/// <param name="Affects">The statistic it falls on; null when it is not told.</param>
public sealed record DeclaredFinding(
    string CheckId, LocalizedText Titles, LocalizedText? Affects, long Standing, int Units);

/// <summary>
/// What those who use the data of an area and a year are to know of their quality (R7.04): whether all have reported,
/// how well each item is filled in, and what the checks have found.
/// </summary>
/// <param name="Expected">Units that were to report in the year.</param>
/// <param name="Reported">Those of them that have records.</param>
/// <param name="Missing">The names of those that have not, in their order.</param>
public sealed record QualityDeclaration(
    RegisterCode Register, string Area, DataYear Year, DateTimeOffset MadeAt, int Expected, int Reported,
    IReadOnlyList<string> Missing, IReadOnlyList<DeclaredRecords> Records, IReadOnlyList<DeclaredFinding> Findings)
{
    /// <summary>What staff have written of units' years, for those who use the data.</summary>
    public IReadOnlyList<Caveat> Caveats { get; init; } = [];

    /// <summary>The share of the expected units that have reported; null when none was expected.</summary>
    public double? Completeness => Expected == 0 ? null : (double)Reported / Expected;

    public int CountOf(ItemGrade grade) =>
        Records.Sum(records => records.Items.Count(item => item.Grade == grade));
}

/// <summary>An area of a register that a declaration can be made for.</summary>
/// <param name="Titles">Of the message types in it.</param>
public sealed record DeclaredArea(RegisterCode Register, string Area, IReadOnlyList<LocalizedText> Titles)
{
    /// <summary>Names of the message types in it.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];
}
