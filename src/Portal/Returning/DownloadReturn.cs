using Kilde.Audit;
using Kilde.Platform.SignIn;
using Kilde.Quality.Returning;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Returning;

/// <summary>
/// Streams a sender's own records to it. A POST with an antiforgery token: identities are revealed, and that must not
/// happen because a browser fetched ahead or another site asked.
/// </summary>
public static class DownloadReturn
{
    public const string Path = "/retur/poster";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, HandleAsync).RequireAuthorization(PortalPolicy.Sender).WithName(nameof(DownloadReturn));

    private static async Task HandleAsync(
        HttpContext context, IAntiforgery antiforgery, ReturnRecords records, CancellationToken cancellation)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var user = SignedInUser.From(context.User)!;
        context.Response.ContentType = ReturnRecords.ContentType;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"retur-{user.Unit}.jsonl\"";
        await records.WriteAsync(user.Unit!.Value, new Actor("user", user.Id), context.Response.Body, cancellation);
    }
}
