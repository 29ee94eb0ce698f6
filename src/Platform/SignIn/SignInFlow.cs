using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Kilde.Platform.SignIn;

/// <summary>
/// One sign-in under way, kept in the browser in an encrypted cookie between leaving for the provider and coming
/// back. State ties the answer to this browser, the nonce ties the token to this flow, and the verifier ties the code
/// to whoever asked for it (PKCE, RFC 7636).
/// </summary>
internal sealed record SignInFlow(string State, string Nonce, string Verifier, string ReturnUrl)
{
    public const string CallbackPath = "/logg-inn/retur";

    private const int SecretBytes = 32;
    private const int StatePrefixLength = 12;
    private const string CookiePrefix = "kilde-innlogging-";

    /// <summary>How long a user may spend at the provider.</summary>
    private static readonly TimeSpan LifetimeMax = TimeSpan.FromMinutes(15);

    public string Challenge => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static SignInFlow Start(string returnUrl) => new(NewSecret(), NewSecret(), NewSecret(), returnUrl);

    public void Remember(HttpContext context) =>
        context.Response.Cookies.Append(
            CookieName(State),
            Protector(context).Protect(JsonSerializer.Serialize(this), LifetimeMax),
            Cookie(context));

    /// <summary>The flow that this browser started with the state; null when there is none, or it is too old.</summary>
    public static SignInFlow? Recall(HttpContext context, string state)
    {
        if (state.Length < StatePrefixLength) return null;
        if (!context.Request.Cookies.TryGetValue(CookieName(state), out var text)) return null;

        try
        {
            var flow = JsonSerializer.Deserialize<SignInFlow>(Protector(context).Unprotect(text));
            return flow is not null && IsSame(flow.State, state) ? flow : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(CookieName(State), Cookie(context));

    private static bool IsSame(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static string NewSecret() => WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(SecretBytes));

    private static string CookieName(string state) => CookiePrefix + state[..StatePrefixLength];

    // Lax: the provider sends the browser back with a top-level GET, and Strict would leave the cookie at home.
    private static CookieOptions Cookie(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = CallbackPath,
        MaxAge = LifetimeMax,
        IsEssential = true,
    };

    private static ITimeLimitedDataProtector Protector(HttpContext context) =>
        ((IDataProtectionProvider)context.RequestServices.GetService(typeof(IDataProtectionProvider))!)
        .CreateProtector("Kilde.SignIn.Flow.v1").ToTimeLimitedDataProtector();
}
