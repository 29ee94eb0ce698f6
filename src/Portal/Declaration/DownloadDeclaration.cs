using Kilde.Kernel;
using Kilde.Quality.Declaration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Declaration;

/// <summary>The declaration of quality as a file, for staff.</summary>
internal static class DownloadDeclaration
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/kvalitet/{register}/{area}/{year}.html", HandleAsync)
            .RequireAuthorization(PortalPolicy.Staff);

    private static async Task<Results<FileContentHttpResult, NotFound>> HandleAsync(
        string register, string area, string year, DeclareQuality declare, CancellationToken cancellation)
    {
        if (!Enum.TryParse<RegisterCode>(register, ignoreCase: true, out var code) || !Enum.IsDefined(code)
            || !DataYear.TryParse(year, out var of)
            || await declare.DeclareAsync(code, area, of, cancellation) is not { } declaration)
            return TypedResults.NotFound();
        return TypedResults.File(
            DeclarationDocument.Write(declaration), "text/html; charset=utf-8",
            DeclarationDocument.FileNameOf(declaration));
    }
}
