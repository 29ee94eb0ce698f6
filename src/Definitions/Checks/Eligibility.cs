using System.Text.Json.Nodes;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Checks;

/// <summary>A reason why a record is left out of statistics.</summary>
/// <param name="Id">Lower snake_case.</param>
/// <param name="When">SQL condition on the columns of <see cref="Eligibility.Rows"/> and the recoded code.</param>
public sealed record EligibilityRule(string Id, LocalizedText Titles, string When);

/// <summary>Records, and which rules leave each of them out.</summary>
/// <param name="Rows">Rows of each view that is read; columns left out are null.</param>
/// <param name="Judges">By <c>record_key</c>, what is said of each: <c>rules</c>, empty for a sound one.</param>
public sealed record EligibilityExample(
    string Title, IReadOnlyDictionary<string, JsonArray> Rows, IReadOnlyList<JsonObject> Judges);

/// <summary>
/// Which records of a view are used in statistics, and which rule leaves a record out (F26), as data in
/// <c>definitions/eligibility/</c>.
/// </summary>
public sealed class Eligibility
{
    /// <summary>Columns that <see cref="Rows"/> has to give, beside those its rules read.</summary>
    public static IReadOnlyList<string> FixedColumns { get; } =
        ["record_table", "record_key", "person_key", "sender", "local_id", "data_year", "municipality"];

    /// <summary>What is said of a record: fixed columns, the code it counts under, and the rules.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. FixedColumns, "code", "rules"];

    /// <summary>Lower snake_case.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Source { get; init; }

    /// <summary>The views it reads.</summary>
    public required IReadOnlyList<RecordView> Reads { get; init; }

    /// <summary>SQL query over the views, one row for each record.</summary>
    public required string Rows { get; init; }

    /// <summary>The column of <see cref="Rows"/> whose code has to be valid in the data year.</summary>
    public required string CodeColumn { get; init; }

    public required CodeList Codes { get; init; }

    /// <summary>What an old code counts as: old to new.</summary>
    public required IReadOnlyDictionary<string, string> Recodes { get; init; }

    /// <summary>In the order they are told; a record may be left out by several.</summary>
    public required IReadOnlyList<EligibilityRule> Rules { get; init; }

    public required IReadOnlyList<EligibilityExample> Examples { get; init; }
}
