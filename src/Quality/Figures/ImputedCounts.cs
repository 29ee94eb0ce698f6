namespace Kilde.Quality.Figures;

/// <summary>The counts of figures, with the year before for units that staff have said so of (F59).</summary>
internal static class ImputedCounts
{
    private const string Columns = "figure_id, unit, municipality, data_year, part, category, persons, basis, amount";

    private const string OfYearBefore =
        """
        select c.figure_id, c.unit, c.municipality, i.data_year, c.part, c.category, c.persons, c.basis, c.amount,
          true as is_imputed
        from quality.caveat i
        join quality.figure_count c on c.unit = i.unit and c.data_year = i.data_year - 1
        where i.kind = 'imputed' and i.undone_at is null and not exists (
          select from quality.figure_count o where o.unit = i.unit and o.data_year = i.data_year)
        """;

    /// <summary>Only the years that are counted as the year before. What has come of the year goes first.</summary>
    public const string Added = $"({OfYearBefore})";

    /// <summary>A relation with the columns of <c>quality.figure_count</c> and <c>is_imputed</c>.</summary>
    public const string Relation =
        $"(select {Columns}, false as is_imputed from quality.figure_count union all {OfYearBefore})";
}
