using System.Net;
using System.Text.RegularExpressions;

namespace Kilde.Portal.Tests;

/// <summary>What staff and vendors see of a system and its versions.</summary>
[Collection(nameof(PortalSite))]
public partial class VendorTests(PortalSite site)
{
    /// <summary>The product that two made-up units have sent with, each through a vendor of its own.</summary>
    public const string Product = "/leverandorer/fagsystem?leverandor=Fjordjournal%20AS&produkt=Fjord%20Sykehus";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_see_who_uses_a_product_and_what_its_versions_did()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        (await client.GetStringAsync("/leverandorer", Cancellation)).ShouldContain("Fjord Sykehus");
        var html = WebUtility.HtmlDecode(await client.GetStringAsync(Product, Cancellation));

        html.ShouldContain("Nordvika helsestasjon");
        html.ShouldContain("Furuset kommune");
        html.ShouldContain("8.2.1");
        html.ShouldMatch(@"<code>ORD-014</code>\s+3\b");
        html.ShouldMatch(@"regler/STR-003""><code>STR-003</code></a>\s+1\b");
        html.ShouldContain(SyntheticFindings.CheckId);
    }

    [Fact]
    public async Task A_bar_is_a_month_wide_even_when_there_is_one_month_only()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await client.GetStringAsync(Product, Cancellation);

        var bars = ChartBar.Matches(html)
            .Select(bar => (X: int.Parse(bar.Groups["x"].Value), Width: bar.Groups["width"].Value));
        var (last, width) = bars.MaxBy(bar => bar.X);
        width.ShouldBe("8");
        last.ShouldBeGreaterThanOrEqualTo(111, "the twelfth place of ten");
        html.ShouldContain($"viewBox=\"0 0 {last + 9} 30\"");
    }

    [GeneratedRegex(
        "kilde-chart__now\" x=\"(?<x>[0-9]+)\" y=\"[0-9.]+\" width=\"(?<width>[0-9]+)\"", RegexOptions.None, 1000)]
    private static partial Regex ChartBar { get; }

    [Fact]
    public async Task A_vendor_sees_what_its_own_clients_sent_even_of_a_product_of_the_same_name()
    {
        using var client = await site.ClientAsync(PortalSite.VendorId);

        (await client.GetStringAsync("/leverandorer", Cancellation)).ShouldContain("Mine fagsystemer");
        var html = WebUtility.HtmlDecode(await client.GetStringAsync(Product, Cancellation));

        html.ShouldContain("Nordvika helsestasjon");
        html.ShouldMatch(@"<code>ORD-014</code>\s+3\b");
        html.ShouldNotContain("Furuset kommune");
        html.ShouldNotContain("STR-003");
        html.ShouldNotContain("href=\"/avsendere/");
    }
}
