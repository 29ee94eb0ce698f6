using Kilde.Kernel;
using Kilde.Platform.SignIn;
using Kilde.Portal.Shell;
using Kilde.Quality.Declaration;
using Kilde.Quality.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Declaration;

/// <summary>
/// The declaration of quality as a file, in the reader's language: all of it for staff, a sender's own beside
/// everybody's for that sender. An area the user does not see looks as if it were not there.
/// </summary>
internal static class DownloadDeclaration
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/kvalitet/{register}/{area}/{year}.html", HandleAsync)
            .RequireAuthorization(PortalPolicy.StaffOrSender);

    private static async Task<Results<FileContentHttpResult, NotFound>> HandleAsync(
        string register, string area, string year, HttpContext context, ReadDeclaration read, DeclareQuality declare,
        CancellationToken cancellation)
    {
        var scope = await read.ScopeAsync(SignedInUser.From(context.User)!, cancellation);
        var chosen = scope.Areas.FirstOrDefault(each =>
            each.Area == area && register.Equals(each.Register.ToString(), StringComparison.OrdinalIgnoreCase));
        if (chosen is null || !DataYear.TryParse(year, out var of)) return TypedResults.NotFound();

        var texts = ReportTexts.In(Texts.For(context).Language);
        var file = scope.Sender is { } sender
            ? await read.ShareAsync(chosen, of, sender, cancellation) is { } own
                ? DeclarationDocument.Write(own, sender.Name, texts)
                : null
            : await declare.DeclareAsync(chosen.Register, chosen.Area, of, cancellation) is { } all
                ? DeclarationDocument.Write(all, texts)
                : null;
        return file is null
            ? TypedResults.NotFound()
            : TypedResults.File(
                file, "text/html; charset=utf-8",
                DeclarationDocument.FileNameOf(chosen.Register, chosen.Area, of));
    }
}
