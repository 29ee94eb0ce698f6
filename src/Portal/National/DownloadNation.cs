using Kilde.Kernel;
using Kilde.Portal.Shell;
using Kilde.Quality.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Kilde.Portal.National;

/// <summary>
/// The national overview as a file, a line for each unit, for staff, in the reader's language.
/// </summary>
internal static class DownloadNation
{
    private static readonly string[] Columns =
    [
        "countyNumber", "county", "municipalityNumber", "municipality", "unit", "name", "standing", "types", "received",
        "awaited", "late", "daysLate", "closed", "lastReceived", "silentSince", "errors", "warnings",
    ];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(NationQuery.FilePath, HandleAsync).RequireAuthorization(PortalPolicy.Staff);

    private static async Task<FileContentHttpResult> HandleAsync(
        string? register, string? type, [FromQuery(Name = "aar")] string? year,
        [FromQuery(Name = "fylke")] string? county, HttpContext context, ReadNation read,
        CancellationToken cancellation)
    {
        var (query, texts) = (NationQuery.Read(register, type, year, county), Texts.For(context));
        var nation = await read.ReadAsync(query, cancellation);
        var name = FileName.Of(
            "csv", texts["nation.file"], (query.County?.Name ?? texts["nation.title"]).ToLowerInvariant(),
            $"{query.Register}".ToLowerInvariant(), query.Type, $"{nation.Year}");
        return TypedResults.File(Write(nation, texts), CsvFile.Type, name);
    }

    private static byte[] Write(Nation nation, Texts texts)
    {
        var file = new CsvFile(Columns.Select(column => texts[$"nation.file.{column}"]));
        foreach (var unit in nation.Units)
        {
            file.Add(
                $"{unit.Municipality?.County}", unit.Municipality?.County?.Name ?? "", $"{unit.Municipality}",
                unit.Municipality?.Name ?? "", $"{unit.Unit}", unit.Name, texts.Of(unit.Standing),
                string.Join(", ", unit.Types), $"{unit.Received}", $"{unit.Awaited}", $"{unit.Late}",
                $"{unit.DaysLateMax}", $"{unit.Closed}", DayOf(unit.LastReceivedAt, texts),
                DayOf(unit.Silence?.Since, texts), $"{unit.Errors}", $"{unit.Warnings}");
        }

        return file.ToBytes();
    }

    private static string DayOf(DateTimeOffset? at, Texts texts) => at is { } told ? texts.Day(told) : "";
}
