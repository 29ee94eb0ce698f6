using Microsoft.AspNetCore.Http;

namespace Kilde.Portal.Shell;

/// <summary>
/// What every answer forbids the browser: scripts and styles from anywhere but here, inline script, framing, guessing
/// of content types, telling other sites where the user came from, and, where we are reached by https, plain http.
/// </summary>
public static class SecurityHeaders
{
    // data: images are the design system's icon masks. Forms may end at the identity provider after sign-out, and
    // browsers hold redirects to the form's policy too, so form-action is set per request.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ";

    // A year, as browsers' own lists want it; the browser then never asks by plain http again.
    private const string AlwaysHttps = "max-age=31536000; includeSubDomains";

    /// <param name="isPublishedByHttps">True when users come by https, even if a proxy ends it.</param>
    public static Task SetAsync(
        HttpContext context, string? signOutOrigin, bool isPublishedByHttps, RequestDelegate next)
    {
        // At the start of the answer and not now: the exception handler clears what was set before a fault.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy + signOutOrigin;
            if (isPublishedByHttps || context.Request.IsHttps) headers.StrictTransportSecurity = AlwaysHttps;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    }
}
