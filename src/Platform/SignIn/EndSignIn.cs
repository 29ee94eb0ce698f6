using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Kilde.Platform.SignIn;

/// <summary>
/// Ends the session here and at the identity provider (OpenID Connect RP-Initiated Logout 1.0). A POST with an
/// antiforgery token, so that no other site can sign a user out.
/// </summary>
internal static class EndSignIn
{
    public const string Path = "/logg-ut";
    public const string IdTokenItem = "id_token";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, HandleAsync).AllowAnonymous().WithName(nameof(EndSignIn));

    internal static async Task<Results<RedirectHttpResult, BadRequest>> HandleAsync(
        HttpContext context, OpenIdProvider provider, IAntiforgery antiforgery, RecordSignIn recordAsync,
        IOptions<SignInOptions> options, CancellationToken cancellation)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return TypedResults.BadRequest();
        if (SignedInUser.From(context.User) is not { } user) return TypedResults.Redirect("/");

        const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var token = (await context.AuthenticateAsync(Scheme)).Properties?.Items[IdTokenItem];
        await context.SignOutAsync(Scheme);
        await recordAsync(new SignInRecord("signin.ended", user.Id, user.Roles), cancellation);

        var endpoints = await provider.DiscoverAsync(cancellation);
        if (endpoints.EndSession is not { } endSession) return TypedResults.Redirect("/");
        return TypedResults.Redirect(QueryHelpers.AddQueryString(endSession, new Dictionary<string, string?>
        {
            ["id_token_hint"] = token,
            ["client_id"] = options.Value.ClientId,
            ["post_logout_redirect_uri"] = StartSignIn.Origin(context, options.Value) + "/",
        }));
    }
}
