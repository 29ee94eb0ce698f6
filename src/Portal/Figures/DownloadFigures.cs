using Kilde.Platform.SignIn;
using Kilde.Portal.Shell;
using Kilde.Quality.Documents;
using Kilde.Quality.Figures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.Figures;

/// <summary>Hands out what the page shows, as a file: the same scope, and the same cells.</summary>
public static class DownloadFigures
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(FigureQuery.CsvPath, CsvAsync).RequireAuthorization(PortalPolicy.Figures);
        routes.MapGet(FigureQuery.WorkbookPath, WorkbookAsync).RequireAuthorization(PortalPolicy.Figures);
    }

    private static Task<Results<FileContentHttpResult, NotFound>> CsvAsync(
        [FromQuery(Name = "aar")] string? year, [FromQuery(Name = "enhet")] string? unit, HttpContext context,
        FindFigures figures, CancellationToken cancellation) =>
        FileAsync(
            FigureQuery.Read(year, unit), context, figures, FigureFiles.Csv, CsvFile.Type, "csv", cancellation);

    private static Task<Results<FileContentHttpResult, NotFound>> WorkbookAsync(
        [FromQuery(Name = "aar")] string? year, [FromQuery(Name = "enhet")] string? unit, HttpContext context,
        FindFigures figures, CancellationToken cancellation) =>
        FileAsync(
            FigureQuery.Read(year, unit), context, figures, FigureFiles.Workbook, FigureFiles.WorkbookType, "xlsx",
            cancellation);

    private static async Task<Results<FileContentHttpResult, NotFound>> FileAsync(
        FigureQuery query, HttpContext context, FindFigures figures, Func<FigureReport, ReportTexts, byte[]> write,
        string type, string ending, CancellationToken cancellation)
    {
        if (query.ScopeFor(SignedInUser.From(context.User)!) is not { } scope) return TypedResults.NotFound();
        var report = await figures.ReadAsync(scope, query.Year, cancellation);
        if (report is null) return TypedResults.NotFound();
        var whose = scope.Part ?? scope.Unit.ToString();
        var texts = Texts.For(context);
        var name = FileName.Of(
            ending, texts["figures.file"], (report.PartName ?? report.UnitName).ToLowerInvariant(), whose,
            $"{report.Year}");
        return TypedResults.File(write(report, ReportTexts.In(texts.Language)), type, name);
    }
}
