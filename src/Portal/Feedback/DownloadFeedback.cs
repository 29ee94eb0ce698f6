using Kilde.Audit;
using Kilde.Platform.SignIn;
using Kilde.Portal.Shell;
using Kilde.Quality.Overview;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Feedback;

/// <summary>
/// Hands out a feedback's document to its own unit or to staff, always as a file to save: a report has its own style,
/// which a page of ours may not have. Opening it stands in its history and in the audit log.
/// </summary>
public static class DownloadFeedback
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/tilbakemeldinger/{id:guid}/fil", HandleAsync)
            .RequireAuthorization(PortalPolicy.StaffOrSender).WithName(nameof(DownloadFeedback));

    private static async Task<Results<FileContentHttpResult, NotFound>> HandleAsync(
        Guid id, HttpContext context, OpenFeedback feedback, AuditedAccess audit, CancellationToken cancellation)
    {
        var user = SignedInUser.From(context.User)!;
        var ground = new AccessGround(Actor.User(user.Id), "feedback");
        var document = await feedback.OpenAsync(id, user.IsStaff ? null : user.Unit, ground, cancellation);
        if (document is not null)
            return TypedResults.File(document.Content, document.ContentType, document.FileName);
        if (!user.IsStaff) await audit.RecordRefusalAsync(user, $"feedback {id}", cancellation);
        return TypedResults.NotFound();
    }
}
