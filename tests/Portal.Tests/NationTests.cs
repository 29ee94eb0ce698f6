using System.Net;
using System.Text;
using Kilde.Kernel;

namespace Kilde.Portal.Tests;

/// <summary>The national overview, as staff see it.</summary>
[Collection(nameof(PortalSite))]
public class NationTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_county_is_a_tile_and_a_line_and_those_without_a_place_are_told_too()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/oppfolging/landet", Cancellation));

        foreach (var county in CountyCode.InUse(2026))
            Occurrences(html, $"fylke={county}\"").ShouldBe(2, county.Name);
        Occurrences(html, "<path data-standing").ShouldBeGreaterThan(MunicipalityCode.InUse(2026).Count);
        html.ShouldContain("Uten kjent kommune");
        html.ShouldContain("Nordvika helsestasjon");
    }

    [Fact]
    public async Task A_county_opens_into_its_municipalities_with_the_units_of_each()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/oppfolging/landet?fylke=11", Cancellation));

        html.ShouldContain($"href=\"#k{SyntheticDay.Municipality}\"");
        html.ShouldContain($"id=\"k{SyntheticDay.Municipality}\"");
        html.ShouldContain("Ytre Skjær kommune");
        html.ShouldNotContain("Nordvika helsestasjon");
        html.ShouldContain("<span id=\"k1101\">Eigersund");
    }

    [Fact]
    public async Task A_year_nobody_asks_for_any_more_is_told_as_closed_and_its_days_are_not_counted()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = WebUtility.HtmlDecode(
            await client.GetStringAsync("/oppfolging/landet?aar=2021&type=NPR_ORD", Cancellation));

        html.ShouldContain("lukket, ikke levert");
        html.ShouldNotContain("over fristen");
    }

    [Theory]
    [InlineData("?aar=2025", "innrapportering-landet-2025.csv")]
    [InlineData("?aar=2025&fylke=15", "innrapportering-more-og-romsdal-2025.csv")]
    [InlineData("?aar=2025&fylke=11&register=npr&type=NPR_ORD", "innrapportering-rogaland-npr-NPR_ORD-2025.csv")]
    public async Task The_files_name_tells_what_is_in_it(string asked, string name)
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        using var answer = await client.GetAsync($"/oppfolging/landet.csv{asked}", Cancellation);

        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe(name);
    }

    [Fact]
    public async Task The_file_has_a_line_for_each_unit_with_what_is_odd_about_it()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var lines = Encoding.UTF8.GetString(await client.GetByteArrayAsync(
            "/oppfolging/landet.csv?aar=2025", Cancellation)).Split("\r\n");
        var newest = Encoding.UTF8.GetString(await client.GetByteArrayAsync(
            "/oppfolging/landet.csv?fylke=11", Cancellation)).Split("\r\n");
        var none = Encoding.UTF8.GetString(await client.GetByteArrayAsync(
            "/oppfolging/landet.csv?type=finnes-ikke", Cancellation)).Split("\r\n");

        var own = lines.Single(line => line.Contains($"\"{SyntheticDay.OwnUnit}\"", StringComparison.Ordinal));
        own.ShouldContain("\"Mangler etter frist\"");
        newest[1].ShouldStartWith("\"11\";\"Rogaland\";\"1103\";\"Stavanger\"");
        none.Length.ShouldBe(2);
        var english = Encoding.UTF8.GetString(await client.GetByteArrayAsync(
            $"/spraak/en?tilbake={Uri.EscapeDataString("/oppfolging/landet.csv?aar=2025")}", Cancellation));
        english.ShouldContain("\"county number\";\"county\"");
        english.ShouldContain("\"Missing past deadline\"");
    }

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;
}
