using System.Net;

namespace Kilde.Portal.Tests;

/// <summary>Who is missing because they have reserved, as staff see it: groups, and no small cells.</summary>
[Collection(nameof(PortalSite))]
public class ReservationTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_see_who_is_missing_by_age_sex_and_county_without_small_cells()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await ReadAsync(client, $"register=Kpr&dag={SyntheticPopulation.Day:O}");

        RowOf(html, "30–49 år, kvinner").ShouldBe(["40", "<5", "–"]);
        RowOf(html, "67–79 år, menn").ShouldBe(["50", "–", "–"]);
        RowOf(html, "Oslo").ShouldBe(["40", "<5", "–"]);
        RowOf(html, "Rogaland").ShouldBe(["30", "10", "33,33 %"]);
        RowOf(html, "Vestland").ShouldBe(["20", "–", "–"]);
    }

    [Fact]
    public async Task Nothing_is_counted_before_somebody_asks_and_of_the_other_register_nobody_is_missing()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        (await ReadAsync(client, "")).ShouldContain("Velg et register og en dag.");
        (await ReadAsync(client, "register=9")).ShouldContain("Velg et register og en dag.");
        RowOf(await ReadAsync(client, $"register=Npr&dag={SyntheticPopulation.Day:O}"), "Oslo")
            .ShouldBe(["40", "0", "0 %"]);
    }

    [Fact]
    public async Task Groups_are_told_in_the_readers_language()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = WebUtility.HtmlDecode(await client.GetStringAsync(
            "/spraak/en?tilbake=" + Uri.EscapeDataString("/oppfolging/reservasjoner?register=Kpr&dag=2026-01-01"),
            Cancellation));

        html.ShouldContain("30–49 years, women");
        html.ShouldContain("Those who remain differ");
    }

    private static async Task<string> ReadAsync(HttpClient client, string query) => WebUtility.HtmlDecode(
        await client.GetStringAsync($"/oppfolging/reservasjoner?{query}", Cancellation));

    // The cells after the heading of a row.
    private static IEnumerable<string> RowOf(string html, string heading)
    {
        var from = html.IndexOf($">{heading}</th>", StringComparison.Ordinal);
        from.ShouldBeGreaterThan(0, heading);
        var row = html[from..html.IndexOf("</tr>", from, StringComparison.Ordinal)];
        return row.Split("</td>").SkipLast(1).Select(cell => cell[(cell.LastIndexOf('>') + 1)..].Trim()
            .Replace('\u00a0', ' '));
    }
}
