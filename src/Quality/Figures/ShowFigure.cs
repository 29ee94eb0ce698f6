using Kilde.Definitions.Figures;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Protection;

namespace Kilde.Quality.Figures;

/// <summary>Counts of one figure by category.</summary>
/// <param name="Name">What stands above the column.</param>
/// <param name="Members">The municipalities, or the one unit, that are counted in it.</param>
internal sealed record FigureColumn(
    LocalizedText Name, IReadOnlySet<string> Members, IReadOnlyDictionary<string, Measured> Counts)
{
    public static FigureColumn Empty { get; } =
        new(new LocalizedText(""), new HashSet<string>(), new Dictionary<string, Measured>());

    public Measured this[string category] => Counts.GetValueOrDefault(category);
}

/// <summary>
/// Decides what of a figure may be shown, as a pure function. The owner of the data sees all of its own. Everybody else
/// sees no small cell, and nobody can work one out of what they see and what they know of their own (R9.34, R9.49).
/// </summary>
internal static class ShowFigure
{
    /// <summary>
    /// Others in a group that is compared with, counted: of fewer, each could tell the others' figures.
    /// </summary>
    public const int OthersMin = 3;

    /// <param name="isExact">True for the owner of the data.</param>
    /// <param name="whole">What the own part is part of, this year and last; null when it is the whole.</param>
    /// <param name="groups">Those to compare with; each holds the own unit.</param>
    public static FigureTable Of(
        Figure figure, FigureColumn now, FigureColumn before, bool isExact,
        (FigureColumn Now, FigureColumn Before)? whole, IReadOnlyList<FigureColumn> groups)
    {
        var kept = new List<FigureColumn>();
        var apart = new List<FigureColumn>();
        if (!isExact) apart.AddRange([now, before]);
        if (whole is { } all)
        {
            FigureColumn[] told = [all.Now, all.Before, Less(all.Now, now), Less(all.Before, before)];
            if (told.All(column => IsLargeEnough(figure, column)))
            {
                kept.Add(all.Now);
                apart.AddRange(told);
            }
        }

        foreach (var group in groups)
        {
            List<FigureColumn> others =
            [
                Less(group, now),
                .. kept.Where(told => told.Members.IsProperSubsetOf(group.Members)).Select(told => Less(group, told)),
                .. kept.Where(told => group.Members.IsProperSubsetOf(told.Members)).Select(told => Less(told, group)),
            ];
            if (others.Exists(other => other.Members.Count < OthersMin || !IsLargeEnough(figure, other))) continue;
            kept.Add(group);
            apart.AddRange(others);
        }

        return figure.Kind == FigureKind.Shares
            ? Shares(figure, now, before, isExact, kept, apart)
            : Counts(figure, now, before, isExact, kept, apart);
    }

    private static FigureTable Counts(
        Figure figure, FigureColumn now, FigureColumn before, bool isExact, List<FigureColumn> kept,
        List<FigureColumn> apart)
    {
        // A year of which nothing has come is not a year without anybody.
        var showsNow = now.Counts.Count > 0 && (isExact || IsLargeEnough(figure, now));
        var showsBefore = before.Counts.Count > 0 && (isExact || IsLargeEnough(figure, before));
        var held = apart.Where(column => IsLargeEnough(figure, column)).ToList();
        FigureCategory[] categories =
        [
            .. figure.Categories.Where(category => now[category.Code].Persons > 0 || before[category.Code].Persons > 0
                || kept.Exists(column => column[category.Code].Persons > 0)),
        ];
        long[][] rows =
            [.. categories.Select(category => held.Select(column => column[category.Code].Persons).ToArray())];
        var merged = held.Count == 0 ? new HashSet<int>() : MergeSmallRows.Of(rows);

        FigureLine LineOf(FigureCategory category, Func<FigureColumn, Measured> measured, bool isOwn) => new(
            category,
            isOwn && showsNow ? Guarded(measured(now), isExact, []) : null,
            isOwn && showsBefore ? Guarded(measured(before), isExact, []) : null,
            [.. kept.Select(column => (Measured?)Guarded(measured(column), false, apart.Select(measured)))]);

        var lines = categories.Where((_, place) => !merged.Contains(place))
            .Select(category => LineOf(category, column => column[category.Code], isOwn: true)).ToList();
        if (isExact)
        {
            // The owner's own small cells are the owner's to see; what they are compared with is not.
            lines = [.. categories.Select((category, place) => merged.Contains(place)
                ? LineOf(category, column => column[category.Code], isOwn: true) with
                {
                    Compared = [.. kept.Select(_ => (Measured?)null)],
                }
                : LineOf(category, column => column[category.Code], isOwn: true))];
        }

        var sum = figure.Kind == FigureKind.Parts
            ? LineOf(FigureCategory.Merged, column => merged.Aggregate(
                default(Measured), (told, place) => told + column[categories[place].Code]), isOwn: true)
            : null;
        return new FigureTable(
            figure, [.. kept.Select(column => column.Name)],
            LineOf(FigureCategory.All, column => column[Figure.Total], isOwn: true), lines,
            isExact || merged.Count == 0 ? null : new MergedCategories(merged.Count, sum));
    }

    // Each category is a question of its own to the same persons: nothing adds up, and each share stands alone.
    private static FigureTable Shares(
        Figure figure, FigureColumn now, FigureColumn before, bool isExact, List<FigureColumn> kept,
        List<FigureColumn> apart)
    {
        var lines = new List<FigureLine>();
        foreach (var category in figure.Categories)
        {
            if (now[category.Code].Basis == 0 && before[category.Code].Basis == 0) continue;
            bool MayTell(FigureColumn column) => column[category.Code] is { Basis: 0 }
                || SmallCells.MayTellShare(column[category.Code].Persons, column[category.Code].Basis);
            var mayCompare = apart.TrueForAll(MayTell);
            lines.Add(new FigureLine(
                category,
                now[category.Code].Basis > 0 && (isExact || mayCompare) ? now[category.Code] : null,
                before[category.Code].Basis > 0 && (isExact || mayCompare) ? before[category.Code] : null,
                [.. kept.Select(column => mayCompare && column[category.Code].Basis > 0
                    ? column[category.Code] : (Measured?)null)]));
        }

        return new FigureTable(
            figure, [.. kept.Select(column => column.Name)], null, lines,
            lines.Exists(line => line.Now is null && line.Before is null)
                ? new MergedCategories(lines.Count(line => line.Now is null && line.Before is null), null)
                : null);
    }

    // A mean over few tells of each of them.
    private static Measured Guarded(Measured measured, bool isExact, IEnumerable<Measured> apart) =>
        !isExact && apart.Append(measured).Any(each => SmallCells.IsSmall(each.Basis))
            ? measured with { Basis = 0, Amount = 0 }
            : measured;

    private static bool IsLargeEnough(Figure figure, FigureColumn column) =>
        figure.Kind == FigureKind.Shares || !SmallCells.IsSmall(column[Figure.Total].Persons);

    private static FigureColumn Less(FigureColumn all, FigureColumn part) => new(
        all.Name,
        all.Members.Except(part.Members).ToHashSet(StringComparer.Ordinal),
        all.Counts.ToDictionary(
            each => each.Key, each => NotBelowZero(each.Value - part[each.Key]), StringComparer.Ordinal));

    // Somebody may be at several parts, so parts may be more than the whole.
    private static Measured NotBelowZero(Measured measured) => measured with
    {
        Persons = Math.Max(0, measured.Persons), Basis = Math.Max(0, measured.Basis),
    };
}
