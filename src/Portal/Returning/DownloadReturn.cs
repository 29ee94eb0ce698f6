using Kilde.Audit;
using Kilde.Platform.SignIn;
using Kilde.Portal.Shell;
using Kilde.Quality.Returning;
using Kilde.Register.Returning;
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

    /// <summary>For a package of a standing return; its id is in the field <c>pakke</c>.</summary>
    public const string PackagePath = "/retur/pakke";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, HandleAsync).RequireAuthorization(PortalPolicy.Sender).WithName(nameof(DownloadReturn));
        routes.MapPost(PackagePath, HandlePackageAsync).RequireAuthorization(PortalPolicy.Sender);
    }

    private static async Task HandleAsync(
        HttpContext context, IAntiforgery antiforgery, ReturnRecords records, CancellationToken cancellation)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var user = SignedInUser.From(context.User)!;
        Begin(context.Response, $"retur-{user.Unit}.jsonl");
        await records.WriteAsync(
            user.Unit!.Value, ReturnedRecords.All, new Actor("user", user.Id), context.Response.Body, cancellation);
    }
    private static async Task HandlePackageAsync(
        HttpContext context, IAntiforgery antiforgery, FetchReturn fetch, AuditedAccess audit,
        CancellationToken cancellation)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var user = SignedInUser.From(context.User)!;
        var form = await context.Request.ReadFormAsync(cancellation);
        var package = Guid.TryParse(form["pakke"], out var asked)
            ? await fetch.OpenAsync(asked, user.Unit!.Value, new Actor("user", user.Id), cancellation)
            : null;
        if (package is null)
        {
            if (asked != Guid.Empty) await audit.RecordRefusalAsync(user, $"return {asked}", cancellation);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Begin(context.Response, package.FileName);
        await package.WriteAsync(context.Response.Body, cancellation);
    }

    private static void Begin(HttpResponse response, string fileName)
    {
        response.ContentType = ReturnRecords.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
    }
}
