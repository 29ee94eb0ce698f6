using Kilde.Definitions.Figures;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Quality.Caveats;

namespace Kilde.Quality.Figures;

/// <summary>What was counted of a category.</summary>
/// <param name="Basis">Those it is a share of, or those the amount is of.</param>
public readonly record struct Measured(long Persons, long Basis, decimal Amount)
{
    /// <summary>Amount for each it is of; null when it is of nobody.</summary>
    public decimal? Mean => Basis == 0 ? null : Amount / Basis;

    public static Measured operator +(Measured left, Measured right) =>
        new(left.Persons + right.Persons, left.Basis + right.Basis, left.Amount + right.Amount);

    public static Measured operator -(Measured left, Measured right) =>
        new(left.Persons - right.Persons, left.Basis - right.Basis, left.Amount - right.Amount);
}

/// <summary>One line of a figure as it may be shown to whoever asks.</summary>
/// <param name="Now">The year asked for; null when it is not shown.</param>
/// <param name="Before">The year before.</param>
/// <param name="Compared">Those it is compared with, in the order of <see cref="FigureTable.ComparedWith"/>.</param>
public sealed record FigureLine(
    FigureCategory Category, Measured? Now, Measured? Before, IReadOnlyList<Measured?> Compared);

/// <summary>A figure as it may be shown to whoever asks.</summary>
/// <param name="Total">All categories together; null where the figure has no total, or it is not shown.</param>
/// <param name="Lines">Categories that somebody is in, now or before, or in what it is compared with.</param>
/// <param name="Merged">
/// How many categories go together, because there are few in some of them, and what they hold in all; null when none
/// do.
/// </param>
public sealed record FigureTable(
    Figure Figure, IReadOnlyList<LocalizedText> ComparedWith, FigureLine? Total, IReadOnlyList<FigureLine> Lines,
    MergedCategories? Merged)
{
    /// <summary>Units whose year before stands in the figure for a year that has not come.</summary>
    public IReadOnlyList<ImputedYear> Imputed { get; init; } = [];

    /// <summary>False for a figure of something that the unit does not do.</summary>
    public bool IsTold => Lines.Count > 0 || Merged is not null;
}

/// <param name="Unit">The name of the municipality, or what the unit calls itself.</param>
/// <param name="Year">The year that is shown; counted is the one before.</param>
public sealed record ImputedYear(string Unit, int Year);

/// <param name="Sum">Null where a person may be in several of them, so that no sum can be told.</param>
public sealed record MergedCategories(int Categories, FigureLine? Sum);

/// <summary>All figures of a unit, or a part of it, for a year.</summary>
/// <param name="Years">Data years there are figures of, the newest first.</param>
/// <param name="IsExact">True for the owner of the data: small cells are shown.</param>
/// <param name="UpdatedAt">When the unit's newest submission came; null when none has.</param>
public sealed record FigureReport(
    string UnitName, string? PartName, int Year, IReadOnlyList<int> Years, bool IsExact, DateTimeOffset? UpdatedAt,
    IReadOnlyList<FigureTable> Tables)
{
    /// <summary>What is to be known of the unit's year and the year before.</summary>
    public IReadOnlyList<Caveat> Caveats { get; init; } = [];

    public FigureTable? Find(string figureId) => Tables.FirstOrDefault(table => table.Figure.Id == figureId);
}
