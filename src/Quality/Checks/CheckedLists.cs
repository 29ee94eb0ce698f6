using System.Diagnostics;
using System.Text.Json.Nodes;
using Kilde.Definitions.Checks;
using Kilde.Quality.Calendar;
using Kilde.Quality.Completeness;

namespace Kilde.Quality.Checks;

/// <summary>The lists that checks hold records against.</summary>
public sealed class CheckedLists(ExpectedReports expected, CompletenessTable completeness)
{
    /// <summary>The rows of a list, as its view of <c>definitions/views</c> has them.</summary>
    internal Task<JsonArray> ReadAsync(RecordList list, CancellationToken cancellation) => list switch
    {
        RecordList.ExpectedReports => expected.ReadAsync(cancellation),
        RecordList.RegistryCompleteness => completeness.ReadAsync(cancellation),
        _ => throw new UnreachableException($"No list {list}."),
    };
}
