namespace Kilde.Quality.Overview;

/// <summary>
/// What a reporting unit calls itself in its messages: its number, a municipality, a RESH id. Only what a message that
/// was taken in has named counts: one that was refused may have named somebody else.
/// </summary>
internal static class UnitNames
{
    /// <summary>A query of one column; the unit's organisation number is <c>@unit</c>.</summary>
    public const string OfUnit =
        """
        select @unit
        union select named.institution from quality.submission named
        where named.unit = @unit and named.outcome = 'in_register'
        """;

    /// <summary>
    /// What a column is compared with. The names are looked up once and the rows found by index, also where it stands
    /// beside an <c>or</c>: <c>in</c> would read every row of the table there.
    /// </summary>
    public const string AnyOfUnit = $"any(array({OfUnit}))";
}
