using Kilde.Intake.Log;
using Kilde.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kilde.Intake.Slash;

/// <summary>
/// Takes one message: it is safe on disk before it is answered, or it is refused with what the sender must do. The
/// same bytes again are answered as before.
/// </summary>
internal sealed class ReceiveMessage(
    SlashSteps steps, IntakeLog log, Authentication authentication, TimeProvider clock)
{
    private const string Channel = "slash";
    private const int TypeCharactersMax = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var receive = routes.ServiceProvider.GetRequiredService<ReceiveMessage>();
        routes.MapPost("/message", context => receive.HandleAsync(context, context.RequestAborted));
    }

    private async Task HandleAsync(HttpContext context, CancellationToken cancellation)
    {
        using var exchange = new SlashExchange(context, SlashRequests.CorrelationOf(context), clock.GetUtcNow());
        var refusal = await TakeAsync(exchange, cancellation);
        if (refusal is null) await SlashAnswers.WriteAsync(context, SlashAnswers.Delivered(exchange.Findings));
        else await SlashAnswers.WriteAsync(context, refusal);
    }

    private async Task<Refusal?> TakeAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        if (await steps.RunAsync(exchange, cancellation) is { } refusal)
        {
            if (IsWorthKeeping(exchange, refusal)) log.TryStore(Refused(exchange, refusal));
            return refusal;
        }

        try
        {
            return await log.StoreAsync(Accepted(exchange), cancellation) is StoreOutcome.ProofReplayed
                ? Authentication.Replayed()
                : null;
        }
        catch (Exception exception) when (exception is StorageUnavailableException or NpgsqlException)
        {
            return Refusal.StorageAway();
        }
    }

    // Staff see what a known sender could not get through; our own trouble and strangers are for the meters.
    private static bool IsWorthKeeping(SlashExchange exchange, Refusal refusal) =>
        exchange.Proof is not null && refusal.Code is not (SlashCode.None or SlashCode.StorageError);

    private AcceptedMessage Accepted(SlashExchange exchange) => new(
        exchange.CorrelationId, Channel, exchange.Submitter!, exchange.Type!, exchange.Plain, exchange.PlainHash!,
        authentication.Used(exchange.Proof!), exchange.Content!.Batches.Sum(batch => batch.Count), exchange.Findings,
        exchange.ReceivedAt, exchange.Timings);

    private RefusedMessage Refused(SlashExchange exchange, Refusal refusal) => new(
        exchange.CorrelationId, Channel, exchange.Submitter, Harmless(exchange.Envelope?.TypeName),
        Harmless(exchange.Envelope?.TypeVersion), (int)refusal.Code, exchange.BodyBytes, exchange.PlainHash,
        authentication.Used(exchange.Proof!), Findings(exchange, refusal), exchange.ReceivedAt, exchange.Timings);

    private static IReadOnlyList<Finding> Findings(SlashExchange exchange, Refusal refusal) =>
        refusal.Findings ?? (exchange.Findings.Count > 0
            ? exchange.Findings
            : [new Finding($"INT-{(int)refusal.Code}", Severity.Error, refusal.Property ?? "", refusal.Text.Nb)]);

    // What a refused proof called the type is the sender's own text: it may be long, hold the character NUL, which
    // PostgreSQL cannot, or a person's number.
    private static string Harmless(string? text)
    {
        if (text is null || IdentifierInText.IsIn(text)) return "";
        var kept = text.Length > TypeCharactersMax ? text[..TypeCharactersMax] : text;
        return string.Create(kept.Length, kept, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
    }
}
