using System.Text.Json;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace Kilde.Intake.Slash;

/// <summary>
/// The exchange that every address has which answers a sender and takes no message: token and proof as for a message, a
/// proof good for one answer, the sender by the token and nothing else, and a database that fails said as one.
/// </summary>
internal sealed class AnswerKnown(Authentication authentication, SenderDirectory senders, TimeProvider clock)
{
    private const int BodyBytesMax = 1 << 20;

    /// <summary>
    /// Answers a sender that has proven who it is. The exchange has its token and its submitter.
    /// </summary>
    /// <param name="answerAsync">Writes the answer, or tells why there is none.</param>
    public async Task AnswerAsync(
        HttpContext context, Func<SlashExchange, CancellationToken, Task<Refusal?>> answerAsync)
    {
        var cancellation = context.RequestAborted;
        using var exchange = new SlashExchange(context, SlashRequests.CorrelationOf(context), clock.GetUtcNow())
        {
            IsTrial = true,
        };
        Refusal? refusal;
        try
        {
            refusal = await FindSenderAsync(exchange, cancellation) ?? await answerAsync(exchange, cancellation);
        }
        catch (NpgsqlException) when (!context.Response.HasStarted)
        {
            refusal = Refusal.StorageAway();
        }

        if (refusal is not null) await SlashAnswers.WriteAsync(context, refusal);
    }

    /// <summary>
    /// As <see cref="AnswerAsync"/>, for what is the unit's own: its client must be one the unit is set up with now.
    /// </summary>
    public Task AnswerOwnAsync(
        HttpContext context, Func<SlashExchange, CancellationToken, Task<Refusal?>> answerAsync) =>
        AnswerAsync(context, async (exchange, cancellation) =>
            await senders.MayFetchAsync(exchange.Submitter!, cancellation)
                ? await answerAsync(exchange, cancellation)
                : Refusal.NotSetUp("organization", new(
                    $"Enheten {exchange.Submitter!.Unit} er ikke satt opp med klienten som spør.",
                    $"Eininga {exchange.Submitter.Unit} er ikkje sett opp med klienten som spør.",
                    $"The unit {exchange.Submitter.Unit} is not set up with the client that asks.")));

    /// <summary>The question in the body, of 1 MiB at most; null when it is not as it should be.</summary>
    public static async Task<T?> ReadAsync<T>(
        HttpRequest request, JsonSerializerOptions json, CancellationToken cancellation)
        where T : class
    {
        var limit = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false }) limit.MaxRequestBodySize = BodyBytesMax;
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, json, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<Refusal?> FindSenderAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var refusal = await authentication.CheckTokenAsync(exchange, cancellation)
            ?? await authentication.CheckProofAsync(exchange, cancellation);
        if (refusal is not null) return refusal;
        (exchange.Submitter, refusal) = SenderHeaders.Read(
            exchange.Token!, exchange.Context.Request, NorwegianDay.Of(exchange.ReceivedAt));
        return refusal;
    }
}

/// <summary>Bounds how many answers of one kind are made at once; who waits too long is told to ask again.</summary>
/// <param name="wait">How long to wait for a place; in seconds it is also what the sender is told to wait.</param>
/// <param name="isBusy">What is said to who gets none.</param>
internal sealed class AnswerPlaces(int atOnceMax, TimeSpan wait, LocalizedText isBusy) : IDisposable
{
    /// <summary>For those who give out much at a time.</summary>
    public static readonly LocalizedText OthersFetch = new(
        "Flere henter data nå. Spør igjen om litt.",
        "Fleire hentar data no. Spør igjen om litt.",
        "Others fetch data now. Ask again in a while.");

    private readonly SemaphoreSlim _places = new(atOnceMax);

    public async Task<Refusal?> HoldAsync(Func<Task<Refusal?>> answerAsync, CancellationToken cancellation)
    {
        if (!await _places.WaitAsync(wait, cancellation)) return Refusal.Busy((int)wait.TotalSeconds, isBusy);
        try
        {
            return await answerAsync();
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
