using Kilde.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Platform.SignIn;

/// <summary>
/// Takes the browser back from the provider: trades the code for an id token, verifies it, and gives the user a
/// session. Nothing is believed before the state matches the browser's own and the token's signature, issuer,
/// audience, times and nonce hold. The session starts only when the audit log has it.
/// </summary>
internal static partial class CompleteSignIn
{
    /// <summary>Where a sign-in that came to nothing ends, with a page that says what to do.</summary>
    public const string FailedPath = "/logg-inn/avbrutt";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(SignInFlow.CallbackPath, HandleAsync).AllowAnonymous().WithName(nameof(CompleteSignIn));

    internal static async Task<RedirectHttpResult> HandleAsync(
        HttpContext context, OpenIdProvider provider, IdTokenCheck check, RecordSignIn recordAsync,
        IOptions<SignInOptions> options, TimeProvider clock, ILogger<SignInFlow> log, CancellationToken cancellation)
    {
        var query = context.Request.Query;
        // An answer nobody here asked for is not audited: anyone could fill the log with such.
        if (SignInFlow.Recall(context, query["state"].ToString()) is not { } flow)
        {
            Log.UnknownState(log);
            return TypedResults.Redirect(FailedPath);
        }

        flow.Forget(context);
        if (query["code"].ToString() is not { Length: > 0 } code)
        {
            Log.Refused(log, "provider_refused");
            return TypedResults.Redirect(FailedPath);
        }

        try
        {
            var token = await provider.RedeemAsync(
                code, flow.Verifier, StartSignIn.CallbackUrl(context, options.Value), cancellation);
            var user = await check.VerifyAsync(token, flow.Nonce, cancellation);
            await recordAsync(new SignInRecord("signin.completed", user.Id, user.Roles), cancellation);
            await SignInAsync(context, user, token, options.Value, clock);
            return TypedResults.Redirect(flow.ReturnUrl);
        }
        catch (SignInRefusedException refusal)
        {
            Log.Refused(log, refusal.Reason);
            await recordAsync(new SignInRecord("signin.failed", "unknown", [], refusal.Reason), cancellation);
            return TypedResults.Redirect(FailedPath);
        }
    }

    private static Task SignInAsync(
        HttpContext context, SignedInUser user, string token, SignInOptions options, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var session = new AuthenticationProperties
        {
            IssuedUtc = now,
            ExpiresUtc = now + TimeSpan.FromHours(options.SessionHoursMax),
            AllowRefresh = false,
        };
        session.Items[EndSignIn.IdTokenItem] = token;
        const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        return context.SignInAsync(Scheme, user.ToPrincipal(Scheme), session);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2101, Level = LogLevel.Information,
            Message = "An answer from the identity provider fits no sign-in that this browser started.")]
        public static partial void UnknownState(ILogger log);

        [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "Sign-in refused: {Reason}.")]
        public static partial void Refused(ILogger log, string reason);
    }
}
