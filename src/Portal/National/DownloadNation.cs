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
/// The national overview as a file, a line for each unit, for staff. In bokmål for everyone: it is read by programs.
/// </summary>
internal static class DownloadNation
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(NationQuery.FilePath, HandleAsync).RequireAuthorization(PortalPolicy.Staff);

    private static async Task<FileContentHttpResult> HandleAsync(
        string? register, string? type, [FromQuery(Name = "aar")] string? year,
        [FromQuery(Name = "fylke")] string? county, ReadNation read, CancellationToken cancellation)
    {
        var nation = await read.ReadAsync(NationQuery.Read(register, type, year, county), cancellation);
        return TypedResults.File(Write(nation), CsvFile.Type, $"landet-{nation.Year}.csv");
    }

    private static byte[] Write(Nation nation)
    {
        var file = new CsvFile(
            "fylkesnummer", "fylke", "kommunenummer", "kommune", "enhet", "navn", "stand", "meldingstyper", "levert",
            "frist ikke ute", "mangler", "dager over frist", "sist mottatt", "stille siden", "feil uten svar",
            "advarsler uten svar");
        foreach (var unit in nation.Units)
        {
            file.Add(
                $"{unit.Municipality?.County}", unit.Municipality?.County?.Name ?? "", $"{unit.Municipality}",
                unit.Municipality?.Name ?? "", $"{unit.Unit}", unit.Name, Texts.In(Texts.Bokmaal).Of(unit.Standing),
                string.Join(", ", unit.Types), $"{unit.Received}", $"{unit.Awaited}", $"{unit.Late}",
                $"{unit.DaysLateMax}", DayOf(unit.LastReceivedAt), DayOf(unit.Silence?.Since), $"{unit.Errors}",
                $"{unit.Warnings}");
        }

        return file.ToBytes();
    }

    private static string DayOf(DateTimeOffset? at) => at is { } told ? Norwegian.Date(told) : "";
}
