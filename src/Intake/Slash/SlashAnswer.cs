using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kilde.Kernel;
using Microsoft.AspNetCore.Http;

namespace Kilde.Intake.Slash;

/// <summary>The body of every answer: FHI's <c>{delivered, errors}</c>, and what only warns.</summary>
public sealed record SlashAnswer(
    [property: JsonPropertyName("delivered")] bool Delivered,
    [property: JsonPropertyName("errors")] IReadOnlyList<SlashError> Errors,
    [property: JsonPropertyName("warnings"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<SlashLocation>? Warnings = null);

/// <summary>One error, with the names FHI's client reads.</summary>
/// <param name="ErrorDetails">A JSON text of its own: <c>[{"Location":"/0","Errors":[{"Value":"…"}]}]</c>.</param>
public sealed record SlashError(
    [property: JsonPropertyName("errorCode")] int? ErrorCode,
    [property: JsonPropertyName("propertyName")] string? PropertyName,
    [property: JsonPropertyName("errorMessage")] string ErrorMessage,
    [property: JsonPropertyName("errorDetails")] string? ErrorDetails);

/// <summary>All that is wrong at one place in a message.</summary>
public sealed record SlashLocation(string Location, IReadOnlyList<SlashValue> Errors);

public sealed record SlashValue(string Value);

/// <summary>Turns outcomes into answers on the wire.</summary>
internal static class SlashAnswers
{
    public const string CorrelationHeader = "X-Correlation-ID";

    // Findings told in one answer: more than anyone reads, and a bound on what we write.
    private const int LocationsMax = 500;

    // The text goes into a JSON body, never into a page, so Norwegian letters need no escaping.
    internal static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static SlashAnswer Delivered(IReadOnlyList<Finding> findings) =>
        new(true, [], findings.Count == 0 ? null : Locations(findings));

    /// <param name="language">As <see cref="AskedLanguage"/> gives it.</param>
    public static SlashAnswer Refused(Refusal refusal, string language)
    {
        var errors = refusal.Findings?.Where(finding => finding.Severity == Severity.Error);
        var warnings = refusal.Findings?.Where(finding => finding.Severity != Severity.Error).ToList();
        return new SlashAnswer(
            false, [ToError(refusal, language, errors)], warnings is { Count: > 0 } ? Locations(warnings) : null);
    }

    public static async Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = refusal.Status;
        if (refusal.RetryAfterSeconds is { } seconds) headers.RetryAfter = seconds.ToString(provider: null);
        if (refusal.Challenge is { } challenge) headers.WWWAuthenticate = challenge;
        var language = AskedLanguage.Of(context.Request);
        if (language != AskedLanguage.Bokmaal) headers.ContentLanguage = language;
        await WriteAsync(context, Refused(refusal, language));
    }

    /// <param name="json">How the answer is written; null for as errors are.</param>
    public static async Task WriteAsync<T>(HttpContext context, T answer, JsonSerializerOptions? json = null)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, json ?? Json);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static SlashError ToError(Refusal refusal, string language, IEnumerable<Finding>? findings) => new(
        refusal.Code == SlashCode.None ? null : (int)refusal.Code,
        refusal.Property,
        refusal.Code == SlashCode.None
            ? refusal.Text.In(language)
            : $"Error: {refusal.Code} | {refusal.Text.In(language)}",
        findings is null ? null : JsonSerializer.Serialize(Locations(findings), Json));

    private static IReadOnlyList<SlashLocation> Locations(IEnumerable<Finding> findings) =>
        [.. findings
            .GroupBy(finding => finding.Path, StringComparer.Ordinal)
            .Take(LocationsMax)
            .Select(place => new SlashLocation(place.Key, [.. place.Select(Tell)]))];

    private static SlashValue Tell(Finding finding) => new($"{finding.Text} [{finding.RuleId}]");
}
