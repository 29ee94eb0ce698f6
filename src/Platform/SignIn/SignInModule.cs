using Kilde.Platform.Keys;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Platform.SignIn;

/// <summary>
/// Sign-in of people by OpenID Connect's authorization code flow with PKCE, on ASP.NET Core's cookie authentication.
/// Machines do not come this way: they carry DPoP tokens.
/// </summary>
public static class SignInModule
{
    private static readonly TimeSpan ProviderAnswerMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProviderConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Needs a <see cref="RecordSignIn"/> beside it.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddOptions<SignInOptions>().BindConfiguration("SignIn").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new OpenIdProvider(
            NewHttpClient(),
            provider.GetRequiredService<IOptions<SignInOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IdTokenCheck>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(Configure);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "kilde-skjema";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<SignInOptions>>(
            (antiforgery, signIn) => antiforgery.Cookie.SecurePolicy = signIn.Value.CookieSecurity);
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<IOptions<SignInOptions>>(
                (cookie, signIn) => cookie.Cookie.SecurePolicy = signIn.Value.CookieSecurity);
        services.AddDataProtection().SetApplicationName("Kilde");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, CookieKeys>();
        return services;
    }

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        StartSignIn.Map(routes);
        CompleteSignIn.Map(routes);
        EndSignIn.Map(routes);
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "kilde-okt";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.SlidingExpiration = false;
        cookie.LoginPath = StartSignIn.Path;
        cookie.ReturnUrlParameter = StartSignIn.ReturnUrlParameter;
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToLogin = context =>
        {
            // A form posted after the session ended cannot be replayed by a redirect: the user is told instead.
            if (HttpMethods.IsGet(context.Request.Method)) context.Response.Redirect(context.RedirectUri);
            else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };
    }

    private static HttpClient NewHttpClient() =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = ProviderConnectionLifetime,
        })
        {
            Timeout = ProviderAnswerMax,
        };

    /// <summary>Keeps the keys that protect cookies where the options say, encrypted by the key store.</summary>
    private sealed class CookieKeys(IOptions<SignInOptions> options, IKeyStore store, ILoggerFactory logs)
        : IConfigureOptions<KeyManagementOptions>
    {
        public void Configure(KeyManagementOptions keys)
        {
            keys.XmlEncryptor = new KeyStoreXmlEncryptor(store);
            if (options.Value.CookieKeyFolder is not { } path) return;
            var folder = OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(
                    path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            keys.XmlRepository = new FileSystemXmlRepository(folder, logs);
        }
    }
}
