using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Slash;

/// <summary>
/// Tells a vendor how far a request gets: authentication, headers, addressing, key, decryption, hash and content, step
/// by step, with what to do about the first that fails (R2.17). It stores nothing.
/// </summary>
internal sealed class TestConnection(SlashSteps steps, TimeProvider clock)
{
    /// <param name="Passed">Null for the steps after the one that failed: they were not tried.</param>
    public sealed record Step(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("passed")] bool? Passed,
        [property: JsonPropertyName("error")] SlashError? Error);

    public sealed record Report(
        [property: JsonPropertyName("passed")] bool Passed,
        [property: JsonPropertyName("unit")] string? Unit,
        [property: JsonPropertyName("vendor")] string? Vendor,
        [property: JsonPropertyName("steps")] IReadOnlyList<Step> Steps);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var test = routes.ServiceProvider.GetRequiredService<TestConnection>();
        routes.MapPost("/connection-test", context => test.HandleAsync(context, context.RequestAborted));
    }

    private async Task HandleAsync(HttpContext context, CancellationToken cancellation)
    {
        using var exchange = new SlashExchange(context, SlashRequests.CorrelationOf(context), clock.GetUtcNow())
        {
            IsTrial = true,
        };
        var told = new List<Step>();
        Refusal? failed = null;
        foreach (var step in steps.All)
        {
            failed ??= await RunAsync(step, exchange, told, cancellation);
            if (told.Count == 0 || told[^1].Name != step.Name) told.Add(new Step(step.Name, null, null));
        }

        // A test that found a fault has still succeeded as a test; only who cannot be let in is turned away.
        if (failed is { Status: not StatusCodes.Status400BadRequest }) context.Response.StatusCode = failed.Status;
        if (failed?.RetryAfterSeconds is { } wait) context.Response.Headers.RetryAfter = wait.ToString(provider: null);
        await SlashAnswers.WriteAsync(context, new Report(
            failed is null, exchange.Submitter?.Unit.ToString(), exchange.Submitter?.Vendor?.ToString(), told));
    }

    private async Task<Refusal?> RunAsync(
        SlashStep step, SlashExchange exchange, List<Step> told, CancellationToken cancellation)
    {
        var refusal = await steps.RunAsync(step, exchange, cancellation);
        var language = AskedLanguage.Of(exchange.Context.Request);
        var error = refusal is null ? null : SlashAnswers.Refused(refusal, language).Errors[0];
        told.Add(new Step(step.Name, refusal is null, error));
        return refusal;
    }
}
