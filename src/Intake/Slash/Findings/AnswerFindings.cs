using Kilde.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Intake.Slash.Findings;

/// <summary>
/// Tells a unit what has been found in its data, and takes its explanations. What a finding is, is not intake's affair:
/// the host wires one that knows.
/// </summary>
public interface IFindingDialogue
{
    /// <summary>A page of the unit's own findings that stand and count.</summary>
    /// <param name="language">What they are told in: <c>nb</c>, <c>nn</c> or <c>en</c>.</param>
    Task<FindingPage> ListAsync(
        OrganizationNumber unit, FindingQuestion question, string language, CancellationToken cancellation);

    /// <summary>Takes explanations, each by itself, audited.</summary>
    /// <param name="language">What is told of one that is not taken is in it.</param>
    Task<FindingsAnswered> AnswerAsync(
        OrganizationNumber unit, string clientId, IReadOnlyList<FindingAnswer> answers, string language,
        CancellationToken cancellation);
}

/// <summary>
/// <c>POST /findings</c>: a sender's own system reads what was found and answers it, as its people do on the page.
/// The unit is the token's and nothing else: another's finding is not there.
/// </summary>
internal sealed class AnswerFindings(AnswerKnown known, IFindingDialogue dialogue) : IDisposable
{
    public const int AnswersMax = 100;

    private const int AtOnceMax = 8;

    private readonly AnswerPlaces _places = new(
        AtOnceMax, TimeSpan.FromSeconds(1), new(
            "Mange spør om funn nå. Spør igjen om litt.",
            "Mange spør om funn no. Spør igjen om litt.",
            "Many ask about findings now. Ask again in a while."));

    /// <summary>A node without the register's findings has no such address.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<IFindingDialogue>() is null) return;
        var answer = routes.ServiceProvider.GetRequiredService<AnswerFindings>();
        routes.MapPost("/" + FindingWire.Route, context => answer.HandleAsync(context));
    }

    public void Dispose() => _places.Dispose();

    private Task HandleAsync(HttpContext context) => known.AnswerOwnAsync(context, async (exchange, cancellation) =>
    {
        if (await AnswerKnown.ReadAsync<FindingQuestion>(context.Request, FindingWire.Json, cancellation)
            is not { } question)
            return Refusal.BadBody("findings.md");
        var (submitter, language) = (exchange.Submitter!, AskedLanguage.Of(context.Request));
        return question.Ask switch
        {
            "list" => await _places.HoldAsync(
                async () => await WriteAsync(
                    context, await dialogue.ListAsync(submitter.Unit, question, language, cancellation)),
                cancellation),
            "answer" when question.Answers is not { Count: > 0 and <= AnswersMax } =>
                Refusal.BadQuestion("answers", new(
                    $"answers skal ha 1 til {AnswersMax} svar.",
                    $"answers skal ha 1 til {AnswersMax} svar.",
                    $"answers is to have 1 to {AnswersMax} answers.")),
            "answer" => await _places.HoldAsync(
                async () => await WriteAsync(context, await dialogue.AnswerAsync(
                    submitter.Unit, submitter.ClientId, question.Answers, language, cancellation)),
                cancellation),
            _ => Refusal.BadQuestion("ask", new(
                "ask skal være list eller answer.",
                "ask skal vere list eller answer.",
                "ask is to be list or answer.")),
        };
    });

    private static async Task<Refusal?> WriteAsync<T>(HttpContext context, T answer)
    {
        await SlashAnswers.WriteAsync(context, answer, FindingWire.Json);
        return null;
    }
}
