using Kilde.Platform.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Shell;

/// <summary>A signed-in user who is refused a page leaves a trace in the audit log (R4.20).</summary>
public sealed class RefusedAccess(AuditedAccess audit) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _framework = new();

    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden && SignedInUser.From(context.User) is { } user)
        {
            // The route's pattern, not the address: an address may hold what a user typed.
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unknown";
            await audit.RecordRefusalAsync(user, route, context.RequestAborted);
        }

        await _framework.HandleAsync(next, context, policy, authorizeResult);
    }
}
