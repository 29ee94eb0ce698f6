using System.Text.RegularExpressions;
using Kilde.Portal.Shell;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Kilde.Portal.Tests;

/// <summary>What holds for every page, whoever opens it.</summary>
[Collection(nameof(PortalSite))]
public partial class EveryPageTests(PortalSite site, Chromium chromium)
{
    private const int PhoneWidth = 360;
    private const int PhoneHeight = 740;

    /// <summary>Names of pages, resolved to addresses when the site is up.</summary>
    public static TheoryData<string> Pages { get; } = [.. Addresses(null).Keys];

    // Opened once for all of this: opening is what takes time.
    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_page_serves_keyboard_phone_and_screen_reader_and_breaks_no_policy(string name)
    {
        var (user, path) = Addresses(site)[name];
        var page = await chromium.TabAsync(site, user);
        var complaints = new List<string>();
        page.Console += Hear;
        await OpenAsync(page, path, Texts.Bokmaal);
        page.Console -= Hear;
        complaints.ShouldBeEmpty();

        await page.Keyboard.PressAsync("Tab");
        (await FocusedAsync(page)).ShouldBe("Hopp til hovedinnhold");
        await page.Keyboard.PressAsync("Enter");
        (await page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("innhold");

        (await page.ViolationsAsync()).ShouldBeEmpty();
        // The dark page is the same page in other colours.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        (await page.ViolationsAsync("color-contrast", "link-in-text-block")).ShouldBeEmpty();

        await page.SetViewportSizeAsync(PhoneWidth, PhoneHeight);
        await ShouldFitAsync(page, PhoneWidth);
        foreach (var (language, _) in Texts.Languages.Where(other => other.Tag != Texts.Bokmaal))
        {
            await OpenAsync(page, path, language);
            (await page.EvaluateAsync<string>("document.documentElement.lang")).ShouldBe(language);
            (await SpokenLanguage.ForeignAsync(page, language)).ShouldBeEmpty(language);
            await ShouldFitAsync(page, PhoneWidth);
        }

        void Hear(object? sender, IConsoleMessage message)
        {
            // That a page of status 404 has status 404 is no complaint.
            var isStatus = message.Text.Contains("the server responded with a status", StringComparison.Ordinal);
            if (message.Type == "error" && !isStatus) complaints.Add(message.Text);
        }
    }

    [Fact]
    public void No_page_is_left_out_of_this()
    {
        var opened = Addresses(site).Values.Select(page => page.Path.Split('?')[0].Split('/')).ToList();
        var pages = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.OfType<ComponentTypeMetadata>().Any())
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'));

        pages.Where(page => !opened.Exists(path => IsOf(page.Split('/'), path))).ShouldBeEmpty();

        static bool IsOf(string[] page, string[] path) => page.Length == path.Length
            && page.Zip(path).All(step => step.First.StartsWith('{') || step.First == step.Second);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_page_can_be_read_without_script(string name)
    {
        var (user, path) = Addresses(site)[name];
        var page = await chromium.TabAsync(site, user, runsScript: false);
        await OpenAsync(page, path, Texts.Bokmaal);

        (await page.Locator("main h1").CountAsync()).ShouldBe(1);
        var told = await page.Locator("main").InnerTextAsync();
        told.Length.ShouldBeGreaterThan(60);
        SentencesRunTogether.Matches(told).Select(found => found.Value).ShouldBeEmpty();
        (await page.TitleAsync()).ShouldContain("Kilde");
    }

    [GeneratedRegex(@"[a-zæøå)]\.[A-ZÆØÅ][a-zæøå]+ [a-zæøå]", RegexOptions.None, 1000)]
    private static partial Regex SentencesRunTogether { get; }

    /// <summary>
    /// Every page on desktop and phone in each language, and in the dark, into the folder KILDE_SCREENSHOTS: run with
    /// <c>-explicit only</c>. A page that is wider than the phone in any language fails.
    /// </summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Pages))]
    public async Task Pictures_are_taken_when_asked_for(string name)
    {
        var folder = Environment.GetEnvironmentVariable("KILDE_SCREENSHOTS") ?? Path.GetTempPath();
        foreach (var (width, isDark) in ((int, bool)[])[(1280, false), (PhoneWidth, false), (1280, true)])
        {
            foreach (var (language, _) in isDark ? Texts.Languages.Take(1) : Texts.Languages)
            {
                var (user, path) = Addresses(site)[name];
                var page = await chromium.PageAsync(site, user, width, isDark);
                await OpenAsync(page, path, language);
                await page.ScreenshotAsync(new PageScreenshotOptions
                {
                    Path = Path.Combine(folder, $"{name}-{width}-{language}{(isDark ? "-dark" : "")}.png"),
                    FullPage = true,
                });
                await ShouldFitAsync(page, width);
                await page.CloseAsync();
            }
        }
    }

    /// <summary>Tells which elements stand out of the page.</summary>
    private const string WideElements =
        """
        [...document.querySelectorAll('body *')]
          .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth)
          .map(each => `${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 60)}`)
          .concat(document.documentElement.lang).join('\n')
        """;

    /// <summary>Unfolds all there is, and tells what stands out of what it is folded in, which would be cut.</summary>
    private const string CutElements =
        """
        [...document.querySelectorAll('details')].flatMap(folded => {
          folded.open = true;
          const edge = folded.getBoundingClientRect().right + 1;
          return [...folded.children].filter(each => each.getBoundingClientRect().right > edge);
        }).map(each => `${each.tagName}.${each.className}`).join('\n')
        """;

    private static Task<string> FocusedAsync(IPage page) =>
        page.EvaluateAsync<string>("document.activeElement.textContent.trim()");

    private async Task OpenAsync(IPage page, string path, string language)
    {
        await page.Context.AddCookiesAsync(
            [new Cookie { Name = Texts.CookieName, Value = language, Url = site.Address.ToString() }]);
        await page.GotoAsync(path);
    }

    private static async Task ShouldFitAsync(IPage page, int width)
    {
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"))
            .ShouldBeLessThanOrEqualTo(width, await page.EvaluateAsync<string>(WideElements));
        (await page.EvaluateAsync<string>(CutElements)).ShouldBeEmpty();
    }

    private static Dictionary<string, (string? User, string Path)> Addresses(PortalSite? site) => new()
    {
        ["forside"] = (null, "/"),
        ["forside-ansatt"] = (PortalSite.StaffId, "/"),
        ["forside-uten-rolle"] = (PortalSite.NobodyId, "/"),
        ["tall"] = (PortalSite.SenderId, "/tall"),
        ["tall-del"] = (PortalSite.PartId, "/tall"),
        ["innsending-aaret"] = (PortalSite.SenderId, "/innsending"),
        ["sammenlign"] = (PortalSite.SenderId, "/sammenlign"),
        ["retur"] = (PortalSite.SenderId, "/retur"),
        ["tall-velg"] = (PortalSite.StaffId, "/tall"),
        ["mottak"] = (PortalSite.StaffId, "/mottak"),
        ["mottak-tomt"] = (PortalSite.StaffId, "/mottak?leverandor=feil"),
        ["mottak-avsender"] = (PortalSite.SenderId, "/mottak"),
        ["innsending"] = (PortalSite.StaffId, $"/mottak/{site?.Day.OwnSubmission}"),
        ["innsending-avvist"] = (PortalSite.SenderId, $"/mottak/{site?.Day.Rejected}"),
        ["innsending-forbigaatt"] = (PortalSite.SenderId, $"/mottak/{site?.Day.Overtaken}"),
        ["innsending-satt-til-side"] = (PortalSite.StaffId, $"/mottak/{site?.Day.SetAside}"),
        ["behandle-paa-nytt"] = (PortalSite.StaffId, $"/mottak/{site?.Day.SetAside}/behandle-paa-nytt"),
        ["avsendere"] = (PortalSite.StaffId, "/avsendere"),
        ["avsender"] = (PortalSite.StaffId, $"/avsendere/{SyntheticDay.OwnUnit}"),
        ["avsender-endre"] = (PortalSite.StaffId, $"/avsendere/{SyntheticDay.OwnUnit}/endre"),
        ["avsender-ny"] = (PortalSite.StaffId, "/avsendere/ny"),
        ["meldingstyper"] = (null, "/meldingstyper"),
        ["meldingstype"] = (null, "/meldingstyper/HST_Konsultasjon/1"),
        ["regler"] = (null, "/meldingstyper/regler"),
        ["regler-tomt"] = (null, "/meldingstyper/regler?type=NPR_ORD&alvor=1&aar=1999"),
        ["regel"] = (null, "/meldingstyper/regler/NPR-EPI-002"),
        ["regel-lesing"] = (null, "/meldingstyper/regler/STR-006"),
        ["proving"] = (PortalSite.VendorId, "/proving"),
        ["proving-tomt"] = (PortalSite.StaffId, "/proving?type=Basismelding&utfall=avvist"),
        ["prov"] = (PortalSite.SenderId, "/meldingstyper/HST_Konsultasjon/1/prov"),
        ["tilbakemeldinger"] = (PortalSite.StaffId, "/tilbakemeldinger"),
        ["tilbakemeldinger-feil"] = (PortalSite.StaffId, "/tilbakemeldinger?enhet=12"),
        ["tilbakemeldinger-avsender"] = (PortalSite.SenderId, "/tilbakemeldinger"),
        ["tilbakemelding"] = (PortalSite.SenderId, $"/tilbakemeldinger/{site?.Feedback.Own}"),
        ["tilbakemelding-uleverbar"] = (PortalSite.SenderId, $"/tilbakemeldinger/{site?.Feedback.Undeliverable}"),
        ["funn"] = (PortalSite.StaffId, "/funn"),
        ["mine-funn"] = (PortalSite.SenderId, "/funn"),
        ["kontroll"] = (PortalSite.StaffId, $"/funn/kontroll/{SyntheticFindings.CheckId}"),
        ["funnet"] = (PortalSite.SenderId, $"/funn/{site?.Findings.Own}"),
        ["leverandorer"] = (PortalSite.StaffId, "/leverandorer"),
        ["mine-fagsystemer"] = (PortalSite.VendorId, "/leverandorer"),
        ["fagsystem"] = (PortalSite.StaffId, VendorTests.Product + "&aar=2026"),
        ["fagsystem-tomt"] = (PortalSite.VendorId, "/leverandorer/fagsystem"),
        ["oppfolging"] = (PortalSite.StaffId, "/oppfolging"),
        ["kontaktliste"] = (PortalSite.StaffId, "/oppfolging/kontakt"),
        ["kontaktliste-tomt"] = (PortalSite.StaffId, "/oppfolging/kontakt?hvem=meg&stand=gjort"),
        ["kontakt"] = (PortalSite.StaffId, $"/oppfolging/kontakt/{SyntheticDay.OtherUnit}"),
        ["landet"] = (PortalSite.StaffId, "/oppfolging/landet"),
        ["landet-fylke"] = (PortalSite.StaffId, "/oppfolging/landet?fylke=11"),
        ["landet-tomt"] = (PortalSite.StaffId, "/oppfolging/landet?type=finnes-ikke"),
        ["kalender"] = (PortalSite.StaffId, "/oppfolging/kalender"),
        ["sene"] = (PortalSite.StaffId, "/oppfolging/sene"),
        ["par"] = (PortalSite.StaffId, "/oppfolging/par"),
        ["feilstatistikk"] = (PortalSite.StaffId, "/oppfolging/feil"),
        ["utboks"] = (PortalSite.StaffId, "/oppfolging/utboks"),
        ["forbehold"] = (PortalSite.StaffId, "/oppfolging/forbehold"),
        ["reservasjoner"] = (PortalSite.StaffId, "/oppfolging/reservasjoner"),
        ["reservasjoner-vist"] = (PortalSite.StaffId, "/oppfolging/reservasjoner?register=Kpr&dag=2026-01-01"),
        ["kvalitet"] = (PortalSite.StaffId, "/kvalitet?omrade=Kpr-HST&ar=2026"),
        ["kvalitet-avsender"] = (PortalSite.SenderId, "/kvalitet?omrade=Kpr-BASIS&ar=2026"),
        ["revisjon"] = (PortalSite.AuditorId, "/revisjon"),
        ["revisjon-feil"] = (PortalSite.AuditorId, "/revisjon?fra=2026-03-02&til=2026-03-01"),
        ["innlogging-avbrutt"] = (null, "/logg-inn/avbrutt"),
        ["403"] = (PortalSite.SenderId, "/revisjon"),
        ["404"] = (null, "/finnes-ikke"),
        ["500"] = (null, "/feiler"),
    };
}
