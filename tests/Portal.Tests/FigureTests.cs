using System.Net;
using System.Text;
using Kilde.Quality.Documents;
using Kilde.Quality.Figures;

namespace Kilde.Portal.Tests;

[Collection(nameof(PortalSite))]
public class FigureTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_owner_sees_its_small_cells_and_takes_them_away()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/tall", Cancellation));
        var answer = await client.GetAsync($"/tall/mine-tall.csv?aar={SyntheticFigures.Year}", Cancellation);
        var csv = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Cancellation));

        html.ShouldContain("brukerstyrt");
        html.ShouldNotContain("Øvrige");
        answer.Content.Headers.ContentType!.ToString().ShouldBe(CsvFile.Type);
        csv.ShouldContain("\"recipients\";\"\";\"3\"");
        csv.ShouldContain("\"400\"");
        (await client.GetAsync("/tall/mine-tall.xlsx", Cancellation)).Content.Headers.ContentType!.MediaType
            .ShouldBe(FigureFiles.WorkbookType);
    }

    [Fact]
    public async Task Someone_at_a_part_sees_the_part_without_small_cells_and_comes_nowhere_else()
    {
        using var client = await site.ClientAsync(PortalSite.PartId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(
            $"/tall?enhet={SyntheticDay.OtherUnit}", Cancellation));

        html.ShouldContain("Øvrige");
        html.ShouldContain("Hele enheten");
        html.ShouldNotContain("brukerstyrt");
        html.ShouldNotContain("href=\"/mottak\"");
        foreach (var path in (string[])["/mottak", "/funn", "/tilbakemeldinger", $"/avsendere/{SyntheticDay.OwnUnit}"])
            (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
    }

    [Fact]
    public async Task Of_a_part_with_few_persons_nothing_is_shown()
    {
        using var client = await site.ClientAsync(PortalSite.SmallPartId);

        var csv = Encoding.UTF8.GetString(await client.GetByteArrayAsync("/tall/mine-tall.csv", Cancellation));

        csv.ShouldNotContain($"\"{SyntheticFigures.SmallPart}\"");
    }

    [Fact]
    public async Task Staff_see_a_units_figures_without_small_cells()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(
            $"/tall?enhet={SyntheticDay.OwnUnit}", Cancellation));

        html.ShouldContain("Øvrige");
        html.ShouldNotContain("brukerstyrt");
    }
}
