using Kilde.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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
internal sealed class AnswerReturn(AnswerKnown known, IRecordReturn records) : IDisposable
{
    /// <summary>Answers at once: each reads all that a sender has.</summary>
    private const int AtOnceMax = 2;

    private readonly AnswerPlaces _places = new(
        AtOnceMax, TimeSpan.FromSeconds(5), AnswerPlaces.OthersFetch);

    /// <summary>A node that has no way to the vault has nothing to give, and no such address.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<IRecordReturn>() is null) return;
        var answer = routes.ServiceProvider.GetRequiredService<AnswerReturn>();
        routes.MapPost("/return", context => answer.HandleAsync(context));
    }

    public void Dispose() => _places.Dispose();

    private Task HandleAsync(HttpContext context) => known.AnswerOwnAsync(context, (exchange, cancellation) =>
        _places.HoldAsync(() => WriteAsync(exchange, cancellation), cancellation));

    private async Task<Refusal?> WriteAsync(SlashExchange exchange, CancellationToken cancellation)
    {
        var response = exchange.Context.Response;
        response.ContentType = records.ContentType;
        await records.WriteAsync(
            exchange.Submitter!.Unit, exchange.Submitter.ClientId, response.Body, cancellation);
        return null;
    }
}
