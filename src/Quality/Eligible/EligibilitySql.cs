using Kilde.Definitions.Checks;
using Kilde.Kernel;

namespace Kilde.Quality.Eligible;

/// <summary>The SQL that the rules for use in statistics become.</summary>
internal static class EligibilitySql
{
    /// <summary>A query that gives <see cref="Eligibility.Columns"/> of each record.</summary>
    /// <param name="rowsOf">The query that gives each view's rows.</param>
    public static string Judged(Eligibility eligibility, Func<RecordView, string> rowsOf)
    {
        var views = eligibility.Reads.Select(view => $"\"{view.Name}\" as not materialized (\n{rowsOf(view)}\n)");
        var rules = eligibility.Rules.Select(rule => $"case when ({rule.When}) then '{rule.Id}' end");
        return $"""
            with {string.Join(",\n", views)},
            code_of (told, code, first_year, last_year) as (values {string.Join(", ", Codes(eligibility))}),
            record as (
            {eligibility.Rows}
            ),
            coded as (
              select record.*, c.code from record
              left join code_of c on c.told = record.{eligibility.CodeColumn}
                and record.data_year between c.first_year and c.last_year
            )
            select {string.Join(", ", Eligibility.FixedColumns)}, code,
              array_remove(array[{string.Join(",\n  ", rules)}], null) as rules
            from coded
            """;
    }

    // An old code counts as the new one, in its own years too.
    private static IEnumerable<string> Codes(Eligibility eligibility)
    {
        foreach (var (was, becomes) in eligibility.Recodes) yield return $"('{was}', '{becomes}', 0, 9999)";
        foreach (var code in eligibility.Codes.Codes.Where(each => !eligibility.Recodes.ContainsKey(each.Value.Value)))
            yield return $"('{code.Value.Value}', '{code.Value.Value}', {YearsOf(code.Validity)})";
    }

    private static string YearsOf(Validity validity) =>
        $"{validity.From?.Year ?? 0}, {validity.To?.Year ?? DateOnly.MaxValue.Year}";
}
