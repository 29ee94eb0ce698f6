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
        StatusCodes.Status404NotFound => new(status, SlashCode.None, null, new(
            "Adressen finnes ikke.",
            "Adressa finst ikkje.",
            "There is no such address.")),
        StatusCodes.Status405MethodNotAllowed => new(status, SlashCode.None, null, new(
            "Metoden brukes ikke på adressen.",
            "Metoden blir ikkje brukt på adressa.",
            "The method is not used at the address.")),
        StatusCodes.Status408RequestTimeout => new(
            status, SlashCode.None, null, new(
                "Innholdet kom for langsomt fram. Send meldingen igjen.",
                "Innhaldet kom for sakte fram. Send meldinga igjen.",
                "The body arrived too slowly. Send the message again.")),
        StatusCodes.Status413PayloadTooLarge => new(
            status, SlashCode.PayloadSizeLimitExceeded, null, new(
                "Innholdet er for stort. Del det i mindre meldinger.",
                "Innhaldet er for stort. Del det i mindre meldingar.",
                "The body is too large. Divide it into smaller messages.")),
        >= 500 => new(
            status, SlashCode.None, null,
            new(
                "Det er en feil hos mottakeren. Send den samme meldingen igjen, og oppgi X-Correlation-ID "
                + "om det varer.",
                "Det er ein feil hos mottakaren. Send den same meldinga igjen, og oppgi X-Correlation-ID om det varer.",
                "The receiver has a fault. Send the same message again, and give X-Correlation-ID if it lasts.")),
        _ => new(status, SlashCode.None, null, new(
            "Forespørselen kan ikke behandles.",
            "Førespurnaden kan ikkje behandlast.",
            "The request cannot be handled.")),
    };

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "A request failed, correlation {CorrelationId}.")]
        public static partial void Failed(ILogger log, Exception exception, string correlationId);
    }
}
