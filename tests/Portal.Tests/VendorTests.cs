using System.Net;

namespace Kilde.Portal.Tests;

/// <summary>What staff and vendors see of a system and its versions.</summary>
[Collection(nameof(PortalSite))]
public class VendorTests(PortalSite site)
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
        html.ShouldContain("ORD-014 (3)");
        html.ShouldContain("STR-003 (1)");
        html.ShouldContain(SyntheticFindings.CheckId);
    }

    [Fact]
    public async Task A_vendor_sees_what_its_own_clients_sent_even_of_a_product_of_the_same_name()
    {
        using var client = await site.ClientAsync(PortalSite.VendorId);

        (await client.GetStringAsync("/leverandorer", Cancellation)).ShouldContain("Mine fagsystemer");
        var html = WebUtility.HtmlDecode(await client.GetStringAsync(Product, Cancellation));

        html.ShouldContain("Nordvika helsestasjon");
        html.ShouldContain("ORD-014 (3)");
        html.ShouldNotContain("Furuset kommune");
        html.ShouldNotContain("STR-003");
        html.ShouldNotContain("href=\"/avsendere/");
    }
}
