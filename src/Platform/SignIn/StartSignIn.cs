using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Kilde.Platform.SignIn;

/// <summary>Sends the browser to the identity provider, remembering where the user wanted to go.</summary>
public static class StartSignIn
{
    public const string Path = "/logg-inn";
    public const string ReturnUrlParameter = "tilbake";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, HandleAsync).AllowAnonymous().WithName(nameof(StartSignIn));

    internal static async Task<RedirectHttpResult> HandleAsync(
        HttpContext context, OpenIdProvider provider, IOptions<SignInOptions> options, CancellationToken cancellation)
    {
        var endpoints = await provider.DiscoverAsync(cancellation);
        var flow = SignInFlow.Start(LocalUrl(context.Request.Query[ReturnUrlParameter]));
        flow.Remember(context);

        var request = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = options.Value.ClientId,
            ["redirect_uri"] = CallbackUrl(context, options.Value),
            ["scope"] = options.Value.Scopes,
            ["state"] = flow.State,
            ["nonce"] = flow.Nonce,
            ["code_challenge"] = flow.Challenge,
            ["code_challenge_method"] = "S256",
        };
        return TypedResults.Redirect(QueryHelpers.AddQueryString(endpoints.Authorization, request));
    }

    public static string CallbackUrl(HttpContext context, SignInOptions options) =>
        Origin(context, options) + SignInFlow.CallbackPath;

    public static string Origin(HttpContext context, SignInOptions options) =>
        options.PublicOrigin?.GetLeftPart(UriPartial.Authority) ?? $"{context.Request.Scheme}://{context.Request.Host}";

    /// <summary>The address when it stays on this site, otherwise the front page: no open redirect.</summary>
    public static string LocalUrl(string? url) => RedirectHttpResult.IsLocalUrl(url) && url[0] == '/' ? url : "/";
}
