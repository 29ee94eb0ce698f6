using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Shell;

/// <summary>Turns an empty error answer into a page, for those who read pages. API clients get their own.</summary>
public static class StatusAnswer
{
    private const string CorrelationHeader = "X-Correlation-ID";
    private const string EnhancedNavigationHeader = "blazor-enhanced-nav";

    public static bool IsWantedBy(HttpContext context) =>
        context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>
    /// Writes a page where an error was answered with nothing. The framework's own middleware for this leaves out
    /// answers whose content type is set, and a form that is refused sets it.
    /// </summary>
    public static async Task CompleteAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0 })
        {
            await WriteAsync(context, context.Response.StatusCode, correlationId: null);
        }
    }

    /// <summary>
    /// An exception nobody expected: it is logged with the id that the page shows, and nothing else is told.
    /// </summary>
    public static Task FailedAsync(HttpContext context)
    {
        var correlationId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        context.Response.Headers[CorrelationHeader] = correlationId;
        return WriteAsync(context, StatusCodes.Status500InternalServerError, correlationId);
    }

    private static async Task WriteAsync(HttpContext context, int code, string? correlationId)
    {
        // The renderer belongs to the scope, and the page that gave up may have left its own half used: it gets a
        // fresh scope, and the header it would add twice is taken away.
        context.Response.Headers.Remove(EnhancedNavigationHeader);
        var services = context.RequestServices;
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            var page = new RazorComponentResult<StatusDocument>(new { Code = code, CorrelationId = correlationId })
            {
                StatusCode = code,
                PreventStreamingRendering = true,
            };
            await page.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}
