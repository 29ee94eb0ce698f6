using System.Net;
using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
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
        var answer = await client.GetAsync($"/tall.csv?aar={SyntheticFigures.Year}", Cancellation);
        var csv = Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(Cancellation));

        html.ShouldContain("brukerstyrt");
        html.ShouldNotContain("Øvrige");
        answer.Content.Headers.ContentType!.ToString().ShouldBe(CsvFile.Type);
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe(
            $"tall-nordvika-helsestasjon-{SyntheticDay.OwnUnit}-{SyntheticFigures.Year}.csv");
        csv.ShouldContain("\"recipients\";\"Mottakere etter tjeneste\";\"\";\"3\"");
        csv.ShouldContain("\"400\"");
        (await client.GetAsync("/tall.xlsx", Cancellation)).Content.Headers.ContentType!.MediaType
            .ShouldBe(FigureFiles.WorkbookType);
    }

    [Theory]
    [InlineData(
        "nn", "Mottakarar etter teneste", "Ulike personar som fekk tenesta", "Tryggleiksalarm", "timar per veke",
        "Langtidsbebuarar i institusjon:", "\"tal\";\"namn\"", "\"Alle\"")]
    [InlineData(
        "en", "Recipients by service", "Different persons who received", "Personal safety alarm", "hours per week",
        "Long-term residents in institutions:", "\"figure\";\"name\"", "\"All\"")]
    public async Task Figures_are_named_in_the_readers_language_on_the_page_and_in_its_files(
        string language, string title, string about, string service, string amount, string group, string head,
        string all)
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(
            $"/spraak/{language}?tilbake=/tall", Cancellation));
        var csv = Encoding.UTF8.GetString(await client.GetByteArrayAsync("/tall.csv", Cancellation));
        var workbook = await client.GetByteArrayAsync("/tall.xlsx", Cancellation);

        foreach (var word in (string[])[title, about, service, amount, group]) html.ShouldContain(word);
        html[html.IndexOf("<main", StringComparison.Ordinal)..html.IndexOf("</main", StringComparison.Ordinal)]
            .ShouldNotContain("lang=\"nb\"", Case.Sensitive, "nothing of it is in bokmål only");
        foreach (var word in (string[])[head, all, $"\"{title}\"", $"\"{service}\""]) csv.ShouldContain(word);
        SheetNames(workbook).ShouldContain(title);
        SheetNames(workbook).ShouldAllBe(sheet => html.Contains(sheet, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_year_that_nothing_is_held_against_is_not_in_the_chart()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var with = await client.GetStringAsync($"/tall?aar={SyntheticFigures.Year}", Cancellation);
        var without = await client.GetStringAsync($"/tall?aar={SyntheticFigures.Year - 1}", Cancellation);

        with.ShouldContain("kilde-chart__before");
        without.ShouldContain("kilde-chart__now");
        without.ShouldNotContain("kilde-chart__before");
        without.ShouldNotContain("data-series=\"before\"");
    }

    private static IEnumerable<string> SheetNames(byte[] workbook)
    {
        using var book = SpreadsheetDocument.Open(new MemoryStream(workbook), isEditable: false);
        return [.. book.WorkbookPart!.Workbook.Descendants<Sheet>().Select(sheet => sheet.Name!.Value!)];
    }

    [Fact]
    public async Task Someone_at_a_part_sees_the_part_without_small_cells_and_comes_nowhere_else()
    {
        using var client = await site.ClientAsync(PortalSite.PartId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(
            $"/tall?enhet={SyntheticDay.OtherUnit}", Cancellation));

        html.ShouldContain("Øvrige");
        html.ShouldContain("Hele enheten");
        html.ShouldContain("312\u00a0701\u00a0103, ");
        html.ShouldNotContain("brukerstyrt");
        html.ShouldNotContain("href=\"/mottak\"");
        foreach (var path in (string[])["/mottak", "/funn", "/tilbakemeldinger", $"/avsendere/{SyntheticDay.OwnUnit}"])
            (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
    }

    [Fact]
    public async Task An_urban_district_sees_its_own_under_its_name()
    {
        using var client = await site.ClientAsync(PortalSite.DistrictId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/tall", Cancellation));

        html.ShouldContain("Eiganes og Våland, ");
        html.ShouldContain("Hele enheten");
        html.ShouldNotContain("brukerstyrt");
        (await client.GetAsync("/innsending", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_hospital_unit_sees_its_own_patients_and_not_those_of_the_next()
    {
        using var client = await site.ClientAsync(PortalSite.HospitalSiteId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/tall", Cancellation));

        html.ShouldContain("Pasienter etter omsorgsnivå");
        html.ShouldContain("1\u00a0210");
        html.ShouldContain("Hele enheten");
        html.ShouldNotContain("4\u00a0000");
        (await client.GetAsync("/funn", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Of_a_part_with_few_persons_nothing_is_shown()
    {
        using var client = await site.ClientAsync(PortalSite.SmallPartId);

        var csv = Encoding.UTF8.GetString(await client.GetByteArrayAsync("/tall.csv", Cancellation));

        csv.ShouldNotContain($"\"{SyntheticFigures.SmallPart}\"");
    }

    [Fact]
    public async Task Staff_see_a_units_figures_without_small_cells()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(
            $"/tall?enhet={SyntheticDay.OwnUnit}", Cancellation));

        html.ShouldContain("Øvrige");
        html.ShouldContain("Andel hos enheten");
        html.ShouldNotContain(" hos dere");
        html.ShouldNotContain("brukerstyrt");
    }
}
