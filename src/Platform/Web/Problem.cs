using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kilde.Platform.Web;

/// <summary>
/// A refusal with a code that never changes, as RFC 9457 problem details. A module keeps its own in one class
/// <c>Problems</c>; the title is for the person who reads it, in Norwegian.
/// </summary>
/// <param name="Code">Module and number: <c>INT-004</c>. Never reused.</param>
public sealed record Problem(string Code, int Status, string Title)
{
    /// <param name="detail">What was wrong this time; never personal data.</param>
    public ProblemHttpResult Result(string? detail = null) => TypedResults.Problem(
        detail, statusCode: Status, title: Title, type: $"urn:kilde:problem:{Code}",
        extensions: new Dictionary<string, object?> { ["code"] = Code });
}
