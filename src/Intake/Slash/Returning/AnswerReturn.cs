using Kilde.Intake.Senders;
using Kilde.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kilde.Intake.Slash.Returning;

/// <summary>
/// Gives a sender its own records whole. What is in them is not intake's affair: the host wires one that knows.
/// </summary>
public interface IRecordReturn
{
    /// <summary>Media type of what <see cref="WriteAsync"/> writes.</summary>
    string ContentType { get; }

    /// <summary>Streams the unit's own records, logged before they are given.</summary>
    Task WriteAsync(
        OrganizationNumber unit, string clientId, Stream output, CancellationToken cancellation);
}

/// <summary>
/// <c>POST /return</c>: a sender fetches all its own records, identity included (R3.18). The unit is the token's and
/// nothing else, the client must be one the unit is set up with, and a proof is good for one answer.
/// </summary>
internal sealed class AnswerReturn(
    Authentication authentication, SenderDirectory senders, TimeProvider clock, IRecordReturn records)
    : IDisposable
{
    /// <summary>Answers at once: each reads all that a sender has.</summary>
    private const int AtOnceMax = 2;

    private const int RetrySeconds = 5;

    private readonly SemaphoreSlim _places = new(AtOnceMax);

    /// <summary>A node that has no way to the vault has nothing to give, and no such address.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<IRecordReturn>() is null) return;
        var answer = routes.ServiceProvider.GetRequiredService<AnswerReturn>();
        routes.MapPost("/return", context => answer.HandleAsync(context, context.RequestAborted));
    }

    public void Dispose() => _places.Dispose();

    private async Task HandleAsync(HttpContext context, CancellationToken cancellation)
    {
        using var exchange = new SlashExchange(context, SlashRequests.CorrelationOf(context), clock.GetUtcNow())
        {
            IsTrial = true,
        };
        Refusal? refusal;
        try
        {
            refusal = await AnswerAsync(exchange, cancellation);
        }
        catch (NpgsqlException) when (!context.Response.HasStarted)
        {
            refusal = Refusal.StorageAway();
        }

        if (refusal is not null) await SlashAnswers.WriteAsync(context, refusal);
    }

    private async Task<Refusal?> AnswerAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var refusal = await authentication.CheckTokenAsync(exchange, cancellation)
            ?? await authentication.CheckProofAsync(exchange, cancellation);
        if (refusal is not null) return refusal;
        (var submitter, refusal) = SenderHeaders.Read(
            exchange.Token!, exchange.Context.Request, NorwegianDay.Of(exchange.ReceivedAt));
        if (refusal is not null) return refusal;
        if (!await senders.MayFetchAsync(submitter!, cancellation))
        {
            return Refusal.Bad(
                SlashCode.ShouldNotReceiveMessageForGivenOrganizationAndMessageType, "organization",
                $"Enheten {submitter!.Unit} er ikke satt opp med klienten som spør.");
        }

        if (!await _places.WaitAsync(TimeSpan.FromSeconds(RetrySeconds), cancellation))
            return Refusal.Busy(RetrySeconds, "Flere henter data nå. Spør igjen om litt.");
        try
        {
            var response = exchange.Context.Response;
            response.ContentType = records.ContentType;
            await records.WriteAsync(submitter!.Unit, submitter.ClientId, response.Body, cancellation);
            return null;
        }
        finally
        {
            _places.Release();
        }
    }
}
