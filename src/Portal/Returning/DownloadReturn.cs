using Kilde.Audit;
using Kilde.Platform.SignIn;
using Kilde.Portal.Shell;
using Kilde.Quality.Returning;
using Kilde.Register.Returning;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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
        var forms = routes.MapGroup("").RequireAuthorization(PortalPolicy.Sender).AddEndpointFilter(FromOurPageAsync);
        forms.MapPost(Path, HandleAsync).WithName(nameof(DownloadReturn));
        forms.MapPost(PackagePath, HandlePackageAsync);
    }

    private static async ValueTask<object?> FromOurPageAsync(
        EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var antiforgery = call.HttpContext.RequestServices.GetRequiredService<IAntiforgery>();
        return await antiforgery.IsRequestValidAsync(call.HttpContext) ? await next(call) : TypedResults.BadRequest();
    }

    private static async Task HandleAsync(
        HttpContext context, ReturnRecords records, CancellationToken cancellation)
    {
        var user = SignedInUser.From(context.User)!;
        Begin(context.Response, $"retur-{user.Unit}.jsonl");
        await records.WriteAsync(
            user.Unit!.Value, ReturnedRecords.All, Actor.User(user.Id), context.Response.Body, cancellation);
    }

    private static async Task HandlePackageAsync(
        HttpContext context, FetchReturn fetch, AuditedAccess audit, CancellationToken cancellation)
    {
        var user = SignedInUser.From(context.User)!;
        var form = await context.Request.ReadFormAsync(cancellation);
        var package = Guid.TryParse(form["pakke"], out var asked)
            ? await fetch.OpenAsync(asked, user.Unit!.Value, Actor.User(user.Id), cancellation)
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
