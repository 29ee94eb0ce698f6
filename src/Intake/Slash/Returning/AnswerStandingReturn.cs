using Kilde.Intake.Slash.Findings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Slash.Returning;

/// <summary>
/// <c>POST /return/standing</c>: a sender's own system orders that its records are made ready every month, and fetches
/// them (R8.01). The unit is the token's and nothing else: another's package is not there.
/// </summary>
internal sealed class AnswerStandingReturn(AnswerKnown known, IStandingReturns returns) : IDisposable
{
    public const string Route = "return/standing";

    /// <summary>Packages given at once: each lasts as long as its receiver takes.</summary>
    internal const int FetchesMax = 4;

    private const int QuestionsMax = 8;

    // Apart, so that a short question does not wait for those who fetch.
    private readonly AnswerPlaces _fetches = new(
        FetchesMax, TimeSpan.FromSeconds(5), "Flere henter data nå. Spør igjen om litt.");

    private readonly AnswerPlaces _questions = new(
        QuestionsMax, TimeSpan.FromSeconds(1), "Mange spør om fast retur nå. Spør igjen om litt.");

    /// <summary>A node that has no way to the vault has nothing to give, and no such address.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<IStandingReturns>() is null) return;
        var answer = routes.ServiceProvider.GetRequiredService<AnswerStandingReturn>();
        routes.MapPost("/" + Route, context => answer.HandleAsync(context));
    }

    public void Dispose()
    {
        _fetches.Dispose();
        _questions.Dispose();
    }

    private Task HandleAsync(HttpContext context) => known.AnswerOwnAsync(context, async (exchange, cancellation) =>
    {
        if (await AnswerKnown.ReadAsync<StandingQuestion>(context.Request, FindingWire.Json, cancellation)
            is not { } question)
            return Refusal.BadQuestion("body", "Spørsmålet skal være JSON på høyst 1 MB, slik return.md viser.");
        var places = question.Ask == "fetch" ? _fetches : _questions;
        return await places.HoldAsync(() => AnswerAsync(exchange, question, cancellation), cancellation);
    });

    private async Task<Refusal?> AnswerAsync(
        SlashExchange exchange, StandingQuestion question, CancellationToken cancellation)
    {
        var (unit, client) = (exchange.Submitter!.Unit, exchange.Submitter.ClientId);
        var response = exchange.Context.Response;
        switch (question.Ask)
        {
            case "list":
                break;
            case "order":
                if (await returns.OrderAsync(unit, client, question, cancellation) is var (item, why))
                    return Refusal.BadQuestion(item, why);
                break;
            case "withdraw":
                if (question.Id is not { } id || !await returns.WithdrawAsync(unit, client, id, cancellation))
                    return Refusal.BadQuestion("id", "Enheten har ingen fast retur med denne id-en.");
                break;
            case "resume":
                if (question.Id is not { } resting || !await returns.ResumeAsync(unit, client, resting, cancellation))
                    return Refusal.BadQuestion("id", "Enheten har ingen fast retur med denne id-en som hviler.");
                break;
            case "fetch":
                if (question.Id is not { } asked
                    || await returns.FetchAsync(unit, client, asked, cancellation) is not { } package)
                    return Refusal.BadQuestion("id", "Pakken finnes ikke hos enheten, eller tiden for den er ute.");
                response.ContentType = returns.ContentType;
                await package(response.Body, cancellation);
                return null;
            default:
                return Refusal.BadQuestion("ask", "ask skal være list, order, withdraw, resume eller fetch.");
        }

        await SlashAnswers.WriteAsync(
            exchange.Context, await returns.ListAsync(unit, cancellation), FindingWire.Json);
        return null;
    }
}
