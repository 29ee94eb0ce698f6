using Kilde.Platform.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Shell;

/// <summary>Remembers the visitor's language for a year and goes back to the page they were on.</summary>
public static class ChooseLanguage
{
    public const string Path = "/spraak";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(Path + "/{language}", Handle).AllowAnonymous().WithName(nameof(ChooseLanguage));

    internal static RedirectHttpResult Handle(string language, string? tilbake, HttpContext context)
    {
        context.Response.Cookies.Append(Texts.CookieName, Texts.In(language).Language, new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            MaxAge = Lifetime,
            IsEssential = true,
        });
        return TypedResults.Redirect(StartSignIn.LocalUrl(tilbake));
    }
}
