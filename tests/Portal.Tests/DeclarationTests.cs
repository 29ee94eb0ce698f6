using System.Net;
using Kilde.Definitions;
using Kilde.Definitions.Publishing;
using Kilde.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>A sender takes its own declaration of quality with it, and nobody else's.</summary>
[Collection(nameof(PortalSite))]
public class DeclarationTests(PortalSite site)
{
    private const string OtherName = "Ytre Skjær kommune";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_downloads_its_own_and_another_gets_nothing_of_it()
    {
        using var sender = await site.ClientAsync(PortalSite.OtherSenderId);
        using var another = await site.ClientAsync(PortalSite.SenderId);
        var (area, year) = await MergeOneAsync(SyntheticDay.MunicipalUnit);
        var path = $"/kvalitet/Kpr/{area}/{year}.html";

        var answer = await sender.GetAsync(path, Cancellation);
        var own = await TextOfAsync(answer);
        var page = WebUtility.HtmlDecode(
            await sender.GetStringAsync($"/kvalitet?omrade=Kpr-{area}&ar={year}", Cancellation));
        var others = await TextOfAsync(await another.GetAsync(path, Cancellation));

        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe(
            $"kvalitet-kpr-{area.ToLowerInvariant()}-{year}.html");
        page.ShouldContain($"href=\"{path}\"");
        own.ShouldContain(OtherName);
        own.ShouldContain("1 poster fra dere, 1 i alt.");
        own.ShouldNotContain("Nordvika");
        others.ShouldContain("Nordvika helsestasjon");
        others.ShouldNotContain(OtherName);
        others.ShouldNotContain("1 poster");
        others.ShouldNotContain(" i alt");
    }

    [Fact]
    public async Task The_file_is_in_the_readers_language()
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        var english = await TextOfAsync(await client.GetAsync(
            "/spraak/en?tilbake=/kvalitet/Kpr/BASIS/2026.html", Cancellation));

        english.ShouldContain("<html lang=\"en\">");
        english.ShouldContain("Declaration of quality KPR BASIS 2026, Nordvika helsestasjon");
        english.ShouldContain("The valid share is");
    }

    [Theory]
    [InlineData("/kvalitet/Kpr/HST/2026.html", "an area it does not send to")]
    [InlineData("/kvalitet/Npr/BASIS/2026.html", "an area there is not")]
    [InlineData("/kvalitet/Kpr/BASIS/1066.html", "no year")]
    [InlineData("/kvalitet/1/BASIS/2026.html", "no register")]
    public async Task What_a_sender_does_not_see_looks_as_if_it_were_not_there(string path, string why)
    {
        using var client = await site.ClientAsync(PortalSite.SenderId);

        (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound, why);
    }

    [Fact]
    public async Task Someone_at_a_part_of_a_unit_does_not_come_in()
    {
        using var client = await site.ClientAsync(PortalSite.PartId);

        (await client.GetAsync("/kvalitet/Kpr/BASIS/2026.html", Cancellation)).StatusCode
            .ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_a_sender_may_compare_and_read_is_in_its_menu()
    {
        using var sender = await site.ClientAsync(PortalSite.SenderId);
        using var staff = await site.ClientAsync(PortalSite.StaffId);
        using var part = await site.ClientAsync(PortalSite.PartId);

        (await MenuAsync(sender, "/sammenlign")).ShouldSatisfyAllConditions(
            menu => menu.ShouldContain("<a href=\"/sammenlign\" aria-current=\"page\">Har dere fått alt?</a>"),
            menu => menu.ShouldContain("<a href=\"/kvalitet\">Kvalitet</a>"));
        (await MenuAsync(staff, "/kvalitet")).ShouldSatisfyAllConditions(
            menu => menu.ShouldContain("<a href=\"/oppfolging\" aria-current=\"page\">Oppfølging</a>"),
            menu => menu.ShouldNotContain("/sammenlign"));
        (await MenuAsync(part, "/tall")).ShouldSatisfyAllConditions(
            menu => menu.ShouldNotContain("/kvalitet"), menu => menu.ShouldNotContain("/sammenlign"));
    }

    private static async Task<string> MenuAsync(HttpClient client, string path)
    {
        var html = WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancellation));
        return html[html.IndexOf("<nav class=\"kilde-nav\"", StringComparison.Ordinal)
            ..html.IndexOf("<main", StringComparison.Ordinal)];
    }

    // The example of the type, a year earlier: of that year nobody else has sent any.
    private async Task<(string Area, int Year)> MergeOneAsync(OrganizationNumber unit)
    {
        // Read by no other test, for the declaration of all units is kept for an hour.
        const int year = 2024;
        var type = site.Services.GetRequiredService<DefinitionCatalogue>().MessageTypes[0];
        await site.MergeAsync(
            type, unit, ExampleMessage.Of(type).Replace("\"2026-", $"\"{year}-", StringComparison.Ordinal));
        return (type.ServiceArea, year);
    }

    private static async Task<string> TextOfAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
