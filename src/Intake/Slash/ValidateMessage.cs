using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Slash;

/// <summary>
/// Takes a message through the same layers as <see cref="ReceiveMessage"/> and gives the same answer, but stores
/// nothing (R3.06). <c>delivered</c> is always false; an empty <c>errors</c> says the message would be accepted.
/// </summary>
internal sealed class ValidateMessage(SlashSteps steps, TimeProvider clock)
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
        if (await steps.RunAsync(exchange, cancellation) is { } refusal)
            await SlashAnswers.WriteAsync(context, refusal);
        else
            await SlashAnswers.WriteAsync(
                context, SlashAnswers.Delivered(exchange.Findings) with { Delivered = false });
    }
}
