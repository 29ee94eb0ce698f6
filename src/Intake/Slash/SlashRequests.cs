using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kilde.Intake.Slash;

/// <summary>
/// What every request to the API gets, however it ends: a correlation id, and a JSON body also for what the framework
/// refuses (404, 405, 413) and for our own faults (500).
/// </summary>
public static partial class SlashRequests
{
    private const int Mebibyte = 1024 * 1024;

    // A sender that is refused early is still writing. The server reads this much more, so that it sees the answer
    // instead of a broken connection.
    private const int DrainedMebibytesMax = 64;

    // Each holds some memory even when it is idle; senders keep theirs open.
    private const int ConnectionsMax = 10_000;

    /// <summary>Kestrel's limits for the API: long tokens are refused by us, in JSON, and not by the server.</summary>
    public static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
        kestrel.Limits.MaxRequestBodySize = DrainedMebibytesMax * Mebibyte;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, TimeSpan.FromSeconds(10));
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) ? System.Text.Encoding.Latin1 : null!;
    }

    /// <summary>Comes before routing. Pages in a browser keep their own answers.</summary>
    public static IApplicationBuilder UseSlashRequests(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SlashRequests));
        return app.Use(async (context, next) =>
        {
            var correlation = Guid.CreateVersion7();
            context.TraceIdentifier = correlation.ToString();
            context.Response.Headers[SlashAnswers.CorrelationHeader] = context.TraceIdentifier;
            if (IsPage(context.Request))
            {
                await next(context);
                return;
            }

            await AnswerAsync(context, next, log);
        });
    }

    internal static Guid CorrelationOf(HttpContext context) => Guid.Parse(context.TraceIdentifier);

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = exception.StatusCode;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // The exception handler of the API: the sender gets an id, never a trace of the stack.
            Log.Failed(log, exception, context.TraceIdentifier);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        if (IsBare(context.Response)) await SlashAnswers.WriteAsync(context, Of(context.Response.StatusCode));
    }

    private static bool IsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/_framework", StringComparison.Ordinal)
        || request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal);

    private static bool IsBare(HttpResponse response) =>
        response is { StatusCode: >= 400, HasStarted: false, ContentType: null } && response.ContentLength is null or 0;

    private static Refusal Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => new(status, SlashCode.None, null, "Adressen finnes ikke."),
        StatusCodes.Status405MethodNotAllowed => new(status, SlashCode.None, null, "Metoden brukes ikke på adressen."),
        StatusCodes.Status408RequestTimeout => new(
            status, SlashCode.None, null, "Innholdet kom for langsomt fram. Send meldingen igjen."),
        StatusCodes.Status413PayloadTooLarge => new(
            status, SlashCode.PayloadSizeLimitExceeded, null, "Innholdet er for stort. Del det i mindre meldinger."),
        >= 500 => new(
            status, SlashCode.None, null,
            "Det er en feil hos mottakeren. Send den samme meldingen igjen, og oppgi X-Correlation-ID om det varer."),
        _ => new(status, SlashCode.None, null, "Forespørselen kan ikke behandles."),
    };

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "A request failed, correlation {CorrelationId}.")]
        public static partial void Failed(ILogger log, Exception exception, string correlationId);
    }
}
