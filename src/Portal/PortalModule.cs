using System.Text.Encodings.Web;
using System.Text.Unicode;
using Kilde.Platform.SignIn;
using Kilde.Portal.Calling;
using Kilde.Portal.Comparing;
using Kilde.Portal.Declaration;
using Kilde.Portal.Feedback;
using Kilde.Portal.Figures;
using Kilde.Portal.MessageTypes;
using Kilde.Portal.National;
using Kilde.Portal.Returning;
using Kilde.Portal.Shell;
using Kilde.Portal.Submissions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kilde.Portal;

/// <summary>
/// The web pages, rendered on the server. The host calls <see cref="AddPortal"/>, then <see cref="UsePortal"/> before
/// other middleware and <see cref="MapPortal"/> among the routes.
/// </summary>
public static class PortalModule
{
    public static IServiceCollection AddPortal(this IServiceCollection services)
    {
        services.AddOptions<PortalOptions>().BindConfiguration("Portal").ValidateDataAnnotations().ValidateOnStart();
        services.AddSignIn();
        services.AddAuthorization(PortalPolicy.Configure);
        services.AddSingleton<AuditedAccess>();
        services.AddSingleton<FindAskedUnit>();
        services.AddSingleton<OwnSubmission>();
        services.AddSingleton<CheckMessage>();
        services.AddSingleton<ExplainedRules>();
        services.AddSingleton<CompareOwnRecords>();
        services.AddSingleton<ReadNation>();
        services.AddSingleton<ReadCalls>();
        services.AddSingleton<ReadDeclaration>();
        services.AddSingleton<RecordSignIn>(provider => provider.GetRequiredService<AuditedAccess>().RecordAsync);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedAccess>();
        services.AddHttpContextAccessor();
        services.AddScoped(provider => Texts.For(provider.GetRequiredService<IHttpContextAccessor>().HttpContext));
        services.AddCascadingAuthenticationState();
        services.AddRazorComponents();

        // Norwegian letters as themselves; what HTML gives meaning to is encoded all the same.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        return services;
    }

    /// <summary>
    /// Security headers for every answer; pages for what went wrong; and routing, authentication, authorization and
    /// antiforgery in the order the pages need.
    /// </summary>
    public static void UsePortal(this WebApplication app)
    {
        var signIn = app.Services.GetRequiredService<IOptions<SignInOptions>>().Value;
        var signOutOrigin = new Uri(signIn.Issuer).GetLeftPart(UriPartial.Authority);
        var isPublishedByHttps = signIn.PublicOrigin?.Scheme == Uri.UriSchemeHttps;
        app.Use((context, next) => SecurityHeaders.SetAsync(context, signOutOrigin, isPublishedByHttps, next));
        app.UseWhen(StatusAnswer.IsWantedBy, pages =>
        {
            pages.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = StatusAnswer.FailedAsync });
            pages.Use(StatusAnswer.CompleteAsync);
        });
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void MapPortal(this WebApplication app)
    {
        app.MapSignIn();
        PortalFiles.Map(app);
        ChooseLanguage.Map(app);
        DownloadSchema.Map(app);
        DownloadFeedback.Map(app);
        DownloadFigures.Map(app);
        DownloadDeclaration.Map(app);
        DownloadNation.Map(app);
        DownloadReturn.Map(app);
        DownloadExample.Map(app);
        app.MapRazorComponents<App>().RequireAuthorization(PortalPolicy.SomeRole);
    }
}
