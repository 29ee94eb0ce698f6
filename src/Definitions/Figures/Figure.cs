using System.Text.Json.Nodes;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Figures;

/// <summary>How the categories of a figure stand to its total, and so what can be worked out from them.</summary>
public enum FigureKind
{
    /// <summary>A person is in exactly one category: they add up to the total.</summary>
    Parts = 1,

    /// <summary>A person may be in several categories.</summary>
    Overlapping,

    /// <summary>Of each category, how many of those it concerns: a share of <c>basis</c>. There is no total.</summary>
    Shares,
}

/// <summary>A category in the order it is shown.</summary>
/// <param name="Code">As the figure's SQL gives it.</param>
/// <param name="Group">The heading it stands under; null where there are none.</param>
public sealed record FigureCategory(string Code, LocalizedText Text, LocalizedText? Group)
{
    /// <summary>All of them together.</summary>
    public static FigureCategory All { get; } = new(Figure.Total, new LocalizedText("Alle", "Alle", "All"), null);

    /// <summary>Small ones that are merged.</summary>
    public static FigureCategory Merged { get; } =
        new(Figure.Rest, new LocalizedText("Øvrige", "Andre", "Others"), null);
}

/// <summary>Records, and what the figure counts in them.</summary>
/// <param name="Counts">Rows of <see cref="Figure.Columns"/>; only what is said is compared.</param>
public sealed record FigureExample(
    string Title, IReadOnlyDictionary<string, JsonArray> Rows, IReadOnlyList<JsonObject> Counts);

/// <summary>
/// What a reporting unit gets back of its own (R3.16, R8.01): a count of persons per unit, part of it, data year and
/// category, as data in <c>definitions/figures/</c>.
/// </summary>
public sealed class Figure
{
    /// <summary>Columns that <see cref="Count"/> has to give, in any order.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["unit", "municipality", "data_year", "part", "category", "persons", "basis", "amount"];

    /// <summary>The category that stands for all of them.</summary>
    public const string Total = "";

    /// <summary>The category that small ones are merged into.</summary>
    public const string Rest = "other";

    /// <summary>The part that stands for the whole unit.</summary>
    public const string Whole = "";

    /// <summary>Lower snake_case.</summary>
    public required string Id { get; init; }

    /// <summary>Place among the figures of the page, from 1.</summary>
    public required int Order { get; init; }

    public required FigureKind Kind { get; init; }

    public required LocalizedText Titles { get; init; }

    /// <summary>What is counted, for whoever reads the figure.</summary>
    public required LocalizedText About { get; init; }

    /// <summary>What <c>amount</c> divided by <c>basis</c> is; null when the figure has none.</summary>
    public LocalizedText? AmountTitle { get; init; }

    /// <summary>Where the figure comes from: a requirement, a fact, a paragraph.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<FigureCategory> Categories { get; init; }

    /// <summary>The views it reads.</summary>
    public required IReadOnlyList<RecordView> Reads { get; init; }

    /// <summary>SQL query over the views it reads that gives <see cref="Columns"/>.</summary>
    public required string Count { get; init; }

    public required IReadOnlyList<FigureExample> Examples { get; init; }
}
