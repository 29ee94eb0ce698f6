using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kilde.Intake.Slash.Comparing;

namespace Kilde.Intake.Slash.Findings;

/// <summary>What a sender asks <c>POST /findings</c> (docs/findings.md).</summary>
/// <param name="Ask"><c>list</c> or <c>answer</c>.</param>
/// <param name="Check">For <c>list</c>: only of this check; null for all.</param>
/// <param name="Year">Only of this data year; null for all.</param>
/// <param name="After">The last finding of the page before; null for the first page.</param>
/// <param name="Answers">For <c>answer</c>.</param>
public sealed record FindingQuestion(
    string? Ask, string? Check = null, int? Year = null, Guid? After = null,
    IReadOnlyList<FindingAnswer>? Answers = null);

/// <param name="Cause">
/// <c>technical</c>, <c>cleanUp</c>, <c>changedService</c>, <c>wrongCoupling</c>, <c>realChange</c> or <c>other</c>.
/// </param>
/// <param name="Text">What has happened, 1–500 characters, never of a person.</param>
public sealed record FindingAnswer(Guid Id, string? Cause, string? Text);

/// <summary>The findings of a page, the newest first.</summary>
/// <param name="Next">Ask with it as <c>after</c> for the next page; null when this is the last.</param>
public sealed record FindingPage(IReadOnlyList<ToldFinding> Findings, Guid? Next);

/// <summary>One finding, as the page shows it.</summary>
/// <param name="LocalId">The record in the EHR; null when the finding is about several.</param>
/// <param name="Text">What is wrong, in bokmål.</param>
/// <param name="Mend">What would mend it.</param>
/// <param name="State"><c>open</c>, <c>seen</c>, <c>explained</c> or <c>accepted</c>.</param>
/// <param name="LeftOutBy">Why the record is left out of statistics, in bokmål; none when it is used.</param>
/// <param name="Edits">Changes of the record that would mend it; none where the right value is not known.</param>
public sealed record ToldFinding(
    Guid Id, string Check, string Title, string Level, int Year, string? LocalId, string Text, string Mend,
    string? Affects, IReadOnlyList<string> LeftOutBy, string State, string? Cause, string? Answer,
    DateTimeOffset FoundAt, IReadOnlyList<ToldEdit> Edits);

/// <summary>A change of the record in the sender's message.</summary>
/// <param name="Item">What the item is called, in bokmål.</param>
/// <param name="Was">As it stands in the register; null when it is empty.</param>
/// <param name="Becomes">The right value; null when it is to be removed, or is not known.</param>
/// <param name="Patch">JSON Patch (RFC 6902) whose document is the record; null for XML.</param>
/// <param name="XPath">The place in the file; null for JSON, and for an item that is missing.</param>
/// <param name="Codes">The codes that were valid, when the right one is not known.</param>
public sealed record ToldEdit(
    string Item, string LocalId, string? Was, string? Becomes, bool Removes, JsonNode? Patch, string? XPath,
    IReadOnlyList<string> Codes);

/// <summary>How each answer fared, in the order they were given.</summary>
public sealed record FindingsAnswered(IReadOnlyList<AnsweredFinding> Answers);

/// <param name="Fault">Why it was not taken, in bokmål; null when it was.</param>
public sealed record AnsweredFinding(Guid Id, bool Taken, string? Fault);

/// <summary>The form of questions and answers on the wire; shared by both ends.</summary>
internal static class FindingWire
{
    public const string Route = "findings";

    public static JsonSerializerOptions Json { get; } = new(CompareWire.Json)
    {
        // The text goes into a JSON body, never into a page, so Norwegian letters need no escaping.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
