using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kilde.Intake.Slash;

/// <summary>
/// Takes a message through the same layers as <see cref="ReceiveMessage"/> and gives the same answer, but stores
/// nothing of it (R3.06). <c>delivered</c> is always false; an empty <c>errors</c> says the message would be accepted.
/// </summary>
internal sealed partial class ValidateMessage(
    SlashSteps steps, TrialLog trials, TimeProvider clock, ILogger<ValidateMessage> logger)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var validate = routes.ServiceProvider.GetRequiredService<ValidateMessage>();
        routes.MapPost("/validate", context => validate.HandleAsync(context, context.RequestAborted));
    }

    private async Task HandleAsync(HttpContext context, CancellationToken cancellation)
    {
        using var exchange = new SlashExchange(context, SlashRequests.CorrelationOf(context), clock.GetUtcNow())
        {
            IsTrial = true,
        };
        var refusal = await steps.RunAsync(exchange, cancellation);
        await RememberAsync(exchange, refusal, cancellation);
        if (refusal is not null)
            await SlashAnswers.WriteAsync(context, refusal);
        else
            await SlashAnswers.WriteAsync(
                context, SlashAnswers.Delivered(exchange.Findings) with { Delivered = false });
    }

    // That it cannot be shown in the portal is no reason to give no answer.
    private async Task RememberAsync(SlashExchange exchange, Refusal? refusal, CancellationToken cancellation)
    {
        try
        {
            await trials.WriteAsync(exchange, refusal, cancellation);
        }
        catch (NpgsqlException fault)
        {
            Log.NotRemembered(logger, exchange.CorrelationId, fault.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5003, LogLevel.Warning, "The trial {CorrelationId} is not remembered: {Fault}")]
        public static partial void NotRemembered(ILogger logger, Guid correlationId, string fault);
    }
}
