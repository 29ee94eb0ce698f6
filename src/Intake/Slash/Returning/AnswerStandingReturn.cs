using Kilde.Intake.Slash.Findings;
using Kilde.Kernel;
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

    private static readonly LocalizedText NoReturn = new(
        "Enheten har ingen fast retur med denne id-en.",
        "Eininga har ingen fast retur med denne id-en.",
        "The unit has no standing return with this id.");

    private static readonly LocalizedText NoneRests = new(
        "Enheten har ingen fast retur med denne id-en som hviler.",
        "Eininga har ingen fast retur med denne id-en som kviler.",
        "The unit has no standing return with this id that rests.");

    private static readonly LocalizedText NoPackage = new(
        "Pakken finnes ikke hos enheten, eller tiden for den er ute.",
        "Pakka finst ikkje hos eininga, eller tida for ho er ute.",
        "The unit has no such package, or its time is over.");

    private static readonly LocalizedText WrongAsk = new(
        "ask skal være list, order, withdraw, resume eller fetch.",
        "ask skal vere list, order, withdraw, resume eller fetch.",
        "ask is to be list, order, withdraw, resume or fetch.");

    // Apart, so that a short question does not wait for those who fetch.
    private readonly AnswerPlaces _fetches = new(
        FetchesMax, TimeSpan.FromSeconds(5), AnswerPlaces.OthersFetch);

    private readonly AnswerPlaces _questions = new(
        QuestionsMax, TimeSpan.FromSeconds(1), new(
            "Mange spør om fast retur nå. Spør igjen om litt.",
            "Mange spør om fast retur no. Spør igjen om litt.",
            "Many ask about standing returns now. Ask again in a while."));

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
            return Refusal.BadBody("return.md");
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
                    return Refusal.BadQuestion("id", NoReturn);
                break;
            case "resume":
                if (question.Id is not { } resting || !await returns.ResumeAsync(unit, client, resting, cancellation))
                    return Refusal.BadQuestion("id", NoneRests);
                break;
            case "fetch":
                if (question.Id is not { } asked
                    || await returns.FetchAsync(unit, client, asked, cancellation) is not { } package)
                    return Refusal.BadQuestion("id", NoPackage);
                response.ContentType = returns.ContentType;
                await package(response.Body, cancellation);
                return null;
            default:
                return Refusal.BadQuestion("ask", WrongAsk);
        }

        await SlashAnswers.WriteAsync(
            exchange.Context, await returns.ListAsync(unit, cancellation), FindingWire.Json);
        return null;
    }
}
